// The operator's calls with the AWS SDK for JavaScript: sso-admin, organizations, identitystore.
//
// Prints at the end, as JSON, the identifiers that the person's part needs.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

const admin = require('@aws-sdk/client-sso-admin');
const accounts = require('@aws-sdk/client-organizations');
const identity = require('@aws-sdk/client-identitystore');

const ssoAdmin = new admin.SSOAdmin();
const organizations = new accounts.Organizations();
const identitystore = new identity.Identitystore();

/** All items from a paginator of the SDK, one list per page. */
async function pages(paginate, client, member, input, pageSize) {
  const found = [];
  // The SDK's paginators modify their input.
  const pages = paginate({ client, pageSize }, { ...input });
  for await (const page of pages) found.push(page[member] ?? []);
  return found;
}

const every = async (...asked) => (await pages(...asked)).flat();

/** Asks for the status of a job until the job has ended. */
async function untilDone(look, state) {
  for (let question = 0; question < 20_000; question += 1) {
    const status = await look();
    if (status[state] !== 'IN_PROGRESS') {
      assert.equal(status[state], 'SUCCEEDED', JSON.stringify(status));
      return status;
    }
  }
  assert.fail('the work does not end');
}

/** The exception of a call, which must be of this class of the SDK. */
async function refusal(exception, call) {
  const raised = await call.then(() => assert.fail('it was not refused'), (error) => error);
  assert.equal(raised.constructor, exception, raised);
  return raised;
}

async function enableInstance() {
  const list = () => every(admin.paginateListInstances, ssoAdmin, 'Instances', {});
  assert.deepEqual(await list(), []);
  const Tags = [{ Key: 'stage', Value: 'test' }];
  const { InstanceArn } = await ssoAdmin.createInstance({ Name: 'centre', Tags });
  const [listed] = await list();
  const described = await ssoAdmin.describeInstance({ InstanceArn });
  for (const shown of [listed, described]) {
    assert.equal(shown.InstanceArn, InstanceArn);
    assert.equal(shown.Name, 'centre');
    assert.equal(shown.Status, 'ACTIVE');
    assert(shown.CreatedDate instanceof Date);
  }
  assert.equal(described.IdentityStoreId, listed.IdentityStoreId);
  return [InstanceArn, listed.IdentityStoreId];
}

async function makePermissionSets(InstanceArn) {
  const of = { InstanceArn };
  const { PermissionSet: made } = await ssoAdmin.createPermissionSet({
    ...of,
    Name: 'AdministratorAccess',
    Description: 'May do everything',
    SessionDuration: 'PT2H',
    RelayState: 'https://example.com/console',
    Tags: [{ Key: 'team', Value: 'platform' }],
  });
  const administrator = { ...of, PermissionSetArn: made.PermissionSetArn };
  const describe = async () => (await ssoAdmin.describePermissionSet(administrator)).PermissionSet;
  assert.deepEqual(await describe(), made);
  assert.equal(made.SessionDuration, 'PT2H');
  await ssoAdmin.updatePermissionSet({ ...administrator, Description: 'All of it' });
  assert.equal((await describe()).Description, 'All of it');

  const everything = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const reading = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  for (const ManagedPolicyArn of [everything, reading]) {
    await ssoAdmin.attachManagedPolicyToPermissionSet({ ...administrator, ManagedPolicyArn });
  }
  const policies = await pages(
    admin.paginateListManagedPoliciesInPermissionSet, ssoAdmin, 'AttachedManagedPolicies',
    administrator, 1,
  );
  const arns = policies.map((page) => page.map((policy) => policy.Arn));
  assert.deepEqual(arns, [[everything], [reading]]);
  await ssoAdmin.detachManagedPolicyFromPermissionSet({
    ...administrator, ManagedPolicyArn: reading,
  });

  const statement = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
  const policy = { Version: '2012-10-17', Statement: [statement] };
  const InlinePolicy = JSON.stringify(policy);
  await ssoAdmin.putInlinePolicyToPermissionSet({ ...administrator, InlinePolicy });
  const kept = await ssoAdmin.getInlinePolicyForPermissionSet(administrator);
  assert.deepEqual(JSON.parse(kept.InlinePolicy), policy);
  await ssoAdmin.deleteInlinePolicyFromPermissionSet(administrator);

  const tagged = { ...of, ResourceArn: made.PermissionSetArn };
  const tags = async () => {
    const list = await every(admin.paginateListTagsForResource, ssoAdmin, 'Tags', tagged);
    return Object.fromEntries(list.map((tag) => [tag.Key, tag.Value]));
  };
  await ssoAdmin.tagResource({ ...tagged, Tags: [{ Key: 'cost', Value: 'low' }] });
  assert.deepEqual(await tags(), { cost: 'low', team: 'platform' });
  await ssoAdmin.untagResource({ ...tagged, TagKeys: ['cost'] });
  assert.deepEqual(await tags(), { team: 'platform' });

  const { PermissionSet: viewer } = await ssoAdmin.createPermissionSet({ ...of, Name: 'Viewer' });
  await ssoAdmin.attachManagedPolicyToPermissionSet({
    ...of,
    PermissionSetArn: viewer.PermissionSetArn,
    ManagedPolicyArn: 'arn:aws:iam::aws:policy/job-function/ViewOnlyAccess',
  });
  const sets = [made.PermissionSetArn, viewer.PermissionSetArn];
  const listed = await pages(admin.paginateListPermissionSets, ssoAdmin, 'PermissionSets', of, 1);
  assert.equal(listed.length, 2);
  assert.deepEqual(listed.flat().sort(), sets.toSorted());
  return sets;
}

