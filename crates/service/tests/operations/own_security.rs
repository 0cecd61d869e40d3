//! Sessions as an instance sets them, and what a person does about their own.

use ::sign_in::authenticate::Authentication::SignedIn;
use ::sign_in::own_sessions::{
    END, END_OTHERS, EndOtherSessionsRequest, EndOwnSessionRequest, LIST, ListOwnSessionsRequest,
};
use ::sign_in::prove_identity::{
    IdentityProof, ProveIdentityRequest, TypedFactor, prove_identity, require_proof,
};
use ::sign_in::update_password::{UpdatePasswordRequest, update_password};
use kernel::credentials::authenticate::caller_of_token;
use kernel::sessions::NewSession;
use kernel::sessions::proof::{PROOF_NEEDED, ProofPurpose};
use kernel::upkeep::every_second;
use model::Fault;
use serde_json::{Value, json};
use testing::center::{Center, for_user};
use testing::people::{BROWSER, PASSWORD};
use testing::{ACCOUNT, Bench, START_MS};

const MINUTE_MS: i64 = 60 * 1000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

fn put(bench: &Bench, settings: Value) -> Result<(), Fault> {
    let mut body = settings;
    body["InstanceArn"] = bench.instance().id.arn().into();
    bench.call("PorticoAdmin.PutSessionSettings", &body).map(drop)
}

fn describe(bench: &Bench) -> Value {
    let body = json!({ "InstanceArn": bench.instance().id.arn() });
    bench.call("PorticoAdmin.DescribeSessionSettings", &body).unwrap()
}

fn sign_in(bench: &Bench, password: &str) -> NewSession {
    match bench.sign_in("alice", password) {
        Ok(SignedIn(session)) => session,
        other => panic!("{other:?}"),
    }
}

/// A proof of a person without a second factor.
fn typed(password: &str) -> ProveIdentityRequest {
    ProveIdentityRequest {
        password: password.to_owned(),
        factor: TypedFactor::Code(String::new()),
        browser: BROWSER.to_owned(),
    }
}

fn is_good(bench: &Bench, session: &NewSession) -> bool {
    bench.caller_of(session).is_ok()
}

#[test]
fn settings_of_sessions_have_bounds() {
    let bench = Bench::new();
    let fresh = json!({
        "PortalSessionMinutes": 480, "FreshProofForConsent": false, "FreshProofForKeys": false,
    });
    assert_eq!(describe(&bench), fresh);
    for (settings, field) in [
        (json!({}), "PortalSessionMinutes"),
        (json!({"PortalSessionMinutes": 14}), "PortalSessionMinutes"),
        (json!({"PortalSessionMinutes": 129_601}), "PortalSessionMinutes"),
        (json!({"PortalSessionMinutes": 15, "InactivityMinutes": 4}), "InactivityMinutes"),
        (json!({"PortalSessionMinutes": 15, "FreshProofForKeys": 1}), "FreshProofForKeys"),
    ] {
        let refused = put(&bench, settings);
        assert!(matches!(&refused, Err(Fault::Invalid { field: it, .. }) if it == field));
    }
    assert_eq!(describe(&bench), fresh);
    let all = json!({
        "PortalSessionMinutes": 129_600, "InactivityMinutes": 60, "FreshProofForConsent": true,
        "FreshProofForKeys": true,
    });
    put(&bench, all.clone()).unwrap();
    assert_eq!(describe(&bench), all);
    put(&bench, json!({"PortalSessionMinutes": 480})).unwrap();
    assert_eq!(describe(&bench), fresh);
}

#[test]
fn a_session_lasts_as_long_as_the_instance_says() {
    let bench = Bench::new();
    bench.create_person("alice");
    for (minutes, expected_ms) in [(15, 15 * MINUTE_MS), (129_600, 90 * DAY_MS)] {
        put(&bench, json!({ "PortalSessionMinutes": minutes })).unwrap();
        let session = sign_in(&bench, PASSWORD);
        assert_eq!(session.session.expires_at_ms, START_MS + expected_ms);
    }
    put(&bench, json!({ "PortalSessionMinutes": 15 })).unwrap();
    let short = sign_in(&bench, PASSWORD);
    bench.clock.advance(15 * MINUTE_MS - 1);
    assert!(is_good(&bench, &short));
    bench.clock.advance(1);
    assert!(!is_good(&bench, &short));
}

