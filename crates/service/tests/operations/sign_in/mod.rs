//! Sign-in from the typed user name to the cookie, in memory and with a clock that is moved by
//! hand.

mod email_code;
mod former_passwords;
mod fresh_proof;
mod hashes;
mod history;
mod mfa;
mod own_devices;
mod passkey;
mod pauses;
mod policy;
mod rows;
mod security_key;

use std::sync::Arc;

use ::sign_in::authenticate::Authentication::{self, MustSetPassword, SignedIn, Wrong};
use ::sign_in::redeem_setup_link::{RedeemSetupLinkRequest, redeem_setup_link};
use ::sign_in::set_new_password::{SetNewPasswordRequest, set_new_password};
use ::sign_in::sign_out::sign_out;
use kernel::Portico;
use kernel::passwords::Passwords;
use kernel::startup::{is_setup_link_good, make_setup_link};
use model::Fault;
use model::ids::UserId;
use model::password::{HashCost, UserPassword};
use serde_json::json;
use store::user_password;
use testing::people::{BROWSER, CHEAP, PASSWORD, browser_of};
use testing::{Bench, START_MS};

const SECOND_MS: i64 = 1000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

fn is_signed_in(outcome: &Result<Authentication, Fault>) -> bool {
    matches!(outcome, Ok(SignedIn(_)))
}

fn is_wrong(outcome: &Result<Authentication, Fault>) -> bool {
    matches!(outcome, Ok(Wrong))
}

#[test]
fn a_one_time_password_leads_to_a_password_and_that_to_a_session() {
    let bench = Bench::new();
    let user = bench.create_user("alice");
    let one_time = bench.one_time_password(&user);
    let Ok(MustSetPassword { user_name, ticket }) = bench.sign_in(" ALICE ", &one_time) else {
        panic!("the one-time password is not known");
    };
    assert_eq!(user_name, "alice");
    let first = bench.set_password(&ticket, BROWSER, PASSWORD).unwrap();
    assert!(bench.caller_of(&first).is_ok());

    let Ok(SignedIn(second)) = bench.sign_in("Alice", PASSWORD) else { panic!("not signed in") };
    assert_eq!(second.session.user_id, user);
    assert_eq!(second.session.source_address, "192.0.2.1");
    assert_eq!(second.session.expires_at_ms, START_MS + 8 * HOUR_MS);
    assert!(bench.caller_of(&first).is_ok() && bench.caller_of(&second).is_ok());
    bench.clock.advance(8 * HOUR_MS);
    assert_eq!(bench.caller_of(&second).err(), Some(Fault::NoSession));
}

#[test]
fn a_one_time_password_is_good_once_and_for_a_day() {
    let bench = Bench::new();
    let user = bench.create_user("alice");
    let one_time = bench.one_time_password(&user);
    assert!(matches!(bench.sign_in("alice", &one_time), Ok(MustSetPassword { .. })));
    assert!(is_wrong(&bench.sign_in("alice", &one_time)));

    let (first, second) = (bench.one_time_password(&user), bench.one_time_password(&user));
    assert!(is_wrong(&bench.sign_in("alice", &first)));
    bench.clock.advance(DAY_MS - 1);
    assert!(matches!(bench.sign_in("alice", &second), Ok(MustSetPassword { .. })));
    let third = bench.one_time_password(&user);
    bench.clock.advance(DAY_MS);
    assert!(is_wrong(&bench.sign_in("alice", &third)));
}

#[test]
fn a_ticket_is_good_in_its_browser_for_a_quarter_of_an_hour_and_once() {
    let bench = Bench::new();
    let user = bench.create_user("alice");
    let refused = |ticket: &str, browser: &str| {
        bench.set_password(ticket, browser, PASSWORD).err() == Some(Fault::NoSession)
    };
    let ticket = bench.ticket(&user, "alice");
    assert!(refused(&ticket, "another browser") && refused(&ticket, "") && refused("", BROWSER));
    bench.clock.advance(15 * MINUTE_MS);
    assert!(refused(&ticket, BROWSER));

    let ticket = bench.ticket(&user, "alice");
    assert!(bench.set_password(&ticket, BROWSER, PASSWORD).is_ok());
    assert!(refused(&ticket, BROWSER));

    let ticket = bench.ticket(&user, "alice");
    bench.one_time_password(&user);
    assert!(refused(&ticket, BROWSER));

    let ticket = bench.ticket(&user, "alice");
    bench.admin("DisableUser", &user, json!({})).unwrap();
    assert!(refused(&ticket, BROWSER));
}

