// Role credentials by the SDK's own SSO provider, from a profile and the cached token of a login.
//
// Prints the keys as JSON, with the member names of the portal API.

const { fromSSO } = require('@aws-sdk/credential-providers');

console.log(JSON.stringify(await fromSSO({ profile: 'dev' })()));
