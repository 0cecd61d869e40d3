// oidc-provider with one client and rotating refresh tokens, for `cargo xtask bench`.
//
//   node oidc-provider.mjs NODE_MODULES PORT
//
// GET /mint makes a refresh token; POST /token exchanges it. Everything is in memory.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import http from 'node:http';

const [, , modules, port] = process.argv;
const file = createRequire(`${modules}/`).resolve('oidc-provider');
const { Provider } = await import(pathToFileURL(file));

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'bench',
    client_secret: 'bench-secret',
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: ['http://127.0.0.1/callback'],
  }],
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  rotateRefreshToken: true,
});
const answer = provider.callback();

async function mint() {
  const client = await provider.Client.find('bench');
  const grant = new provider.Grant({ accountId: 'anne', clientId: 'bench' });
  grant.addOIDCScope('offline_access');
  const grantId = await grant.save();
  const scope = 'offline_access';
  const token = new provider.RefreshToken({
    accountId: 'anne', client, grantId, gty: 'authorization_code', scope,
  });
  return token.save();
}

http.createServer(async (request, response) => {
  if (request.url !== '/mint') return answer(request, response);
  response.end(await mint());
}).listen(Number(port), '127.0.0.1', () => console.log(`ready http://127.0.0.1:${port}`));
