//! Time at which events are on disk: the log is read without flushing the journal first.

use std::sync::Arc;

use ::portal::find_held_role;
use ::portal::get_role_credentials::GetRoleCredentialsRequest;
use kernel::Portico;
use model::Fault;
use policy::Caller;
use serde_json::json;
use testing::{ACCOUNT, Bench, administrator, role};

const NOTHING: &str = r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#;

/// Calls an operation that must be refused, and returns the errors in the log right after the
/// answer.
fn logged_after(bench: &Bench, caller: &Arc<Caller>, operation: &str) -> Vec<String> {
    let body = json!({
        "accountId": ACCOUNT, "roleName": "Reader",
        "AccountName": "Backup", "Email": "backup@example.com",
    });
    bench.call_as(caller, operation, &body).unwrap_err();
    errors(bench, service::find(operation).unwrap().action())
}

/// Returns the errors of an action in the log.
fn errors(bench: &Bench, action: &str) -> Vec<String> {
    let errors = bench.logged(action).into_iter().filter_map(|event| event.error);
    errors.map(|error| error.split(':').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_denial_of_someone_known_is_on_disk_before_the_answer() {
    let bench = Bench::new();
    let (_, portal) = bench.create_person("alice");
    let (alice, poor) = (bench.caller_of(&portal).unwrap(), role(ACCOUNT, NOTHING));
    for (caller, operation) in [
        (&poor, "SWBExternalService.ListInstances"),
        (&poor, "AWSOrganizationsV20161128.CreateAccount"),
        (&alice, "SSOPortal.GetRoleCredentials"),
    ] {
        assert_eq!(logged_after(&bench, caller, operation), ["AccessDenied"], "{operation}");
    }
    // Role credentials are not a session of a person.
    let administrator = administrator(ACCOUNT);
    let said = logged_after(&bench, &administrator, "SSOPortal.ListAccounts");
    assert_eq!(said, ["UnauthorizedException"]);
}

#[test]
fn a_page_leaves_its_denials_as_the_api_does() {
    let bench = Bench::new();
    let (_, portal) = bench.create_person("alice");
    let alice = bench.caller_of(&portal).unwrap();
    let action = find_held_role::OPERATION.action;
    let request = GetRoleCredentialsRequest {
        account_id: ACCOUNT.parse().unwrap(),
        role_name: "Reader".to_owned(),
    };
    let outcome = bench.as_caller(&alice, |ctx| find_held_role::OPERATION.call(ctx, &request));
    assert_eq!(outcome.unwrap_err(), Fault::NoAccess);
    assert_eq!(errors(&bench, action), ["AccessDenied"]);
}

#[test]
fn the_knocking_of_strangers_and_plain_mistakes_wait_for_their_neighbours() {
    let bench = Bench::new();
    let operation = "SSOPortal.GetRoleCredentials";
    let none: [&str; 0] = [];
    assert_eq!(logged_after(&bench, &Portico::anonymous(), operation), none);
    assert_eq!(logged_after(&bench, &administrator(ACCOUNT), "STS.GetAccessKeyInfo"), none);
    kernel::upkeep::flush_journal(&bench.portico).unwrap();
    assert_eq!(errors(&bench, "awsssoportal:GetRoleCredentials"), ["UnauthorizedException"]);
    assert_eq!(errors(&bench, "sts:GetAccessKeyInfo"), ["ValidationException"]);
}
