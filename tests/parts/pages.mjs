// Checks of pages in a browser. The walks through the pages are in tests/e2e/outside/pages.rs.

import { violations } from './browser.mjs';

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
// WCAG 2.2, 1.4.10 (reflow): 1280 pixels at four times the size.
const NARROW = { width: 320, height: 640 };

/** The paths that any page of this process has navigated to. */
const opened = new Set();

/** The paths of a list, separated by spaces, that no page has navigated to. */
export function notOpened(paths) {
  return paths.split(' ').filter((path) => path && !opened.has(path));
}

/** A page in a new browser context, which adds errors of pages to `faults`. */
export async function visitor(browser, faults, options = {}) {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  const page = await context.newPage();
  page.on('request', (request) => {
    if (request.isNavigationRequest()) opened.add(new URL(request.url()).pathname);
  });
  // Violations of the Content-Security-Policy are reported on the console.
  page.on('console', (message) => {
    const isStatus = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isStatus) faults.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error}`));
  return page;
}

/** Checks the open page, on a desktop and on a phone, in light and in dark. */
export async function look(page, faults) {
  const where = `${new URL(page.url()).pathname} «${await page.title()}»`;
  const say = (fault) => faults.push(`${where}: ${fault}`);
  const facts = await page.evaluate(() => ({
    headings: document.querySelectorAll('h1').length,
    mains: document.querySelectorAll('main').length,
    language: document.documentElement.lang,
    unnamedRegions: document.querySelectorAll('nav:not([aria-label])').length,
  }));
  const expected = { headings: 1, mains: 1, language: 'en', unnamedRegions: 0 };
  if (JSON.stringify(facts) !== JSON.stringify(expected)) say(JSON.stringify(facts));
  if (!/^[^·]+ · Portico$/.test(await page.title())) say('its title');
  for (const [size, scheme] of [[WIDE, 'light'], [PHONE, 'light'], [PHONE, 'dark']]) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: scheme });
    for (const found of await violations(page)) {
      say(`${size.width} ${scheme}: ${found.id} at ${found.nodes.map((node) => node.target)}`);
    }
  }
  for (const size of [WIDE, PHONE, NARROW]) {
    await page.setViewportSize(size);
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (beyond > 0) say(`${size.width}: ${beyond} pixels too wide`);
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Signs in on the open page. */
export async function signIn(page, name, password) {
  await page.getByRole('textbox', { name: 'Username' }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForLoadState();
}
