//! Permissions on instances, and the events in the audit log.

use std::sync::Arc;

use model::Fault;
use policy::Caller;
use serde_json::{Value, json};
use testing::{ACCOUNT, administrator, role};

use super::{Center, assignment, for_user};

/// Lists every operation of the service on an instance, with a body with which it succeeds.
fn operations(center: &Center) -> Vec<(&'static str, Value)> {
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    let other = center.create_user("john");
    let status = center.assign(&for_user(&set, &user));
    let id = status["RequestId"].clone();
    let gone = center.assign(&for_user(&set, &other));
    assert_eq!(gone["Status"], "SUCCEEDED");
    let deleted = center.unassign(&for_user(&set, &other))["RequestId"].clone();
    let all = json!({"TargetType": "ALL_PROVISIONED_ACCOUNTS"});
    let provisioned = center.provision(&set, &all)["RequestId"].clone();
    let of = |mut more: Value| {
        more["PermissionSetArn"] = set.as_str().into();
        more
    };
    let read = json!({"ManagedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"});
    let document = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let tags = json!({"ResourceArn": set, "Tags": [{"Key": "a", "Value": "b"}]});
    vec![
        ("AttachManagedPolicyToPermissionSet", of(read.clone())),
        ("CreateAccountAssignment", for_user(&set, &other)),
        ("CreatePermissionSet", json!({"Name": "Other"})),
        ("DeleteAccountAssignment", for_user(&set, &user)),
        ("DeleteInlinePolicyFromPermissionSet", of(json!({}))),
        ("DeleteInstance", json!({})),
        ("DeletePermissionSet", of(json!({}))),
        (
            "DescribeAccountAssignmentCreationStatus",
            json!({ "AccountAssignmentCreationRequestId": id }),
        ),
        (
            "DescribeAccountAssignmentDeletionStatus",
            json!({ "AccountAssignmentDeletionRequestId": deleted }),
        ),
        ("DescribeInstance", json!({})),
        ("DescribePermissionSet", of(json!({}))),
        (
            "DescribePermissionSetProvisioningStatus",
            json!({ "ProvisionPermissionSetRequestId": provisioned }),
        ),
        ("DetachManagedPolicyFromPermissionSet", of(read)),
        ("GetInlinePolicyForPermissionSet", of(json!({}))),
        ("ListAccountAssignmentCreationStatus", json!({})),
        ("ListAccountAssignmentDeletionStatus", json!({})),
        ("ListAccountAssignments", of(json!({ "AccountId": ACCOUNT }))),
        (
            "ListAccountAssignmentsForPrincipal",
            json!({"PrincipalType": "USER", "PrincipalId": user}),
        ),
        ("ListAccountsForProvisionedPermissionSet", of(json!({}))),
        ("ListManagedPoliciesInPermissionSet", of(json!({}))),
        ("ListPermissionSetProvisioningStatus", json!({})),
        ("ListPermissionSets", json!({})),
        ("ListPermissionSetsProvisionedToAccount", json!({ "AccountId": ACCOUNT })),
        ("ListTagsForResource", json!({ "ResourceArn": set })),
        ("ProvisionPermissionSet", of(all)),
        ("PutInlinePolicyToPermissionSet", of(json!({ "InlinePolicy": document }))),
        ("TagResource", tags),
        ("UntagResource", json!({"ResourceArn": set, "TagKeys": ["a"]})),
        ("UpdateInstance", json!({"Name": "Other"})),
        ("UpdatePermissionSet", of(json!({"Description": "Other"}))),
    ]
}

fn denied(center: &Center, caller: &Arc<Caller>, operation: &str, body: Value) -> bool {
    let operation = format!("SWBExternalService.{operation}");
    let reply = center.bench.call_as(caller, &operation, &center.body(body));
    matches!(reply, Err(Fault::Denied(_)))
}

