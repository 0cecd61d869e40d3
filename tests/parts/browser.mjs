// Shared by browser tests: Chromium through playwright-core, a software security key, axe-core.
//
// Needs the variables that browser.sh prints. WebAuthn wants the host name localhost or https.

import fs from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(process.env.BROWSER_NODE_MODULES + '/');
const { chromium } = require('playwright-core');

// Chromium refuses to start as root with its sandbox.
const ARGUMENTS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-first-run'];

/** Starts a browser. Two people need two contexts: `browser.newContext()`. */
export const launch = (options = {}) =>
  chromium.launch({ executablePath: process.env.CHROMIUM, args: ARGUMENTS, ...options });

/** A virtual authenticator (resident keys, user verification) for one page. */
export async function authenticator(page, options = {}) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      ...options,
    },
  });
  return {
    credentials: async () =>
      (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    setUserVerified: (isUserVerified) =>
      cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    remove: () => cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }),
  };
}

/** The violations of WCAG 2.0 to 2.2, levels A and AA, that axe-core finds on the page. */
export async function violations(page) {
  await page.evaluate(fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  return (await page.evaluate((o) => globalThis.axe.run(document, o), { runOnly })).violations;
}
