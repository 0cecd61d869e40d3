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
        const isStyled = await page.evaluate(() => document.styleSheets.length === 1);
        if (!isStyled) faults.push('no style sheet');
        const refused = await page.evaluate(async () => {
          const refusals = [];
          const heard = (event) => refusals.push(`${event.effectiveDirective} ${new URL(event.blockedURI, location).pathname}`);
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
          for (const href of ['/bucket/a.css', '/assets/a.css', style + '/a']) await add('link', { rel: 'stylesheet', href });
          await add('img', { src: '/bucket/a.png' });
          // A blocked object has no event of its own.
          const told = new Promise((done) => document.addEventListener('securitypolicyviolation', done));
          document.body.append(Object.assign(document.createElement('object'), { data: '/bucket/a.html' }));
          await told;
          return refusals.map((one) => one.replace(script, 'its own script, without its hash').replace(style, 'its own style sheet'));
        });
        const expected = [
          'script-src-elem /bucket/a.js', 'script-src-elem /assets/portico-a.js',
          'script-src-elem its own script, without its hash',
          'style-src-elem /bucket/a.css', 'style-src-elem /assets/a.css', 'style-src-elem its own style sheet/a',
          'img-src /bucket/a.png', 'object-src /bucket/a.html',
        ];
        if (JSON.stringify(refused) !== JSON.stringify(expected)) faults.push(...refused);",
    );
}
