"""The operator's calls with boto3: sso-admin, organizations, identitystore.

Says at the end, as JSON, what the person's part needs to know.
"""

import json
import unittest
import uuid

import boto3

check = unittest.TestCase()
check.maxDiff = None

sso_admin = boto3.client("sso-admin")
organizations = boto3.client("organizations")
identitystore = boto3.client("identitystore")


def pages(client, operation, member, size=None, **arguments):
    """All items from a paginator of the SDK, and the number of pages."""
    paging = {"PageSize": size} if size else {}
    found = client.get_paginator(operation).paginate(PaginationConfig=paging, **arguments)
    lists = [page[member] for page in found]
    return [one for several in lists for one in several], len(lists)


def every(client, operation, member, size=None, **arguments):
    return pages(client, operation, member, size, **arguments)[0]


def until_done(look, state):
    """Asks for the status of a job until the job has ended."""
    for _ in range(20_000):
        status = look()
        if status[state] != "IN_PROGRESS":
            check.assertEqual(status[state], "SUCCEEDED", status)
            return status
    raise AssertionError("the work does not end")


def refusal(exception, call, **arguments):
    """The answer to a call, which must raise this exception of the SDK."""
    with check.assertRaises(exception) as caught:
        call(**arguments)
    check.assertEqual(type(caught.exception), exception)
    return caught.exception.response


def enable_instance():
    check.assertEqual(every(sso_admin, "list_instances", "Instances"), [])
    made = sso_admin.create_instance(Name="centre", Tags=[{"Key": "stage", "Value": "test"}])
    instance = made["InstanceArn"]
    [listed] = every(sso_admin, "list_instances", "Instances")
    described = sso_admin.describe_instance(InstanceArn=instance)
    for member, wanted in {"InstanceArn": instance, "Name": "centre", "Status": "ACTIVE"}.items():
        check.assertEqual(listed[member], wanted)
        check.assertEqual(described[member], wanted)
    check.assertEqual(described["IdentityStoreId"], listed["IdentityStoreId"])
    return instance, listed["IdentityStoreId"]


