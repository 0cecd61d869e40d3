//! One-time passwords of people who may do more than the administrator who asks for them.

use std::sync::Arc;

use kernel::credentials::authenticate::caller_of_token;
use kernel::credentials::operator;
use model::ids::UserId;
use model::{Fault, PorticoEntity};
use policy::Caller;
use serde_json::{Value, json};
use testing::center::{Center, assignment, for_user, text};
use testing::{ACCOUNT, administrator};

pub(super) const HELP: [&str; 5] = [
    "portico:ResetUserPassword",
    "portico:CreatePasswordResetRequest",
    "portico:ConfirmPasswordResetRequest",
    "portico:ListPasswordResetRequests",
    "portico:DeletePasswordResetRequest",
];

/// Person with a role and its keys.
pub(super) struct Person {
    pub(super) id: UserId,
    pub(super) set: String,
    pub(super) caller: Arc<Caller>,
}

pub(super) fn person(center: &Center, name: &str, actions: &[&str]) -> Person {
    let set = center.create_set_of(&format!("Of-{name}"), actions);
    person_with(center, name, set)
}

/// Makes a person who holds a permission set in the management account.
pub(super) fn person_with(center: &Center, name: &str, set: String) -> Person {
    let (id, session) = center.bench.create_person(name);
    center.assign(&for_user(&set, id.as_str()));
    let described = center.call("DescribePermissionSet", json!({ "PermissionSetArn": set }));
    let role = text(&described.unwrap(), "/PermissionSet/Name");
    let person = center.bench.caller_of(&session).unwrap();
    let body = json!({"accountId": ACCOUNT, "roleName": role});
    let reply = center.bench.call_as(&person, "SSOPortal.GetRoleCredentials", &body).unwrap();
    let [key, token] = ["accessKeyId", "sessionToken"]
        .map(|field| text(&reply, &format!("/roleCredentials/{field}")));
    let caller = caller_of_token(&center.bench.portico, &key, &token).unwrap();
    Person { id, set, caller }
}

fn call(center: &Center, by: &Arc<Caller>, operation: &str, more: Value) -> Result<Value, Fault> {
    let mut body = more;
    body["IdentityStoreId"] = center.bench.store_id().into();
    center.bench.call_as(by, &format!("PorticoAdmin.{operation}"), &body)
}

/// Resets a password. Returns whether the reply shows one, or the reason of the refusal.
pub(super) fn reset(center: &Center, by: &Arc<Caller>, user: &UserId) -> Result<bool, String> {
    one_time_password(center, by, user).map(|password| !password.is_empty())
}

/// Resets a password. Returns the one-time password, or the reason of the refusal.
pub(super) fn one_time_password(
    center: &Center,
    by: &Arc<Caller>,
    user: &UserId,
) -> Result<String, String> {
    let body = json!({"UserId": user.as_str(), "Mode": "ONE_TIME_PASSWORD"});
    match call(center, by, "ResetUserPassword", body) {
        Ok(reply) => Ok(text(&reply, "/OneTimePassword")),
        Err(Fault::Denied(denial)) => Err(denial.because),
        Err(other) => panic!("{other:?}"),
    }
}

pub(super) fn request(center: &Center, by: &Arc<Caller>, user: &UserId) -> String {
    let body = json!({ "UserId": user.as_str() });
    let made = call(center, by, "CreatePasswordResetRequest", body).unwrap();
    assert_eq!(made["PasswordResetRequest"]["Status"], "WAITING");
    text(&made, "/PasswordResetRequest/RequestId")
}

pub(super) fn confirm(center: &Center, by: &Arc<Caller>, id: &str) -> Result<Value, Fault> {
    call(center, by, "ConfirmPasswordResetRequest", json!({ "RequestId": id }))
}

pub(super) fn is_denied<T>(outcome: &Result<T, Fault>) -> bool {
    matches!(outcome, Err(Fault::Denied(_)))
}