#[test]
fn a_new_password_keeps_to_the_rules() {
    let bench = Bench::new();
    let user = bench.create_user("alice@example.com");
    let ticket = bench.ticket(&user, "alice@example.com");
    for (password, must) in [
        ("no-digit-Here", "hold a digit (0-9)"),
        (
            "Welcome-2026",
            "not be one that is known from leaks, nor a common word with a few signs added",
        ),
        ("my-Alice-2026!", "not hold your user name, e-mail address or name"),
    ] {
        let fault = bench.set_password(&ticket, BROWSER, password).unwrap_err();
        assert_eq!(fault, Fault::invalid("New password", must));
    }
    let request = SetNewPasswordRequest {
        ticket,
        browser: browser_of(BROWSER),
        new_password: PASSWORD.to_owned(),
        confirm_password: format!("{PASSWORD} "),
    };
    let outcome = bench.as_caller(&Portico::anonymous(), |ctx| set_new_password(ctx, &request));
    let must = "be the same as the new password";
    assert_eq!(outcome.unwrap_err(), Fault::invalid("Confirm password", must));
}

#[test]
fn none_of_the_last_three_passwords_is_taken_again() {
    let bench = Bench::new();
    let user = bench.create_user("alice");
    let set = |password: &str| {
        let ticket = bench.ticket(&user, "alice");
        bench.set_password(&ticket, BROWSER, password).map(drop)
    };
    let own = |number: u32| format!("{PASSWORD}-{number}");
    let refused = Err(Fault::invalid("New password", "be none of your last three"));
    for number in 1..=3 {
        assert_eq!(set(&own(number)), Ok(()));
    }
    for number in 1..=3 {
        assert_eq!(set(&own(number)), refused);
    }
    assert_eq!(set(&own(4)), Ok(()));
    assert_eq!(set(&own(1)), Ok(()));
}

#[test]
fn whoever_cannot_sign_in_gets_the_same_answer_for_the_same_work() {
    let bench = Bench::new();
    bench.create_user("without-password");
    let (disabled, _) = bench.create_person("disabled");
    bench.admin("DisableUser", &disabled, json!({})).unwrap();
    bench.create_person("enabled");
    let late = bench.create_user("late");
    let one_time = bench.one_time_password(&late);
    bench.clock.advance(DAY_MS);
    for (address, user_name, password) in [
        ("192.0.2.10", "nobody", PASSWORD),
        ("192.0.2.11", "", PASSWORD),
        ("192.0.2.12", &"x".repeat(5000), PASSWORD),
        ("192.0.2.13", "without-password", PASSWORD),
        ("192.0.2.14", "disabled", PASSWORD),
        ("192.0.2.15", "disabled", "wrong"),
        ("192.0.2.16", "enabled", "wrong"),
        ("192.0.2.17", "late", &one_time),
    ] {
        let (work, events) = (bench.portico.passwords.work(), log(&bench));
        let outcome = bench.sign_in_from(address, "unknown", user_name, password);
        assert!(is_wrong(&outcome), "{user_name:?}: {outcome:?}");
        assert_eq!(bench.portico.passwords.work(), work + CHEAP.work(), "{user_name:?}");
        assert_eq!(log(&bench), [events[0] + 1, events[1] + 1, events[2]]);
    }
}

/// Counts the challenges, failed verifications and authentications in the log.
fn log(bench: &Bench) -> [usize; 3] {
    let count = |action| bench.events(action).len();
    [
        count("signin:CredentialChallenge"),
        count("signin:CredentialVerification"),
        count("signin:UserAuthentication"),
    ]
}

#[test]
fn a_password_is_hashed_anew_when_the_cost_changed() {
    let mut bench = Bench::new();
    let (user, _) = bench.create_person("alice");
    let dearer = HashCost { memory_kib: 128, ..CHEAP };
    let passwords = Passwords::with_cost(1, 8, dearer);
    Arc::get_mut(&mut bench.portico).unwrap().passwords = passwords;
    for nobody in ["alice", "nobody"] {
        let work = bench.portico.passwords.work();
        assert!(is_wrong(&bench.sign_in(nobody, "wrong")));
        assert_eq!(bench.portico.passwords.work(), work + dearer.work(), "{nobody}");
    }
    assert_eq!(cost(&bench, &user), CHEAP);
    assert!(is_signed_in(&bench.sign_in("alice", PASSWORD)));
    assert_eq!(cost(&bench, &user), dearer);
    let work = bench.portico.passwords.work();
    assert!(is_signed_in(&bench.sign_in("alice", PASSWORD)));
    assert_eq!(bench.portico.passwords.work(), work + dearer.work());
}

fn cost(bench: &Bench, user: &UserId) -> HashCost {
    kept_password(bench, user).hash.cost
}

fn kept_password(bench: &Bench, user: &UserId) -> UserPassword {
    let store_id = bench.store_id().parse().unwrap();
    bench.as_caller(&Portico::itself(), |ctx| {
        let permit = ctx.authorize("portico:ReadStanding", "*").unwrap();
        let mut read = ctx.read(&permit).unwrap();
        user_password::find(&mut read, &store_id, user).unwrap().unwrap()
    })
}

