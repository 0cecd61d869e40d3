//! Budgets of events for strangers: what they leave in the log, by kind and by time.

use ::sign_in::authenticate::Authentication;
use kernel::Portico;
use kernel::perform::trace;
use kernel::strangers::{HOUR_MAX, HOUR_MS, StrangerKind};
use kernel::upkeep::note_all_left_out;
use model::{Fault, OAuthError};
use policy::Caller;
use serde_json::{Value, json};
use std::sync::Arc;
use testing::people::{BROWSER, PASSWORD};
use testing::{ACCOUNT, Bench, role};

const KNOCK: &str = "sso:ListInstances";
const ADDRESS_HOUR_MAX: usize = HOUR_MAX / 8;

/// Leaves refusals from an address.
fn refuse(bench: &Bench, address: &str, (action, fault): (&'static str, &Fault), times: usize) {
    bench.as_caller_from(address, &Portico::anonymous(), |ctx| {
        for _ in 0..times {
            trace(ctx, action, fault).unwrap();
        }
    });
}

/// The kind, the number and the loudest addresses of every event that tells what was left out.
fn told(bench: &Bench) -> Vec<(String, String, Value)> {
    let events = bench.events("portico:LeaveOut").into_iter();
    let told = events.map(|event| {
        let details: Value = serde_json::from_str(&event.details).unwrap();
        let text = |pointer: &str| details.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        assert!(event.error.unwrap().starts_with("ThrottlingException"));
        let loudest = details["responseElements"]["loudestAddresses"].clone();
        (text("/requestParameters/kind"), text("/responseElements/eventsLeftOut"), loudest)
    });
    told.collect()
}

#[test]
fn a_flood_leaves_its_share_and_once_an_hour_its_number() {
    let bench = Bench::new();
    let unsigned = (KNOCK, &Fault::Unsigned);
    refuse(&bench, "192.0.2.7", unsigned, 1300);
    assert_eq!(bench.events(KNOCK).len(), ADDRESS_HOUR_MAX);
    assert_eq!(told(&bench), []);
    // Another network has its own share.
    refuse(&bench, "198.51.100.7", unsigned, 3);
    assert_eq!(bench.events(KNOCK).len(), ADDRESS_HOUR_MAX + 3);
    bench.clock.advance(HOUR_MS);
    let loudest = json!(["192.0.2.7 (at least 1250)"]);
    let first = ("UNSIGNED_REQUESTS".to_owned(), "1250".to_owned(), loudest);
    assert_eq!(told(&bench), [first]);
    refuse(&bench, "192.0.2.7", unsigned, 1300);
    assert_eq!(bench.events(KNOCK).len(), 2 * ADDRESS_HOUR_MAX + 3);
    bench.clock.advance(HOUR_MS);
    assert_eq!(told(&bench).len(), 2);
    bench.clock.advance(HOUR_MS);
    assert_eq!(told(&bench).len(), 2);
}

#[test]
fn a_known_refusal_among_thirteen_hundred_knocks_is_in_the_log() {
    let bench = Bench::new();
    let poor: Arc<Caller> = role(ACCOUNT, r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#);
    refuse(&bench, testing::ADDRESS, (KNOCK, &Fault::Unsigned), 1300);
    bench.call_as(&poor, "SWBExternalService.ListInstances", &json!({})).unwrap_err();
    let known = bench.logged(KNOCK);
    assert_eq!(known.len(), 1);
    assert!(known[0].identity.contains("AssumedRole"));
}

#[test]
fn no_kind_uses_the_budget_of_another() {
    let bench = Bench::new();
    let kinds = [
        (KNOCK, Fault::Unsigned),
        ("sso:ListPermissionSets", Fault::UnknownKey),
        ("sso-oauth:CreateToken", OAuthError::InvalidGrant.because("No.")),
    ];
    for (action, fault) in &kinds {
        refuse(&bench, "192.0.2.7", (action, fault), 1000);
        assert_eq!(bench.events(action).len(), ADDRESS_HOUR_MAX, "{action}");
    }
    for kind in StrangerKind::ALL {
        let left_out = bench.portico.strangers.left_out_total(kind);
        assert_eq!(left_out, 1000 - ADDRESS_HOUR_MAX as u64);
    }
}

#[test]
fn a_server_that_stops_tells_what_it_left_out() {
    let bench = Bench::new();
    refuse(&bench, "2001:db8:1:2::3", (KNOCK, &Fault::UnknownKey), 1000);
    note_all_left_out(&bench.portico);
    let loudest = json!(["2001:db8:1:2::/64 (at least 950)"]);
    let expected = ("FAILED_SIGNATURES".to_owned(), "950".to_owned(), loudest);
    assert_eq!(told(&bench), [expected]);
    note_all_left_out(&bench.portico);
    assert_eq!(told(&bench).len(), 1);
}

#[test]
fn polls_of_a_client_that_waits_for_its_person_leave_no_event() {
    let bench = Bench::new();
    for error in [OAuthError::AuthorizationPending, OAuthError::SlowDown] {
        refuse(&bench, "192.0.2.7", ("sso-oauth:CreateToken", &error.because("Wait.")), 10);
    }
    assert_eq!(bench.events("sso-oauth:CreateToken").len(), 0);
}

#[test]
fn refused_sign_ins_beyond_the_budget_are_counted_once_and_answered_as_before() {
    let bench = Bench::new();
    bench.create_person("alice");
    let before = bench.events("signin:CredentialVerification").len();
    let left_out = || bench.portico.strangers.left_out_total(StrangerKind::SignIn);
    let attempt = |name: &str| bench.sign_in_from("198.51.100.7", "unknown", name, "wrong");
    // Each attempt for a name of its own, so that only the network has a pause.
    for number in 0..60 {
        let outcome = attempt(&format!("nobody-{number}"));
        assert!(matches!(outcome, Ok(Authentication::Wrong)), "{number}: {outcome:?}");
    }
    assert!(matches!(attempt("alice"), Err(Fault::Throttled { .. })));
    let verified = bench.events("signin:CredentialVerification").len();
    assert_eq!(verified - before, ADDRESS_HOUR_MAX);
    assert_eq!(left_out(), 61 - ADDRESS_HOUR_MAX as u64);
}

#[test]
fn a_throttled_sign_in_has_one_event_and_one_place() {
    let bench = Bench::new();
    bench.create_person("alice");
    let attempt = || bench.sign_in_from("198.51.100.7", "unknown", "alice", "wrong");
    for _ in 0..5 {
        attempt().unwrap();
    }
    let before = bench.events("signin:CredentialChallenge").len();
    for _ in 0..100 {
        assert!(matches!(attempt(), Err(Fault::Throttled { .. })));
    }
    let throttled = bench.events("signin:CredentialChallenge").len() - before;
    assert_eq!(throttled, ADDRESS_HOUR_MAX - 5);
    let left_out = bench.portico.strangers.left_out_total(StrangerKind::SignIn);
    assert_eq!(left_out, 105 - ADDRESS_HOUR_MAX as u64);
}

#[test]
fn a_successful_sign_in_is_always_in_the_log() {
    let bench = Bench::new();
    bench.create_person("alice");
    let events = || bench.events("signin:UserAuthentication").len();
    let before = events();
    let sign_in = || bench.sign_in("alice", PASSWORD).unwrap();
    // Successes give their places back.
    (0..ADDRESS_HOUR_MAX + 10).for_each(|_| drop(sign_in()));
    assert_eq!(events() - before, ADDRESS_HOUR_MAX + 10);
    let left_out = || bench.portico.strangers.left_out_total(StrangerKind::SignIn);
    assert_eq!(left_out(), 0);
    let refused = ("signin:CredentialChallenge", &Fault::Busy);
    refuse(&bench, testing::ADDRESS, refused, ADDRESS_HOUR_MAX);
    sign_in();
    assert_eq!((events() - before, left_out()), (ADDRESS_HOUR_MAX + 11, 0));
    assert!(bench.sign_in_from(testing::ADDRESS, BROWSER, "alice", "wrong").is_ok());
    assert_eq!(left_out(), 1);
}

/// The reason and the caller of the newest refused verification.
fn refused(bench: &Bench) -> (String, Value) {
    let event = bench.events("signin:CredentialVerification").pop().unwrap();
    let details: Value = serde_json::from_str(&event.details).unwrap();
    assert_eq!(details["responseElements"]["CredentialVerification"], "Failure");
    let reason = details["responseElements"]["reason"].as_str().unwrap_or_default();
    (reason.to_owned(), serde_json::from_str(&event.identity).unwrap())
}

#[test]
fn a_right_password_of_somebody_who_may_not_sign_in_is_in_the_log_whatever_strangers_do() {
    let bench = Bench::new();
    let (alice, _) = bench.create_person("alice");
    bench.admin("DisableUser", &alice, json!({})).unwrap();
    let sign_in = |password: &str| {
        // Events of one millisecond have no order.
        bench.clock.advance(1);
        let outcome = bench.sign_in_from(testing::ADDRESS, BROWSER, "alice", password);
        assert!(matches!(outcome, Ok(Authentication::Wrong)), "{outcome:?}");
        refused(&bench)
    };
    let named = json!({
        "type": "IdentityCenterUser",
        "onBehalfOf": {"userId": alice, "identityStoreId": bench.store_id()},
    });
    let disabled = ("the person is disabled".to_owned(), named);
    assert_eq!(sign_in("wrong"), (String::new(), json!({"type": "Unknown"})));
    assert_eq!(sign_in(PASSWORD), disabled);
    let spent = ("signin:CredentialChallenge", &Fault::Busy);
    refuse(&bench, testing::ADDRESS, spent, ADDRESS_HOUR_MAX);
    let events = || bench.events("signin:CredentialVerification").len();
    let before = events();
    sign_in("wrong");
    assert_eq!(events(), before);
    assert_eq!(sign_in(PASSWORD), disabled);
    assert_eq!(events(), before + 1);
}