#[test]
fn the_password_of_a_stronger_person_is_neither_shown_nor_changed() {
    let center = Center::new();
    let helper = person(&center, "helper", &HELP);
    let boss = person(&center, "boss", &["*"]);
    let refused = reset(&center, &helper.caller, &boss.id).unwrap_err();
    assert!(refused.contains("CreatePasswordResetRequest"), "{refused}");
    assert!(center.bench.sign_in("boss", testing::people::PASSWORD).is_ok());
    assert_eq!(reset(&center, &helper.caller, &boss.id), Err(refused));
    let events = center.bench.events("portico:ResetUserPassword");
    assert_eq!(events.iter().filter(|event| event.error.is_some()).count(), 2);
    // The boss, the account's administrators and the operator of the host may.
    for by in [&boss.caller, &administrator(ACCOUNT), &operator::caller(&center.bench.portico, "x")]
    {
        assert_eq!(reset(&center, by, &boss.id), Ok(true));
    }
}

#[test]
fn a_person_with_no_more_roles_than_the_caller_is_not_stronger() {
    let center = Center::new();
    let helper = person(&center, "helper", &HELP);
    let nobody = center.bench.create_user("nobody");
    assert_eq!(reset(&center, &helper.caller, &nobody), Ok(true));
    let colleague = person_with(&center, "colleague", helper.set.clone());
    assert_eq!(reset(&center, &helper.caller, &colleague.id), Ok(true));
    assert_eq!(reset(&center, &helper.caller, &helper.id), Ok(true));

    // A role that comes by a group counts, and so does the same role in another account.
    let storage = center.create_account("storage");
    let group = center.create_group("Helpers");
    center.join(&group, nobody.as_str());
    center.assign(&assignment(&storage, &helper.set, "GROUP", &group));
    assert!(reset(&center, &helper.caller, &nobody).is_err());
    center.join(&group, helper.id.as_str());
    assert_eq!(reset(&center, &helper.caller, &nobody), Ok(true));
}

#[test]
fn who_may_assign_the_persons_roles_is_not_weaker() {
    let center = Center::new();
    let (reader, writer) = (center.create_set("Reader"), center.create_set("Writer"));
    let one = person_with(&center, "one", reader.clone());
    let two = person_with(&center, "two", writer);
    let assigner = center.create_set("Assigner");
    let statements = json!([
        {"Effect": "Allow", "Action": HELP, "Resource": "*"},
        {"Effect": "Allow", "Action": "sso:CreateAccountAssignment", "Resource": [
            reader, center.arn, format!("arn:aws:sso:::account/{ACCOUNT}"),
        ]},
    ]);
    let policy = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    let body = json!({"PermissionSetArn": assigner, "InlinePolicy": policy});
    center.call("PutInlinePolicyToPermissionSet", body).unwrap();
    let helper = person_with(&center, "helper", assigner);
    assert_eq!(reset(&center, &helper.caller, &one.id), Ok(true));
    assert!(reset(&center, &helper.caller, &two.id).is_err());
    let storage = center.create_account("storage");
    center.assign(&assignment(&storage, &reader, "USER", one.id.as_str()));
    assert!(reset(&center, &helper.caller, &one.id).is_err());
}

