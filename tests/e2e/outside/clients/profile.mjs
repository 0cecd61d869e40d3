// Role credentials by the SDK's own SSO provider, from a profile and the cached token of a login.
//
// Says the keys as JSON, in the words of the portal API.

const { fromSSO } = require('@aws-sdk/credential-providers');

console.log(JSON.stringify(await fromSSO({ profile: 'dev' })()));