#[test]
fn a_session_ends_by_inactivity_and_each_use_puts_that_off() {
    let bench = Bench::new();
    let (_, session) = bench.create_person("alice");
    put(&bench, json!({"PortalSessionMinutes": 480, "InactivityMinutes": 10})).unwrap();
    for _ in 0..3 {
        bench.clock.advance(9 * MINUTE_MS);
        assert!(is_good(&bench, &session));
        every_second(&bench.portico).unwrap();
    }
    bench.clock.advance(10 * MINUTE_MS - 1);
    assert!(
        is_good(&bench, &session),
        "a use that was not written yet counts from the last that was"
    );
    bench.clock.advance(10 * MINUTE_MS);
    assert!(!is_good(&bench, &session));
    // Nothing that comes later makes it good again.
    every_second(&bench.portico).unwrap();
    bench.clock.advance(10 * MINUTE_MS);
    assert!(!is_good(&bench, &session));
    put(&bench, json!({"PortalSessionMinutes": 480})).unwrap();
    assert!(is_good(&bench, &session), "without the setting it lasts to its end");
}

#[test]
fn a_use_is_written_at_most_once_a_minute() {
    let bench = Bench::new();
    let (_, session) = bench.create_person("alice");
    put(&bench, json!({"PortalSessionMinutes": 480, "InactivityMinutes": 10})).unwrap();
    let used_at_ms = || {
        let caller = bench.caller_of(&session).unwrap();
        every_second(&bench.portico).unwrap();
        let list = ListOwnSessionsRequest {};
        let own = bench.as_caller(&caller, |ctx| LIST.call(ctx, &list)).unwrap();
        own.sessions[0].used_at_ms - START_MS
    };
    let mut written = Vec::new();
    for _ in 0..6 {
        bench.clock.advance(25_000);
        written.push(used_at_ms());
    }
    assert_eq!(written, [0, 0, 75_000, 75_000, 75_000, 150_000]);
}

#[test]
fn a_person_sees_their_sessions_and_ends_them() {
    let bench = Bench::new();
    let (_, first) = bench.create_person("alice");
    let second = sign_in(&bench, PASSWORD);
    let third = sign_in(&bench, PASSWORD);
    let (_, of_bob) = bench.create_person("bob");
    let caller = bench.caller_of(&first).unwrap();
    let list = || {
        let own = bench.as_caller(&caller, |ctx| LIST.call(ctx, &ListOwnSessionsRequest {}));
        own.map(|own| own.sessions.len())
    };
    assert_eq!(list(), Ok(3));
    let end = |session: &NewSession| {
        let request = EndOwnSessionRequest { session_id: session.session.id.clone() };
        bench.as_caller(&caller, |ctx| END.call(ctx, &request))
    };
    // The session of another person is as unknown as one that there never was.
    assert!(matches!(end(&of_bob), Err(Fault::NotFound { .. })));
    assert!(is_good(&bench, &of_bob));
    assert_eq!(end(&second), Ok(()));
    assert!(matches!(end(&second), Err(Fault::NotFound { .. })));
    assert!(!is_good(&bench, &second) && is_good(&bench, &third));
    let others = EndOtherSessionsRequest {};
    bench.as_caller(&caller, |ctx| END_OTHERS.call(ctx, &others)).unwrap();
    assert!(is_good(&bench, &first) && !is_good(&bench, &third) && is_good(&bench, &of_bob));
    assert_eq!(list(), Ok(1));
    assert_eq!(bench.events("signin:EndOwnSession").len(), 3);
    assert_eq!(bench.events("signin:EndOtherOwnSessions").len(), 1);
}

fn change(bench: &Bench, by: &NewSession, current: &str, new: &str) -> Result<NewSession, Fault> {
    let request = UpdatePasswordRequest {
        current_password: current.to_owned(),
        new_password: new.to_owned(),
        confirm_password: new.to_owned(),
        browser: BROWSER.to_owned(),
    };
    let caller = bench.caller_of(by).unwrap();
    bench.as_caller(&caller, |ctx| update_password(ctx, &request))
}

#[test]
fn a_changed_password_signs_out_everywhere_else() {
    let bench = Bench::new();
    let (user, first) = bench.create_person("alice");
    let second = sign_in(&bench, PASSWORD);
    let new = format!("{PASSWORD}-2");
    let wrong = change(&bench, &first, "wrong", &new).unwrap_err();
    let must = "be the password that you signed in with";
    assert_eq!(wrong, Fault::invalid("Current password", must));
    let weak = change(&bench, &first, PASSWORD, "weak").unwrap_err();
    assert!(matches!(&weak, Fault::Invalid { field, .. } if field == "New password"));
    let again = change(&bench, &first, PASSWORD, PASSWORD).unwrap_err();
    assert_eq!(again, Fault::invalid("New password", "be none of your last three"));
    assert!(is_good(&bench, &second));

    let changed = change(&bench, &first, PASSWORD, &new).unwrap();
    assert_eq!(changed.session.id, first.session.id);
    assert!(is_good(&bench, &changed));
    // A copy of the former cookie is good no more.
    assert!(!is_good(&bench, &first) && !is_good(&bench, &second));
    sign_in(&bench, &new);
    let events = bench.events("signin:UpdatePassword");
    assert!(events.iter().all(|event| !event.details.contains(PASSWORD)));
    let done = events.iter().filter(|event| event.details.contains("sessionsEnded"));
    assert!(done.clone().all(|event| event.details.contains(user.as_str())));
    assert_eq!(done.count(), 1);
}