async function beRefusedBySsoAdmin(InstanceArn) {
  const create = (Name) => ssoAdmin.createPermissionSet({ InstanceArn, Name });
  const taken = await refusal(admin.ConflictException, create('Viewer'));
  assert.equal(taken.name, 'ConflictException');
  assert.equal(taken.$metadata.httpStatusCode, 400);
  assert(taken.message);
  const invalid = await refusal(admin.ValidationException, create('x'.repeat(33)));
  assert.match(invalid.message, /Name/);
  const sets = InstanceArn.replace(':instance/', ':permissionSet/');
  const PermissionSetArn = `${sets}/ps-0123456789abcdef`;
  await refusal(
    admin.ResourceNotFoundException,
    ssoAdmin.describePermissionSet({ InstanceArn, PermissionSetArn }),
  );
}

async function makeAccount() {
  const list = (size) => pages(accounts.paginateListAccounts, organizations, 'Accounts', {}, size);
  const [[management, ...others]] = await list();
  assert.deepEqual(others, []);
  const { CreateAccountStatus: begun } = await organizations.createAccount({
    AccountName: 'Storage', Email: 'storage@example.com',
  });
  const look = async (CreateAccountRequestId) =>
    (await organizations.describeCreateAccountStatus({ CreateAccountRequestId }))
      .CreateAccountStatus;
  const { AccountId } = await untilDone(() => look(begun.Id), 'State');
  const { Account: account } = await organizations.describeAccount({ AccountId });
  assert.deepEqual(
    [account.Name, account.Email, account.Status, account.JoinedMethod],
    ['Storage', 'storage@example.com', 'ACTIVE', 'CREATED'],
  );
  const ids = [management.Id, AccountId];
  const listed = await list(1);
  assert.equal(listed.length, 2);
  assert.deepEqual(listed.flat().map((one) => one.Id).sort(), ids.toSorted());

  const describe = (id) => organizations.describeAccount({ AccountId: id });
  await refusal(accounts.AccountNotFoundException, describe('000000000000'));
  await refusal(accounts.InvalidInputException, describe('twelve'));
  await refusal(accounts.CreateAccountStatusNotFoundException, look(`car-${'0'.repeat(32)}`));
  return ids;
}

async function makePeople(IdentityStoreId) {
  const of = { IdentityStoreId };
  const { UserId: alice } = await identitystore.createUser({
    ...of,
    UserName: 'alice',
    DisplayName: 'Alice Example',
    Name: { GivenName: 'Alice', FamilyName: 'Example' },
    Emails: [{ Value: 'alice@example.com', Type: 'work', Primary: true }],
  });
  const others = ['person-0', 'person-1', 'person-2', 'person-3'];
  for (const UserName of others) {
    const Name = { GivenName: UserName, FamilyName: 'Example' };
    await identitystore.createUser({ ...of, UserName, DisplayName: UserName, Name });
  }
  const people = await pages(identity.paginateListUsers, identitystore, 'Users', of, 2);
  assert.deepEqual(people.map((page) => page.length), [2, 2, 1]);
  assert.deepEqual(people.flat().map((one) => one.UserName).sort(), ['alice', ...others]);

  const unique = { userName: 'ALICE', 'emails.value': 'alice@example.com' };
  for (const [AttributePath, AttributeValue] of Object.entries(unique)) {
    const AlternateIdentifier = { UniqueAttribute: { AttributePath, AttributeValue } };
    const found = await identitystore.getUserId({ ...of, AlternateIdentifier });
    assert.equal(found.UserId, alice);
  }

  const user = { ...of, UserId: alice };
  const update = (...Operations) => identitystore.updateUser({ ...user, Operations });
  await update(
    { AttributePath: 'title', AttributeValue: 'Engineer' },
    { AttributePath: 'name.givenName', AttributeValue: 'Alicia' },
    { AttributePath: 'addresses', AttributeValue: [{ Locality: 'Lyon' }] },
  );
  const described = await identitystore.describeUser(user);
  assert.equal(described.Title, 'Engineer');
  assert.deepEqual(described.Name, { GivenName: 'Alicia', FamilyName: 'Example' });
  assert.deepEqual(described.Addresses, [{ Locality: 'Lyon' }]);
  await update({ AttributePath: 'title' });
  assert.equal((await identitystore.describeUser(user)).Title, undefined);

  const create = async (DisplayName) =>
    (await identitystore.createGroup({ ...of, DisplayName })).GroupId;
  const [platform, empty] = [await create('Platform'), await create('Nobody')];
  const groups = await every(identity.paginateListGroups, identitystore, 'Groups', of, 1);
  assert.deepEqual(groups.map((one) => one.DisplayName).sort(), ['Nobody', 'Platform']);
  const MemberId = { UserId: alice };
  const joining = { ...of, GroupId: platform, MemberId };
  const joined = await identitystore.createGroupMembership(joining);
  const asked = await identitystore.getGroupMembershipId(joining);
  assert.equal(asked.MembershipId, joined.MembershipId);
  const { Results } = await identitystore.isMemberInGroups({
    ...of, MemberId, GroupIds: [platform, empty],
  });
  const held = Object.fromEntries(Results.map((one) => [one.GroupId, one.MembershipExists]));
  assert.deepEqual(held, { [platform]: true, [empty]: false });
  for (const [paginate, input] of [
    [identity.paginateListGroupMemberships, { ...of, GroupId: platform }],
    [identity.paginateListGroupMembershipsForMember, { ...of, MemberId }],
  ]) {
    const found = await every(paginate, identitystore, 'GroupMemberships', input);
    assert.deepEqual(found.map((one) => [one.GroupId, one.MemberId]), [[platform, MemberId]]);
  }
  return [alice, platform];
}