#[test]
fn a_confirmed_request_is_good_for_one_password() {
    let center = Center::new();
    let helper = person(&center, "helper", &HELP);
    let boss = person(&center, "boss", &["*"]);
    let id = request(&center, &helper.caller, &boss.id);
    assert!(reset(&center, &helper.caller, &boss.id).is_err());
    assert!(is_denied(&confirm(&center, &helper.caller, &id)));
    let other = person(&center, "other", &HELP);
    assert!(is_denied(&confirm(&center, &other.caller, &id)));
    let confirmed = confirm(&center, &administrator(ACCOUNT), &id).unwrap();
    assert_eq!(confirmed["PasswordResetRequest"]["Status"], "CONFIRMED");
    // The first confirmation stays, and it is for the requester alone.
    assert_eq!(confirm(&center, &boss.caller, &id), Ok(confirmed.clone()));
    assert!(reset(&center, &other.caller, &boss.id).is_err());
    assert_eq!(reset(&center, &helper.caller, &boss.id), Ok(true));
    assert!(reset(&center, &helper.caller, &boss.id).is_err());
    let missing = Fault::not_found(PorticoEntity::PasswordResetRequest, &id);
    assert_eq!(confirm(&center, &administrator(ACCOUNT), &id), Err(missing));

    let events = center.bench.events("portico:ResetUserPassword");
    let expected = format!(r#""confirmedBy":{}"#, confirmed["PasswordResetRequest"]["ConfirmedBy"]);
    let named = events.iter().filter(|event| event.details.contains("confirmedBy"));
    let named: Vec<_> = named.map(|event| event.details.contains(&expected)).collect();
    assert_eq!(named, [true]);
}

#[test]
fn a_request_that_expired_was_deleted_or_was_replaced_is_good_for_nothing() {
    let center = Center::new();
    let helper = person(&center, "helper", &HELP);
    let boss = person(&center, "boss", &["*"]);
    let admin = administrator(ACCOUNT);
    let first = request(&center, &helper.caller, &boss.id);
    confirm(&center, &admin, &first).unwrap();
    let second = request(&center, &helper.caller, &boss.id);
    assert!(reset(&center, &helper.caller, &boss.id).is_err());
    assert!(confirm(&center, &admin, &first).is_err());
    confirm(&center, &admin, &second).unwrap();
    let one = json!({ "RequestId": second });
    let deleted = call(&center, &helper.caller, "DeletePasswordResetRequest", one.clone());
    assert_eq!(deleted, Ok(json!({})));
    assert!(reset(&center, &helper.caller, &boss.id).is_err());
    assert!(call(&center, &admin, "DeletePasswordResetRequest", one).is_err());

    let third = request(&center, &helper.caller, &boss.id);
    confirm(&center, &admin, &third).unwrap();
    let listed = || {
        let reply = call(&center, &admin, "ListPasswordResetRequests", json!({})).unwrap();
        reply["PasswordResetRequests"].as_array().unwrap().len()
    };
    assert_eq!(listed(), 1);
    center.bench.clock.advance(24 * 60 * 60 * 1000);
    assert_eq!(listed(), 0);
    assert!(confirm(&center, &admin, &third).is_err());
    assert!(reset(&center, &helper.caller, &boss.id).is_err());
    kernel::sessions::sweep::sweep(&center.bench.portico).unwrap();
}

#[test]
fn requests_are_listed_in_pages() {
    let center = Center::new();
    let boss = person(&center, "boss", &["*"]);
    let helpers = ["a", "b", "c"].map(|name| person(&center, name, &HELP));
    let mut made = helpers.map(|helper| request(&center, &helper.caller, &boss.id));
    made.sort_unstable();
    let (mut ids, mut token) = (Vec::new(), Value::Null);
    loop {
        let body = json!({"MaxResults": 1, "NextToken": token});
        let reply = call(&center, &boss.caller, "ListPasswordResetRequests", body).unwrap();
        let page = reply["PasswordResetRequests"].as_array().unwrap();
        assert_eq!(page.len(), 1);
        ids.push(text(&page[0], "/RequestId"));
        token = reply["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(ids, made);
    let missing = json!({ "RequestId": "00000000-0000-4000-8000-000000000000" });
    let outcome = call(&center, &boss.caller, "DeletePasswordResetRequest", missing);
    assert!(matches!(outcome, Err(Fault::NotFound { .. })), "{outcome:?}");
    let disabled = json!({ "UserId": boss.id.as_str() });
    call(&center, &administrator(ACCOUNT), "DisableUser", disabled.clone()).unwrap();
    let outcome = call(&center, &administrator(ACCOUNT), "CreatePasswordResetRequest", disabled);
    assert!(matches!(outcome, Err(Fault::Conflict { .. })), "{outcome:?}");
}