#[test]
fn the_name_that_is_typed_is_compared_as_names_are_everywhere() {
    let bench = Bench::new();
    bench.create_person("josé@münchen.example");
    for typed in [
        "JOSÉ@MÜNCHEN.EXAMPLE",
        "jose\u{301}@mu\u{308}nchen.example",
        "\u{ff4a}osé@xn--mnchen-3ya.example",
        " jos\u{200d}é@münchen.example ",
    ] {
        assert!(is_signed_in(&bench.sign_in(typed, PASSWORD)), "{typed}");
    }
    // A letter of another script is another name.
    assert!(is_wrong(&bench.sign_in("j\u{43e}sé@münchen.example", PASSWORD)));
}

#[test]
fn signing_out_ends_the_session_and_no_other() {
    let bench = Bench::new();
    let (_, first) = bench.create_person("alice");
    let Ok(SignedIn(second)) = bench.sign_in("alice", PASSWORD) else { panic!("not signed in") };
    let caller = bench.caller_of(&first).unwrap();
    bench.as_caller(&caller, |ctx| sign_out(ctx, &())).unwrap();
    assert_eq!(bench.caller_of(&first).err(), Some(Fault::NoSession));
    assert!(bench.caller_of(&second).is_ok());
    let again = bench.as_caller(&caller, |ctx| sign_out(ctx, &()));
    assert_eq!(again, Err(Fault::NoSession));
    let stranger = bench.as_caller(&Portico::anonymous(), |ctx| sign_out(ctx, &()));
    assert_eq!(stranger, Err(Fault::NoSession));
}

#[test]
fn nobody_who_is_disabled_or_deleted_goes_on_and_nothing_comes_back() {
    let bench = Bench::new();
    let (user, session) = bench.create_person("alice");
    bench.admin("DisableUser", &user, json!({})).unwrap();
    assert_eq!(bench.caller_of(&session).err(), Some(Fault::NoSession));
    bench.admin("EnableUser", &user, json!({})).unwrap();
    assert_eq!(bench.caller_of(&session).err(), Some(Fault::NoSession));
    let Ok(SignedIn(session)) = bench.sign_in("alice", PASSWORD) else { panic!("not signed in") };
    let body = json!({"IdentityStoreId": bench.store_id(), "UserId": user.to_string()});
    bench.call("AWSIdentityStore.DeleteUser", &body).unwrap();
    assert_eq!(bench.caller_of(&session).err(), Some(Fault::NoSession));
    assert!(is_wrong(&bench.sign_in("alice", PASSWORD)));
}

#[test]
fn the_log_names_the_person_and_nothing_that_somebody_typed() {
    let bench = Bench::new();
    let (user, _) = bench.create_person("alice");
    let typed = "My-Secret-typed-as-name-1";
    assert!(is_wrong(&bench.sign_in(typed, typed)));
    assert!(is_signed_in(&bench.sign_in("alice", PASSWORD)));
    let mut of_person = 0;
    for action in ["CredentialChallenge", "CredentialVerification", "UserAuthentication"] {
        for event in bench.events(&format!("signin:{action}")) {
            assert_eq!(event.source_address, "192.0.2.1");
            assert!(event.details.contains("PASSWORD"), "{}", event.details);
            for secret in [typed, PASSWORD, BROWSER] {
                assert!(!event.details.contains(secret), "{}", event.details);
            }
            let names_person = event.details.contains(user.as_str());
            assert!(names_person || event.details.contains("HIDDEN_DUE_TO_SECURITY_REASONS"));
            of_person += usize::from(names_person);
        }
    }
    // A challenge and an authentication each for the one-time password and for the password.
    assert_eq!(of_person, 4);
    let of_new_password = bench.events("signin:SetPassword");
    assert_eq!(of_new_password.len(), 1);
    assert!(!of_new_password[0].details.contains(PASSWORD));
}

#[test]
fn a_set_up_link_is_good_once_and_for_a_day() {
    let bench = Bench::new();
    let redeem = |token: &str| {
        let request = RedeemSetupLinkRequest { token: token.to_owned() };
        bench.as_caller(&Portico::anonymous(), |ctx| redeem_setup_link(ctx, &request))
    };
    let make = || bench.as_caller(&Portico::itself(), make_setup_link).unwrap();
    let is_good =
        |token: &str| bench.as_caller(&Portico::itself(), |ctx| is_setup_link_good(ctx, token));
    let (older, token) = (make(), make());
    for void in [&older, "", "x"] {
        assert_eq!(is_good(void), Ok(false));
        assert!(redeem(void).is_err());
    }
    assert_eq!(is_good(&token), Ok(true));
    assert_eq!(redeem(&token), Ok(()));
    assert_eq!(is_good(&token), Ok(false));
    assert!(redeem(&token).is_err());
    let token = make();
    bench.clock.advance(DAY_MS);
    assert_eq!(is_good(&token), Ok(false));
    assert!(redeem(&token).is_err());
    assert_eq!(bench.events("signin:RedeemSetUpLink").len(), 1);
}