async function beRefusedByIdentitystore(IdentityStoreId) {
  const person = { DisplayName: 'A', Name: { GivenName: 'A', FamilyName: 'B' } };
  const create = (UserName) => identitystore.createUser({ IdentityStoreId, UserName, ...person });
  const taken = await refusal(identity.ConflictException, create('Alice'));
  assert.equal(taken.Reason, 'UNIQUENESS_CONSTRAINT_VIOLATION');
  assert.equal(taken.RequestId, taken.$metadata.requestId);
  const nobody = randomUUID();
  const missing = await refusal(
    identity.ResourceNotFoundException,
    identitystore.describeUser({ IdentityStoreId, UserId: nobody }),
  );
  assert.deepEqual([missing.ResourceType, missing.ResourceId], ['USER', nobody]);
  const invalid = await refusal(identity.ValidationException, create('x'.repeat(129)));
  assert.match(invalid.message, /UserName/);
}

async function assign(InstanceArn, PermissionSetArn, PrincipalType, PrincipalId, account) {
  const of = { InstanceArn };
  const wanted = { PermissionSetArn, PrincipalType, PrincipalId };
  const { AccountAssignmentCreationStatus: begun } = await ssoAdmin.createAccountAssignment({
    ...of, ...wanted, TargetType: 'AWS_ACCOUNT', TargetId: account,
  });
  const AccountAssignmentCreationRequestId = begun.RequestId;
  const look = async () =>
    (await ssoAdmin.describeAccountAssignmentCreationStatus({
      ...of, AccountAssignmentCreationRequestId,
    })).AccountAssignmentCreationStatus;
  const done = await untilDone(look, 'Status');
  assert.equal(done.TargetId, account);
  const statuses = await every(
    admin.paginateListAccountAssignmentCreationStatus, ssoAdmin,
    'AccountAssignmentsCreationStatus', { ...of, Filter: { Status: 'SUCCEEDED' } },
  );
  assert(statuses.some((status) => status.RequestId === begun.RequestId));
  const held = await every(
    admin.paginateListAccountAssignments, ssoAdmin, 'AccountAssignments',
    { ...of, AccountId: account, PermissionSetArn },
  );
  assert.deepEqual(held, [{ ...wanted, AccountId: account }]);
  const provisioned = await every(
    admin.paginateListPermissionSetsProvisionedToAccount, ssoAdmin, 'PermissionSets',
    { ...of, AccountId: account },
  );
  assert(provisioned.includes(PermissionSetArn));
  const reached = await every(
    admin.paginateListAccountsForProvisionedPermissionSet, ssoAdmin, 'AccountIds',
    { ...of, PermissionSetArn },
  );
  assert.deepEqual(reached, [account]);
}

const [instance, store] = await enableInstance();
const [administrator, viewer] = await makePermissionSets(instance);
await beRefusedBySsoAdmin(instance);
const [management, storage] = await makeAccount();
const [alice, platform] = await makePeople(store);
await beRefusedByIdentitystore(store);
await assign(instance, administrator, 'GROUP', platform, management);
await assign(instance, viewer, 'USER', alice, storage);
const held = await pages(
  admin.paginateListAccountAssignmentsForPrincipal, ssoAdmin, 'AccountAssignments',
  { InstanceArn: instance, PrincipalType: 'USER', PrincipalId: alice }, 1,
);
const reached = held.flat().map((one) => one.AccountId).sort();
assert.deepEqual(reached, [management, storage].sort());
console.log(JSON.stringify({ store, user: alice, management, storage }));
