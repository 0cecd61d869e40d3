// A person's calls with the AWS SDK for JavaScript: sso-oidc, sso, sts, s3, and the end of the
// session.
//
// The task is JSON in the environment: first `{"startUrl"}`, to request a device code; then, after the
// person has approved the code, the output of the first part and that of the operator.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';

const oidcSdk = require('@aws-sdk/client-sso-oidc');
const portal = require('@aws-sdk/client-sso');
const objects = require('@aws-sdk/client-s3');
const identity = require('@aws-sdk/client-identitystore');
const { STS } = require('@aws-sdk/client-sts');
const { Upload } = require('@aws-sdk/lib-storage');
const { getSignedUrl } = require('@aws-sdk/s3-request-presigner');

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';
const MIB = 1024 * 1024;

const oidc = new oidcSdk.SSOOIDC();

/** The exception of a call, which must be of this class of the SDK. */
async function refusal(exception, call) {
  const raised = await call.then(() => assert.fail('it was not refused'), (error) => error);
  assert.equal(raised.constructor, exception, raised);
  return raised;
}

async function askForADeviceCode(startUrl) {
  const { clientId, clientSecret } = await oidc.registerClient({
    clientName: 'JavaScript',
    clientType: 'public',
    scopes: ['sso:account:access'],
    grantTypes: [DEVICE_CODE, 'refresh_token'],
  });
  const known = { clientId, clientSecret };
  const device = await oidc.startDeviceAuthorization({ ...known, startUrl });
  const question = { ...known, grantType: DEVICE_CODE, deviceCode: device.deviceCode };
  const pending = await refusal(
    oidcSdk.AuthorizationPendingException, oidc.createToken(question),
  );
  assert.equal(pending.error, 'authorization_pending');
  assert(pending.error_description);
  const stranger = { ...question, clientSecret: 'guess' };
  const wrong = await refusal(oidcSdk.InvalidClientException, oidc.createToken(stranger));
  assert.equal(wrong.error, 'invalid_client');
  return { question, link: device.verificationUriComplete, userCode: device.userCode };
}

/** Asks for the token again if the first request came before the interval was over. */
async function takeTokens(question) {
  for (let times = 0; times < 20_000; times += 1) {
    try {
      return await oidc.createToken(question);
    } catch (error) {
      if (!(error instanceof oidcSdk.SlowDownException)) throw error;
    }
  }
  assert.fail('it is always too soon');
}

/** Keys of each role of the person. */
async function chooseRoles(sso, accessToken, task) {
  const accounts = [];
  for await (const page of portal.paginateListAccounts({ client: sso, pageSize: 1 }, { accessToken })) {
    accounts.push(page.accountList.map((account) => account.accountId));
  }
  const wanted = [[task.management, 'AdministratorAccess'], [task.storage, 'Viewer']];
  assert.equal(accounts.length, 2);
  assert.deepEqual(accounts.flat().sort(), [task.management, task.storage].sort());
  const keys = [];
  for (const [accountId, roleName] of wanted) {
    const roles = [];
    const input = { accessToken, accountId };
    for await (const page of portal.paginateListAccountRoles({ client: sso }, input)) {
      roles.push(...page.roleList);
    }
    assert.deepEqual(roles, [{ roleName, accountId }]);
    keys.push((await sso.getRoleCredentials({ ...input, roleName })).roleCredentials);
  }
  return keys;
}

/** The options of a client with these keys. */
const settings = ({ accessKeyId, secretAccessKey, sessionToken }) => ({
  credentials: { accessKeyId, secretAccessKey, sessionToken },
});

async function useObjects(s3) {
  const Bucket = 'letters';
  await s3.createBucket({ Bucket });
  await s3.headBucket({ Bucket });
  const { Buckets } = await s3.listBuckets();
  assert.deepEqual(Buckets.map((one) => one.Name), [Bucket]);
  assert(Buckets[0].CreationDate instanceof Date);

  const text = 'Dear reader,\n';
  const put = await s3.putObject({
    Bucket, Key: 'in/one.txt', Body: text, ContentType: 'text/plain', Metadata: { by: 'alice' },
  });
  assert(put.ChecksumCRC32, 'the SDK sent its default checksum');
  const got = await s3.getObject({ Bucket, Key: 'in/one.txt', ChecksumMode: 'ENABLED' });
  assert.equal(got.ChecksumCRC32, put.ChecksumCRC32);
  assert.deepEqual([got.ContentType, got.Metadata], ['text/plain', { by: 'alice' }]);
  assert.equal(await got.Body.transformToString(), text);
  const part = await s3.getObject({ Bucket, Key: 'in/one.txt', Range: 'bytes=5-10' });
  assert.equal(await part.Body.transformToString(), 'reader');
  assert.equal(part.ContentRange, 'bytes 5-10/13');

  const bytes = randomBytes(300_000);
  await writeFile('stream', bytes);
  await s3.putObject({
    Bucket, Key: 'in/stream', Body: createReadStream('stream'), ChecksumAlgorithm: 'SHA256',
  });
  const back = await s3.getObject({ Bucket, Key: 'in/stream' });
  assert(bytes.equals(await back.Body.transformToByteArray()));

  await s3.copyObject({ Bucket, Key: 'out/one.txt', CopySource: 'letters/in/one.txt' });
  const keys = [];
  for await (const page of objects.paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket })) {
    keys.push(page.Contents.map((one) => one.Key));
  }
  assert.deepEqual(keys, [['in/one.txt', 'in/stream'], ['out/one.txt']]);
  const folders = await s3.listObjectsV2({ Bucket, Delimiter: '/' });
  assert.deepEqual(folders.CommonPrefixes.map((one) => one.Prefix), ['in/', 'out/']);

  const one = { Bucket, Key: 'out/one.txt' };
  const reading = await getSignedUrl(s3, new objects.GetObjectCommand(one), { expiresIn: 60 });
  assert.equal(await (await fetch(reading)).text(), text);
  const two = { Bucket, Key: 'out/two.txt' };
  const writing = await getSignedUrl(s3, new objects.PutObjectCommand(two), { expiresIn: 60 });
  const written = await fetch(writing, { method: 'PUT', body: 'By link\n' });
  assert.equal(written.status, 200, await written.text());
  assert.equal(await (await s3.getObject(two)).Body.transformToString(), 'By link\n');

  await refusal(objects.NoSuchKey, s3.getObject({ Bucket, Key: 'in/none' }));
  await refusal(objects.NoSuchBucket, s3.listObjectsV2({ Bucket: 'no-letters' }));
}