def make_permission_sets(instance):
    of = {"InstanceArn": instance}
    made = sso_admin.create_permission_set(
        Name="AdministratorAccess",
        Description="May do everything",
        SessionDuration="PT2H",
        RelayState="https://example.com/console",
        Tags=[{"Key": "team", "Value": "platform"}],
        **of,
    )["PermissionSet"]
    administrator = of | {"PermissionSetArn": made["PermissionSetArn"]}
    described = sso_admin.describe_permission_set(**administrator)["PermissionSet"]
    check.assertEqual(described, made)
    check.assertEqual(described["SessionDuration"], "PT2H")
    sso_admin.update_permission_set(Description="All of it", **administrator)
    described = sso_admin.describe_permission_set(**administrator)["PermissionSet"]
    check.assertEqual(described["Description"], "All of it")

    everything = "arn:aws:iam::aws:policy/AdministratorAccess"
    reading = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    for policy in (everything, reading):
        sso_admin.attach_managed_policy_to_permission_set(ManagedPolicyArn=policy, **administrator)
    policies, count = pages(
        sso_admin, "list_managed_policies_in_permission_set", "AttachedManagedPolicies", 1,
        **administrator,
    )
    check.assertEqual(([policy["Arn"] for policy in policies], count), ([everything, reading], 2))
    sso_admin.detach_managed_policy_from_permission_set(ManagedPolicyArn=reading, **administrator)

    policy = {"Version": "2012-10-17", "Statement": []}
    policy["Statement"].append({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    inline = json.dumps(policy)
    sso_admin.put_inline_policy_to_permission_set(InlinePolicy=inline, **administrator)
    kept = sso_admin.get_inline_policy_for_permission_set(**administrator)["InlinePolicy"]
    check.assertEqual(json.loads(kept), policy)
    sso_admin.delete_inline_policy_from_permission_set(**administrator)

    tagged = of | {"ResourceArn": made["PermissionSetArn"]}
    sso_admin.tag_resource(Tags=[{"Key": "cost", "Value": "low"}], **tagged)
    tags = every(sso_admin, "list_tags_for_resource", "Tags", **tagged)
    check.assertEqual({tag["Key"]: tag["Value"] for tag in tags}, {"cost": "low", "team": "platform"})
    sso_admin.untag_resource(TagKeys=["cost"], **tagged)
    check.assertEqual(len(every(sso_admin, "list_tags_for_resource", "Tags", **tagged)), 1)

    viewer = sso_admin.create_permission_set(Name="Viewer", **of)["PermissionSet"]
    view = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
    sso_admin.attach_managed_policy_to_permission_set(
        ManagedPolicyArn=view, PermissionSetArn=viewer["PermissionSetArn"], **of
    )
    arns = [made["PermissionSetArn"], viewer["PermissionSetArn"]]
    listed, count = pages(sso_admin, "list_permission_sets", "PermissionSets", 1, **of)
    check.assertEqual((sorted(listed), count), (sorted(arns), 2))
    return arns


def be_refused_by_sso_admin(instance):
    raised, create = sso_admin.exceptions, sso_admin.create_permission_set
    taken = refusal(raised.ConflictException, create, InstanceArn=instance, Name="Viewer")
    check.assertEqual(taken["Error"]["Code"], "ConflictException")
    check.assertTrue(taken["Message"])
    invalid = refusal(raised.ValidationException, create, InstanceArn=instance, Name="x" * 33)
    check.assertIn("Name", invalid["Message"])
    refusal(
        raised.ResourceNotFoundException,
        sso_admin.describe_permission_set,
        InstanceArn=instance,
        PermissionSetArn=f"{instance.replace(':instance/', ':permissionSet/')}/ps-0123456789abcdef",
    )


def make_account():
    management, *others = every(organizations, "list_accounts", "Accounts")
    check.assertEqual(others, [])
    begun = organizations.create_account(AccountName="Storage", Email="storage@example.com")
    request = begun["CreateAccountStatus"]["Id"]
    done = until_done(
        lambda: organizations.describe_create_account_status(CreateAccountRequestId=request)[
            "CreateAccountStatus"
        ],
        "State",
    )
    account = organizations.describe_account(AccountId=done["AccountId"])["Account"]
    check.assertEqual(
        [account[member] for member in ("Name", "Email", "Status", "JoinedMethod")],
        ["Storage", "storage@example.com", "ACTIVE", "CREATED"],
    )
    listed, count = pages(organizations, "list_accounts", "Accounts", 1)
    ids = [management["Id"], account["Id"]]
    check.assertEqual((sorted(one["Id"] for one in listed), count), (sorted(ids), 2))

    raised = organizations.exceptions
    describe = organizations.describe_account
    refusal(raised.AccountNotFoundException, describe, AccountId="000000000000")
    refusal(raised.InvalidInputException, describe, AccountId="twelve")
    refusal(
        raised.CreateAccountStatusNotFoundException,
        organizations.describe_create_account_status,
        CreateAccountRequestId="car-00000000000000000000000000000000",
    )
    return ids


def make_people(store):
    of = {"IdentityStoreId": store}
    alice = identitystore.create_user(
        UserName="alice",
        DisplayName="Alice Example",
        Name={"GivenName": "Alice", "FamilyName": "Example"},
        Emails=[{"Value": "alice@example.com", "Type": "work", "Primary": True}],
        **of,
    )["UserId"]
    for number in range(4):
        name = f"person-{number}"
        identitystore.create_user(
            UserName=name,
            DisplayName=name,
            Name={"GivenName": name, "FamilyName": "Example"},
            **of,
        )
    people, count = pages(identitystore, "list_users", "Users", 2, **of)
    names = ["alice", *(f"person-{number}" for number in range(4))]
    check.assertEqual((sorted(one["UserName"] for one in people), count), (names, 3))

    for path, value in {"userName": "ALICE", "emails.value": "alice@example.com"}.items():
        unique = {"UniqueAttribute": {"AttributePath": path, "AttributeValue": value}}
        found = identitystore.get_user_id(AlternateIdentifier=unique, **of)
        check.assertEqual(found["UserId"], alice)

    user = of | {"UserId": alice}
    identitystore.update_user(
        Operations=[
            {"AttributePath": "title", "AttributeValue": "Engineer"},
            {"AttributePath": "name.givenName", "AttributeValue": "Alicia"},
            {"AttributePath": "addresses", "AttributeValue": [{"Locality": "Lyon"}]},
        ],
        **user,
    )
    described = identitystore.describe_user(**user)
    check.assertEqual(described["Title"], "Engineer")
    check.assertEqual(described["Name"], {"GivenName": "Alicia", "FamilyName": "Example"})
    check.assertEqual(described["Addresses"], [{"Locality": "Lyon"}])
    identitystore.update_user(Operations=[{"AttributePath": "title"}], **user)
    check.assertNotIn("Title", identitystore.describe_user(**user))

    platform, empty = (
        identitystore.create_group(DisplayName=name, **of)["GroupId"]
        for name in ("Platform", "Nobody")
    )
    groups = every(identitystore, "list_groups", "Groups", 1, **of)
    check.assertEqual(sorted(one["DisplayName"] for one in groups), ["Nobody", "Platform"])
    member = {"MemberId": {"UserId": alice}}
    joined = identitystore.create_group_membership(GroupId=platform, **member, **of)
    asked = identitystore.get_group_membership_id(GroupId=platform, **member, **of)
    check.assertEqual(asked["MembershipId"], joined["MembershipId"])
    answers = identitystore.is_member_in_groups(GroupIds=[platform, empty], **member, **of)
    held = {one["GroupId"]: one["MembershipExists"] for one in answers["Results"]}
    check.assertEqual(held, {platform: True, empty: False})
    for operation, arguments in {
        "list_group_memberships": {"GroupId": platform},
        "list_group_memberships_for_member": member,
    }.items():
        [one] = every(identitystore, operation, "GroupMemberships", **arguments, **of)
        check.assertEqual((one["GroupId"], one["MemberId"]["UserId"]), (platform, alice))
    return alice, platform


def be_refused_by_identitystore(store):
    of = {"IdentityStoreId": store}
    raised, create = identitystore.exceptions, identitystore.create_user
    person = {"DisplayName": "A", "Name": {"GivenName": "A", "FamilyName": "B"}}
    taken = refusal(raised.ConflictException, create, UserName="Alice", **person, **of)
    check.assertEqual(taken["Reason"], "UNIQUENESS_CONSTRAINT_VIOLATION")
    check.assertEqual(taken["RequestId"], taken["ResponseMetadata"]["RequestId"])
    nobody = str(uuid.uuid4())
    missing = refusal(
        raised.ResourceNotFoundException, identitystore.describe_user, UserId=nobody, **of
    )
    check.assertEqual((missing["ResourceType"], missing["ResourceId"]), ("USER", nobody))
    invalid = refusal(raised.ValidationException, create, UserName="x" * 129, **person, **of)
    check.assertIn("UserName", invalid["Message"])


def assign(instance, permission_set, principal_type, principal, account):
    of = {"InstanceArn": instance}
    begun = sso_admin.create_account_assignment(
        PermissionSetArn=permission_set,
        PrincipalType=principal_type,
        PrincipalId=principal,
        TargetType="AWS_ACCOUNT",
        TargetId=account,
        **of,
    )["AccountAssignmentCreationStatus"]
    request = begun["RequestId"]
    done = until_done(
        lambda: sso_admin.describe_account_assignment_creation_status(
            AccountAssignmentCreationRequestId=request, **of
        )["AccountAssignmentCreationStatus"],
        "Status",
    )
    check.assertEqual(done["TargetId"], account)
    statuses = every(
        sso_admin, "list_account_assignment_creation_status", "AccountAssignmentsCreationStatus",
        Filter={"Status": "SUCCEEDED"}, **of,
    )
    check.assertIn(request, [status["RequestId"] for status in statuses])
    held = every(
        sso_admin, "list_account_assignments", "AccountAssignments",
        AccountId=account, PermissionSetArn=permission_set, **of,
    )
    wanted = {"AccountId": account, "PermissionSetArn": permission_set}
    wanted |= {"PrincipalType": principal_type, "PrincipalId": principal}
    check.assertEqual(held, [wanted])
    provisioned = every(
        sso_admin, "list_permission_sets_provisioned_to_account", "PermissionSets",
        AccountId=account, **of,
    )
    check.assertIn(permission_set, provisioned)
    accounts = every(
        sso_admin, "list_accounts_for_provisioned_permission_set", "AccountIds",
        PermissionSetArn=permission_set, **of,
    )
    check.assertEqual(accounts, [account])


def main():
    instance, store = enable_instance()
    administrator, viewer = make_permission_sets(instance)
    be_refused_by_sso_admin(instance)
    management, storage = make_account()
    alice, platform = make_people(store)
    be_refused_by_identitystore(store)
    assign(instance, administrator, "GROUP", platform, management)
    assign(instance, viewer, "USER", alice, storage)
    of_alice = {"InstanceArn": instance, "PrincipalType": "USER", "PrincipalId": alice}
    held = every(
        sso_admin, "list_account_assignments_for_principal", "AccountAssignments", 1, **of_alice
    )
    check.assertEqual(sorted(one["AccountId"] for one in held), sorted([management, storage]))
    said = {"store": store, "user": alice, "management": management, "storage": storage}
    print(json.dumps(said))


main()
