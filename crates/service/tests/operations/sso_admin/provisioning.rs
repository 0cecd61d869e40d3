//! Provisioning of permission sets as roles, which stay outdated until the next provisioning.

use serde_json::{Value, json};
use testing::ACCOUNT;

use super::{
    Center, assignment, each, for_user, is_conflict, missing, one_by_one, text, wrong_field,
};

const READ: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const INLINE: &str =
    r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#;

fn one(account: &str) -> Value {
    json!({"TargetType": "AWS_ACCOUNT", "TargetId": account})
}

fn all() -> Value {
    json!({"TargetType": "ALL_PROVISIONED_ACCOUNTS"})
}

/// Lists the accounts of a permission set with a provisioning status.
fn accounts(center: &Center, set: &str, status: Option<&str>) -> Vec<String> {
    let body = json!({"PermissionSetArn": set, "ProvisioningStatus": status});
    let listed = center.call("ListAccountsForProvisionedPermissionSet", body).unwrap();
    each(&listed, "AccountIds", None)
}

#[test]
fn a_first_assignment_makes_a_role_of_the_permission_set() {
    let center = Center::new();
    let body = json!({"Name": "Reader", "SessionDuration": "PT4H", "RelayState": "https://a.b/"});
    let set = center.call("CreatePermissionSet", body).unwrap();
    let set = text(&set, "/PermissionSet/PermissionSetArn");
    let attach = json!({"PermissionSetArn": set, "ManagedPolicyArn": READ});
    center.call("AttachManagedPolicyToPermissionSet", attach).unwrap();
    let put = json!({"PermissionSetArn": set, "InlinePolicy": INLINE});
    center.call("PutInlinePolicyToPermissionSet", put).unwrap();
    assert_eq!(center.role(ACCOUNT, &set), None);

    let user = center.create_user("jane");
    center.assign(&for_user(&set, &user));
    let role = center.role(ACCOUNT, &set).unwrap();
    let suffix = role.name.as_str().strip_prefix("AWSReservedSSO_Reader_").unwrap();
    assert!(suffix.len() == 16 && suffix.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert!(role.role_id.as_str().starts_with("AROA"));
    assert_eq!(
        role.managed_policy_arns.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [READ]
    );
    assert_eq!(role.inline_policy.unwrap().as_str(), INLINE);
    assert_eq!(role.session_duration_seconds, 4 * 3600);
    assert_eq!(role.relay_state.unwrap().as_str(), "https://a.b/");
}

#[test]
fn a_role_made_again_is_another_role() {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    let other = center.create_user("john");
    center.assign(&for_user(&set, &user));
    center.assign(&for_user(&set, &other));
    let before = center.role(ACCOUNT, &set).unwrap();
    center.unassign(&for_user(&set, &other));
    assert_eq!(center.role(ACCOUNT, &set).as_ref(), Some(&before));
    center.unassign(&for_user(&set, &user));
    assert_eq!(center.role(ACCOUNT, &set), None);
    center.assign(&for_user(&set, &user));
    let after = center.role(ACCOUNT, &set).unwrap();
    assert_ne!(after.name, before.name);
    assert_ne!(after.role_id, before.role_id);
}

#[test]
fn an_edit_reaches_accounts_when_it_is_provisioned() {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    center.assign(&for_user(&set, &user));
    let latest = Some("LATEST_PERMISSION_SET_PROVISIONED");
    let behind = Some("LATEST_PERMISSION_SET_NOT_PROVISIONED");
    let this = |more: Value| {
        let mut body = json!({ "PermissionSetArn": set });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for (operation, body) in [
        ("UpdatePermissionSet", this(json!({"SessionDuration": "PT2H"}))),
        ("UpdatePermissionSet", this(json!({"Description": "x"}))),
        ("AttachManagedPolicyToPermissionSet", this(json!({ "ManagedPolicyArn": READ }))),
        ("DetachManagedPolicyFromPermissionSet", this(json!({ "ManagedPolicyArn": READ }))),
        ("PutInlinePolicyToPermissionSet", this(json!({ "InlinePolicy": INLINE }))),
        ("DeleteInlinePolicyFromPermissionSet", this(json!({}))),
    ] {
        assert_eq!(accounts(&center, &set, latest), [ACCOUNT], "before {operation}");
        let before = center.role(ACCOUNT, &set).unwrap();
        center.call(operation, body).unwrap();
        assert_eq!(center.role(ACCOUNT, &set).as_ref(), Some(&before), "{operation}");
        assert_eq!(accounts(&center, &set, behind), [ACCOUNT], "{operation}");
        assert!(accounts(&center, &set, latest).is_empty());
        assert_eq!(accounts(&center, &set, None), [ACCOUNT]);

        let status = center.provision(&set, &one(ACCOUNT));
        assert_eq!(status["Status"], "SUCCEEDED");
        assert_eq!(status["AccountId"], ACCOUNT);
        let after = center.role(ACCOUNT, &set).unwrap();
        assert_eq!((&after.name, &after.role_id), (&before.name, &before.role_id));
        assert_eq!(after.revision, before.revision + 1);
    }
    // An update without a change does not mark accounts as outdated.
    center.call("UpdatePermissionSet", this(json!({"SessionDuration": "PT2H"}))).unwrap();
    assert_eq!(accounts(&center, &set, latest), [ACCOUNT]);
    assert_eq!(center.role(ACCOUNT, &set).unwrap().session_duration_seconds, 7200);
}

#[test]
fn provisioning_everywhere_reaches_every_account_in_parts() {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    let mut everywhere = vec![ACCOUNT.to_owned()];
    // The number of roles exceeds one part of the job.
    everywhere.extend((0..102).map(|number| center.create_account(&format!("account-{number}"))));
    for account in &everywhere {
        center.assign(&assignment(account, &set, "USER", &user));
    }
    everywhere.sort();
    let change = json!({"PermissionSetArn": set, "SessionDuration": "PT3H"});
    center.call("UpdatePermissionSet", change).unwrap();
    let behind = json!({
        "PermissionSetArn": set,
        "ProvisioningStatus": "LATEST_PERMISSION_SET_NOT_PROVISIONED",
        "MaxResults": 100,
    });
    let operation = "ListAccountsForProvisionedPermissionSet";
    let first = center.call(operation, behind.clone()).unwrap();
    let mut rest = behind;
    rest["NextToken"] = first["NextToken"].clone();
    let rest = center.call(operation, rest).unwrap();
    let both = [each(&first, "AccountIds", None), each(&rest, "AccountIds", None)].concat();
    assert_eq!(both, everywhere);

    let status = center.provision(&set, &all());
    assert_eq!(status["Status"], "SUCCEEDED");
    assert!(status.get("AccountId").is_none());
    for account in &everywhere {
        assert_eq!(center.role(account, &set).unwrap().session_duration_seconds, 10_800);
    }
}

#[test]
fn there_must_be_something_to_provision() {
    let center = Center::new();
    let set = center.create_set("Reader");
    let call = |more: Value| {
        let mut body = more;
        body["PermissionSetArn"] = set.as_str().into();
        center.call("ProvisionPermissionSet", body)
    };
    assert!(is_conflict(&call(one(ACCOUNT))));
    assert_eq!(missing(call(one("210987654321"))), "account");
    assert_eq!(wrong_field(call(json!({"TargetType": "AWS_ACCOUNT"}))), "TargetId");
    assert_eq!(wrong_field(call(json!({"TargetType": "EVERYTHING"}))), "TargetType");
    assert_eq!(wrong_field(call(json!({}))), "TargetType");
    let both = json!({"TargetType": "ALL_PROVISIONED_ACCOUNTS", "TargetId": ACCOUNT});
    assert_eq!(wrong_field(call(both)), "TargetId");
    // A permission set without accounts can be provisioned everywhere.
    assert_eq!(center.provision(&set, &all())["Status"], "SUCCEEDED");
    let listed = center.call("ListPermissionSetProvisioningStatus", json!({})).unwrap();
    assert_eq!(each(&listed, "PermissionSetsProvisioningStatus", Some("Status")), ["SUCCEEDED"]);
    let id = json!({"ProvisionPermissionSetRequestId": "00000000-0000-4000-8000-000000000000"});
    let refused = center.call("DescribePermissionSetProvisioningStatus", id);
    assert_eq!(missing(refused), "request");
}

#[test]
fn a_role_that_goes_before_it_is_provisioned_makes_the_request_fail() {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    center.assign(&for_user(&set, &user));
    let mut body = one(ACCOUNT);
    body["PermissionSetArn"] = set.as_str().into();
    center.call("DeleteAccountAssignment", for_user(&set, &user)).unwrap();
    let begun = center.call("ProvisionPermissionSet", body).unwrap();
    center.work();
    let id = begun["PermissionSetProvisioningStatus"]["RequestId"].clone();
    let id = json!({"ProvisionPermissionSetRequestId": id});
    let ended = center.call("DescribePermissionSetProvisioningStatus", id).unwrap();
    let status = &ended["PermissionSetProvisioningStatus"];
    assert_eq!(status["Status"], "FAILED");
    assert!(text(status, "/FailureReason").contains(ACCOUNT));
}

#[test]
fn the_permission_sets_of_an_account_are_listed() {
    let center = Center::new();
    let user = center.create_user("jane");
    let mut sets = ["A", "B", "C"].map(|name| center.create_set(name));
    sets.sort();
    for set in &sets[..2] {
        center.assign(&for_user(set, &user));
    }
    let change = json!({"PermissionSetArn": sets[0], "Description": "x"});
    center.call("UpdatePermissionSet", change).unwrap();
    let operation = "ListPermissionSetsProvisionedToAccount";
    let list = |status: Option<&str>| {
        let body = json!({"AccountId": ACCOUNT, "ProvisioningStatus": status});
        each(&center.call(operation, body).unwrap(), "PermissionSets", None)
    };
    assert_eq!(list(None), sets[..2]);
    assert_eq!(list(Some("LATEST_PERMISSION_SET_PROVISIONED")), sets[1..2]);
    assert_eq!(list(Some("LATEST_PERMISSION_SET_NOT_PROVISIONED")), sets[..1]);
    let body = json!({ "AccountId": ACCOUNT });
    assert_eq!(one_by_one(&center, operation, &body, "PermissionSets").len(), 2);
    let elsewhere = json!({"AccountId": "210987654321"});
    assert_eq!(missing(center.call(operation, elsewhere)), "account");
    let wrong = json!({"AccountId": ACCOUNT, "ProvisioningStatus": "LATEST"});
    assert_eq!(wrong_field(center.call(operation, wrong)), "ProvisioningStatus");
}