#[test]
fn no_operation_is_done_without_permission_or_from_another_account() {
    let center = Center::new();
    let operations = operations(&center);
    let nothing = role(ACCOUNT, r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#);
    let second = center.create_account("second");
    let stranger = administrator(&second);
    for (operation, body) in &operations {
        for caller in [&nothing, &stranger] {
            assert!(denied(&center, caller, operation, body.clone()), "{operation}");
        }
    }
    for operation in ["ListInstances", "CreateInstance"] {
        assert!(denied(&center, &nothing, operation, json!({})), "{operation}");
    }
    let found = center.call("DescribeInstance", json!({})).unwrap();
    assert_eq!(found["Status"], "ACTIVE");

    let mut tried: Vec<_> = operations.iter().map(|(operation, _)| *operation).collect();
    tried.extend(["ListInstances", "CreateInstance"]);
    let served =
        service::operations().filter_map(|it| it.name().strip_prefix("SWBExternalService."));
    for operation in served {
        assert!(tried.contains(&operation), "{operation} is not tried");
    }
}

/// Service Authorization Reference: resource types of each action.
fn kinds(operation: &str) -> &'static [&'static str] {
    match operation {
        "CreateAccountAssignment"
        | "DeleteAccountAssignment"
        | "ListAccountAssignments"
        | "ProvisionPermissionSet" => &["account", "instance", "permissionSet"],
        "ListPermissionSetsProvisionedToAccount" => &["account", "instance"],
        "ListTagsForResource" | "TagResource" | "UntagResource" => &["permissionSet"],
        "DeleteInstance"
        | "DescribeAccountAssignmentCreationStatus"
        | "DescribeAccountAssignmentDeletionStatus"
        | "DescribeInstance"
        | "DescribePermissionSetProvisioningStatus"
        | "ListAccountAssignmentCreationStatus"
        | "ListAccountAssignmentDeletionStatus"
        | "ListAccountAssignmentsForPrincipal"
        | "ListPermissionSetProvisioningStatus"
        | "ListPermissionSets"
        | "UpdateInstance" => &["instance"],
        _ => &["instance", "permissionSet"],
    }
}

#[test]
fn an_action_asks_for_the_resources_that_the_reference_gives_it_and_no_others() {
    let center = Center::new();
    let mut operations = operations(&center);
    // Deletions run last, and the deletion of the instance after all others.
    operations.sort_by_key(|(name, _)| (name.starts_with("Delete"), *name == "DeleteInstance"));
    for (operation, body) in operations {
        let is_denied = |kinds: &[&str]| {
            let resources = kinds.iter().map(|kind| format!("arn:aws:sso:::{kind}/*"));
            let resources = resources.chain(["arn:aws:s3:::elsewhere".to_owned()]);
            let statement = json!({
                "Effect": "Allow", "Action": format!("sso:{operation}"),
                "Resource": resources.collect::<Vec<_>>(),
            });
            denied(&center, &role(ACCOUNT, &statement.to_string()), operation, body.clone())
        };
        let all = kinds(operation);
        for without in all {
            let rest: Vec<_> = all.iter().filter(|kind| *kind != without).copied().collect();
            assert!(is_denied(&rest), "{operation} without {without}");
        }
        assert!(!is_denied(all), "{operation} with {all:?}");
    }
}

#[test]
fn an_assignment_must_be_allowed_for_the_account_the_set_and_the_instance() {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    let second = center.create_account("second");
    let allow = |resources: &[&str]| {
        let resources = json!(resources);
        let statement = json!({"Effect": "Allow", "Action": "sso:*", "Resource": resources});
        role(ACCOUNT, &statement.to_string())
    };
    let account = format!("arn:aws:sso:::account/{second}");
    let body = || assignment(&second, &set, "USER", &user);
    for two in [[&set, &center.arn], [&set, &account], [&center.arn, &account]] {
        let caller = allow(&two.map(String::as_str));
        assert!(denied(&center, &caller, "CreateAccountAssignment", body()), "{two:?}");
    }
    let delegate = allow(&[&set, &center.arn, &account]);
    assert!(!denied(&center, &delegate, "CreateAccountAssignment", body()));
    let elsewhere = for_user(&set, &user);
    assert!(denied(&center, &delegate, "CreateAccountAssignment", elsewhere));
}

#[test]
fn a_denied_account_is_not_provisioned_by_asking_for_all() {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    let second = center.create_account("second");
    center.assign(&for_user(&set, &user));
    center.assign(&assignment(&second, &set, "USER", &user));
    let caller = role(
        ACCOUNT,
        &format!(
            r#"{{"Effect": "Allow", "Action": "*", "Resource": "*"}},
            {{"Effect": "Deny", "Action": "sso:ProvisionPermissionSet",
              "Resource": "arn:aws:sso:::account/{second}"}}"#
        ),
    );
    let all = json!({"PermissionSetArn": set, "TargetType": "ALL_PROVISIONED_ACCOUNTS"});
    assert!(denied(&center, &caller, "ProvisionPermissionSet", all));
    let one = json!({
        "PermissionSetArn": set, "TargetType": "AWS_ACCOUNT", "TargetId": ACCOUNT,
    });
    assert!(!denied(&center, &caller, "ProvisionPermissionSet", one));
}
