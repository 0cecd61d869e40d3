// Shared by browser tests: Chromium through playwright-core, a software security key, axe-core.
//
// Needs the variables that browser.sh prints. WebAuthn wants the host name localhost or https.

import crypto from 'node:crypto';
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
    setCredential: async (credential) => {
      const { credentialId } = credential;
      await cdp.send('WebAuthn.removeCredential', { authenticatorId, credentialId });
      await cdp.send('WebAuthn.addCredential', { authenticatorId, credential });
    },
    setUserVerified: (isUserVerified) =>
      cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    remove: () => cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }),
  };
}

/** The code of an authenticator app with this key (base32, in groups), some steps of 30 seconds from now. RFC 6238. */
export function totp(key, steps = 0) {
  const bits = [...key.replace(/\s/g, '')]
    .map((sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + steps));
  const mac = crypto.createHmac('sha1', bytes).update(count).digest();
  const word = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(word % 1000000).padStart(6, '0');
}

/** The violations of WCAG 2.0 to 2.2, levels A and AA, that axe-core finds on the page. */
export async function violations(page) {
  await page.evaluate(fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  return (await page.evaluate((o) => globalThis.axe.run(document, o), { runOnly })).violations;
}