#[test]
fn who_found_a_browser_open_guesses_no_faster_than_a_stranger() {
    let bench = Bench::new();
    let (_, session) = bench.create_person("alice");
    let caller = bench.caller_of(&session).unwrap();
    let prove =
        |password: &str| bench.as_caller(&caller, |ctx| prove_identity(ctx, &typed(password)));
    let mut heard = 0;
    while matches!(prove("wrong"), Err(Fault::Invalid { .. })) {
        heard += 1;
        assert!(heard < 10);
    }
    assert!(matches!(prove(PASSWORD), Err(Fault::Throttled { .. })));
    assert!(matches!(bench.sign_in("alice", PASSWORD), Err(Fault::Throttled { .. })));
    bench.clock.advance(10 * MINUTE_MS);
    assert_eq!(prove(PASSWORD), Ok(IdentityProof::Given));
}

#[test]
fn a_proof_is_asked_for_where_the_instance_wants_one_and_lasts_five_minutes() {
    let bench = Bench::new();
    let (_, session) = bench.create_person("alice");
    let caller = bench.caller_of(&session).unwrap();
    let needed = |purpose| {
        let outcome = bench.as_caller(&caller, |ctx| require_proof(ctx, purpose));
        match outcome {
            Ok(()) => false,
            Err(Fault::NotAdmitted { must }) if must == PROOF_NEEDED => true,
            Err(other) => panic!("{other:?}"),
        }
    };
    bench.clock.advance(60 * MINUTE_MS);
    let both = || (needed(ProofPurpose::Consent), needed(ProofPurpose::Keys));
    assert_eq!(both(), (false, false));
    put(&bench, json!({"PortalSessionMinutes": 480, "FreshProofForConsent": true})).unwrap();
    assert_eq!(both(), (true, false));
    put(&bench, json!({"PortalSessionMinutes": 480, "FreshProofForKeys": true})).unwrap();
    assert_eq!(both(), (false, true));
    let given = bench.as_caller(&caller, |ctx| prove_identity(ctx, &typed(PASSWORD)));
    assert_eq!(given, Ok(IdentityProof::Given));
    assert_eq!(both(), (false, false));
    bench.clock.advance(5 * MINUTE_MS - 1);
    assert_eq!(both(), (false, false));
    bench.clock.advance(1);
    assert_eq!(both(), (false, true));
    // Keys are refused by the operation itself, not by its page alone.
    let keys = json!({"accountId": ACCOUNT, "roleName": "Any"});
    let refused = bench.call_as(&caller, "SSOPortal.GetRoleCredentials", &keys).unwrap_err();
    assert_eq!(refused, Fault::NotAdmitted { must: PROOF_NEEDED.into() });
}

#[test]
fn keys_end_at_the_next_call_when_the_person_ends_their_session() {
    let center = Center::new();
    let bench = &center.bench;
    let (alice, first) = bench.create_person("alice");
    let set = center.create_set_of("Reader", &["s3:ListBucket"]);
    center.assign(&for_user(&set, alice.as_str()));
    let keys = |session: &NewSession| {
        let caller = bench.caller_of(session).unwrap();
        let body = json!({"accountId": ACCOUNT, "roleName": "Reader"});
        let reply = bench.call_as(&caller, "SSOPortal.GetRoleCredentials", &body).unwrap();
        let text = |field: &str| reply["roleCredentials"][field].as_str().unwrap().to_owned();
        (text("accessKeyId"), text("sessionToken"))
    };
    let state = |(id, token): &(String, String)| {
        let caller = caller_of_token(&bench.portico, id, token);
        caller.map(drop).map_err(|rejection| rejection.fault().clone())
    };
    let (second, third) = (sign_in(bench, PASSWORD), sign_in(bench, PASSWORD));
    let [of_first, of_second, of_third] = [&first, &second, &third].map(keys);
    let caller = bench.caller_of(&first).unwrap();
    let request = EndOwnSessionRequest { session_id: second.session.id.clone() };
    bench.as_caller(&caller, |ctx| END.call(ctx, &request)).unwrap();
    assert_eq!(state(&of_second), Err(Fault::RevokedKey));
    assert_eq!((state(&of_first), state(&of_third)), (Ok(()), Ok(())));
    // With another password the keys of this browser end too: somebody may have copied its cookie.
    let changed = change(bench, &first, PASSWORD, &format!("{PASSWORD}-2")).unwrap();
    assert_eq!(state(&of_first), Err(Fault::RevokedKey));
    assert_eq!(state(&of_third), Err(Fault::RevokedKey));
    assert_eq!(state(&keys(&changed)), Ok(()));
}
