//! What the Content-Security-Policy of pages lets Chromium load.

use super::pages::walk;
use crate::support::{Home, Portico};

/// Objects of S3 may lie under the host of the pages. Text that was not escaped could name them.
#[test]
fn a_page_loads_its_own_files_and_no_object() {
    let portico = Portico::sandbox();
    walk(
        Home::of(&portico),
        &portico,
        "const page = await browser.newPage();
        const own = [];
        page.on('response', (answer) => own.push(`${answer.status()} ${new URL(answer.url()).pathname}`));
        await page.goto(url + '/signed-out');
        await page.waitForLoadState('networkidle');
        for (const end of ['.css', '.js']) {
          if (!own.some((answer) => answer.startsWith('200 /assets/') && answer.endsWith(end))) faults.push(`no ${end}: ${own}`);
        }
        const shown = () => page.evaluate(() => [document.styleSheets.length, getComputedStyle(document.querySelector('h1')).fontSize].join());
        const styled = await shown();
        if (!styled.startsWith('1,') || styled === '1,32px') faults.push(`no style sheet: ${styled}`);
        // The file comes from the cache, and the nonce is another one.
        const nonce = () => page.evaluate(() => document.querySelector('link[rel=stylesheet]').nonce);
        const first = await nonce();
        await page.reload();
        await page.goto(url + '/sign-in');
        const fetched = await page.evaluate(() => {
          const files = performance.getEntriesByType('resource').filter((file) => file.name.endsWith('.css'));
          return files.map((file) => file.transferSize).join();
        });
        if (fetched !== '0') faults.push(`the style sheet was fetched again: ${fetched}`);
        await page.goBack();
        if ((await shown()) !== styled) faults.push(`another look: ${await shown()}`);
        if (!first || (await nonce()) === first) faults.push(`the nonce of the first answer: ${first}`);
        const refused = await page.evaluate(async () => {
          const refusals = [];
          const heard = (event) => refusals.push(`${event.effectiveDirective} ${event.blockedURI === 'inline' ? 'inline' : new URL(event.blockedURI, location).pathname}`);
          document.addEventListener('securitypolicyviolation', heard);
          const style = document.querySelector('link[rel=stylesheet]').getAttribute('href');
          const script = document.querySelector('script').getAttribute('src');
          const add = (tag, attributes) => new Promise((done) => {
            const element = Object.assign(document.createElement(tag), attributes);
            element.onload = () => { refusals.push(`loaded ${JSON.stringify(attributes)}`); done(); };
            element.onerror = done;
            document.head.append(element);
          });
          for (const src of ['/bucket/a.js', '/assets/portico-a.js', script]) await add('script', { src });
          for (const href of ['/bucket/a.css', '/assets/a.css', style]) await add('link', { rel: 'stylesheet', href });
          await add('link', { rel: 'stylesheet', href: style, nonce: 'AAAAAAAAAAAAAAAAAAAAAA==' });
          document.head.append(Object.assign(document.createElement('style'), { textContent: 'h1 { display: none }' }));
          await add('img', { src: '/bucket/a.png' });
          // A blocked object has no event of its own.
          const told = new Promise((done) => document.addEventListener('securitypolicyviolation', done));
          document.body.append(Object.assign(document.createElement('object'), { data: '/bucket/a.html' }));
          await told;
          return refusals.map((one) => one.replace(script, 'its own script, without its hash').replace(style, 'its own style sheet, without its nonce'));
        });
        const expected = [
          'script-src-elem /bucket/a.js', 'script-src-elem /assets/portico-a.js',
          'script-src-elem its own script, without its hash',
          'style-src-elem /bucket/a.css', 'style-src-elem /assets/a.css',
          'style-src-elem its own style sheet, without its nonce',
          'style-src-elem its own style sheet, without its nonce', 'style-src-elem inline',
          'img-src /bucket/a.png', 'object-src /bucket/a.html',
        ];
        if (JSON.stringify(refused) !== JSON.stringify(expected)) faults.push(...refused);",
    );
}
