// The browser's part of take.sh: signs in as alice and takes the pictures.

import { fileURLToPath } from 'node:url';
import { launch, totp } from '../../tests/parts/browser.mjs';

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 860, height: 470 } });
const take = async (name, options = {}) => {
  // Nothing has the focus in a picture.
  await page.evaluate(() => document.activeElement?.blur());
  await page.screenshot({ path: fileURLToPath(new URL(name, import.meta.url)), ...options });
};

await page.goto(process.env.PORTAL);
await page.getByRole('textbox', { name: 'Username' }).fill('alice');
await page.getByLabel('Password', { exact: true }).fill(process.env.PASSWORD);
await page.getByRole('button', { name: 'Sign in' }).click();
await page.getByLabel('New password').fill('Plenty-of-Birds-19');
await page.getByLabel('Confirm password').fill('Plenty-of-Birds-19');
await page.getByRole('button', { name: 'Set password' }).click();
const key = await page.getByLabel('Or type this key', { exact: true }).textContent();
await page.getByLabel('MFA code').fill(totp(key));
await page.getByRole('button', { name: 'Register' }).click();
await page.getByRole('heading', { name: 'Access portal' }).waitFor();
await page.evaluate(() => {
  document.querySelectorAll('details').forEach((account, number) => (account.open = number === 0));
});
await take('portal.png');
await page.getByRole('link', { name: 'Access keys' }).first().click();
await page.waitForLoadState();
await page.setViewportSize({ width: 860, height: 620 });
await take('access-keys.png');
await browser.close();