/** Uploads a stream of unknown length in parts, and copies the parts concurrently. */
async function useMultipart(s3) {
  const [Bucket, Key] = ['letters', 'large'];
  const bytes = randomBytes(11 * MIB + 1);
  const Body = Readable.from((function* () {
    for (let from = 0; from < bytes.length; from += MIB) yield bytes.subarray(from, from + MIB);
  })());
  await new Upload({ client: s3, params: { Bucket, Key, Body }, partSize: 5 * MIB }).done();
  const head = await s3.headObject({ Bucket, Key });
  assert.equal(head.ContentLength, bytes.length);
  assert.match(head.ETag, /-3"$/);

  const copy = { Bucket, Key: 'large.copy' };
  const { UploadId } = await s3.createMultipartUpload(copy);
  const ranges = ['bytes=0-8388607', `bytes=8388608-${bytes.length - 1}`];
  const Parts = await Promise.all(ranges.map(async (CopySourceRange, index) => {
    const PartNumber = index + 1;
    const copied = await s3.uploadPartCopy({
      ...copy, UploadId, PartNumber, CopySource: 'letters/large', CopySourceRange,
    });
    return { PartNumber, ETag: copied.CopyPartResult.ETag };
  }));
  const listed = await s3.listParts({ ...copy, UploadId });
  assert.deepEqual(listed.Parts.map((part) => part.ETag), Parts.map((part) => part.ETag));
  await s3.completeMultipartUpload({ ...copy, UploadId, MultipartUpload: { Parts } });
  const back = await s3.getObject(copy);
  assert(bytes.equals(await back.Body.transformToByteArray()));

  const given = await s3.createMultipartUpload(copy);
  await s3.abortMultipartUpload({ ...copy, UploadId: given.UploadId });
  assert.equal((await s3.listMultipartUploads({ Bucket })).Uploads, undefined);
}

/** Calls in another account, with a role that may only read. */
async function beRefusedAsViewer(viewer, IdentityStoreId) {
  const s3 = new objects.S3(viewer);
  assert.deepEqual((await s3.listBuckets()).Buckets ?? [], []);
  const denied = (call) => assert.rejects(call, { name: 'AccessDenied' });
  await denied(s3.createBucket({ Bucket: 'not-mine' }));
  await denied(s3.getObject({ Bucket: 'letters', Key: 'in/one.txt' }));
  const group = { IdentityStoreId, DisplayName: 'Mine' };
  const refused = await refusal(
    identity.AccessDeniedException, new identity.Identitystore(viewer).createGroup(group),
  );
  assert.match(refused.message, /identitystore:CreateGroup/);
}

async function clearAway(s3) {
  const Bucket = 'letters';
  await assert.rejects(s3.deleteBucket({ Bucket }), { name: 'BucketNotEmpty' });
  await s3.deleteObject({ Bucket, Key: 'large' });
  const { Contents } = await s3.listObjectsV2({ Bucket });
  const Objects = Contents.map(({ Key }) => ({ Key }));
  const { Deleted } = await s3.deleteObjects({ Bucket, Delete: { Objects } });
  assert.equal(Deleted.length, 5);
  await s3.deleteBucket({ Bucket });
}

async function beSomebody(task) {
  const { tokenType, accessToken, refreshToken } = await takeTokens(task.question);
  assert.equal(tokenType, 'Bearer');
  const sso = new portal.SSO();
  const [administrator, viewer] = await chooseRoles(sso, accessToken, task);

  const sts = new STS(settings(administrator));
  const caller = await sts.getCallerIdentity();
  assert.equal(caller.Account, task.management);
  assert.match(
    caller.Arn, /:assumed-role\/AWSReservedSSO_AdministratorAccess_[0-9a-f]{16}\/alice$/,
  );
  const s3 = new objects.S3(settings(administrator));
  await useObjects(s3);
  await useMultipart(s3);
  await beRefusedAsViewer(settings(viewer), task.store);
  await clearAway(s3);

  // The end of the session revokes its tokens and the keys that they gave.
  await sso.logout({ accessToken });
  const asked = { accountId: task.management, roleName: 'AdministratorAccess', accessToken };
  const ended = await refusal(portal.UnauthorizedException, sso.getRoleCredentials(asked));
  assert(ended.message);
  const { clientId, clientSecret } = task.question;
  const refresh = { clientId, clientSecret, grantType: 'refresh_token', refreshToken };
  const late = await refusal(oidcSdk.InvalidGrantException, oidc.createToken(refresh));
  assert.equal(late.error, 'invalid_grant');
  await assert.rejects(sts.getCallerIdentity(), { name: 'InvalidClientTokenId' });
}

const task = JSON.parse(process.env.TASK);
if (task.question) await beSomebody(task);
else console.log(JSON.stringify(await askForADeviceCode(task.startUrl)));
