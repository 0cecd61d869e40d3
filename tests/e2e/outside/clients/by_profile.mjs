// A person's script, which gives the SDK only the name of a profile.

import assert from 'node:assert/strict';

const { fromIni, fromNodeProviderChain, fromSSO } = require('@aws-sdk/credential-providers');
const { S3 } = require('@aws-sdk/client-s3');
const { STS } = require('@aws-sdk/client-sts');

const profile = 'dev';
const arns = [];
for (const credentials of [
  fromSSO({ profile }), fromIni({ profile }), fromNodeProviderChain({ profile }),
]) {
  arns.push((await new STS({ credentials }).getCallerIdentity()).Arn);
}
process.env.AWS_PROFILE = profile;
arns.push((await new STS().getCallerIdentity()).Arn);
assert.equal(new Set(arns).size, 1, arns);
assert.deepEqual((await new S3({ profile }).listBuckets()).Buckets ?? [], []);
console.log(arns[0]);
