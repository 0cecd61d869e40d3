//! Permissions that an operation of sso-admin needs for each resource.

use std::sync::Arc;

use model::Fault;
use policy::Caller;
use serde_json::{Value, json};
use testing::{ACCOUNT, role};

use super::{Center, assignment, for_user};

fn denied(center: &Center, caller: &Arc<Caller>, operation: &str, body: Value) -> bool {
    let operation = format!("SWBExternalService.{operation}");
    let reply = center.bench.call_as(caller, &operation, &center.body(body));
    matches!(reply, Err(Fault::Denied(_)))
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
