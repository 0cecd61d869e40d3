//! Registration, codes, and a wrong clock.

use ::sign_in::sequence::{Ask, Progress, SecondStep};
use ::sign_in::verify_totp::WrongCode;
use kernel::Portico;
use model::Fault;
use model::mfa::MfaType;
use serde_json::json;
use testing::people::{App, BROWSER, browser_of};

use super::{HOUR_MS, MINUTE_MS, STEP_MS, World, devices, right, signed_in, without_device, wrong};

#[test]
fn a_person_without_a_device_registers_one_before_a_session_begins() {
    let (bench, user) = without_device();
    let browser = browser_of(BROWSER);
    let sessions = || bench.admin("ListSessions", &user, json!({})).unwrap()["Sessions"].clone();
    let before = sessions();
    let step = bench.second_step("alice", &browser);
    assert_eq!(step.user_name, "alice");
    assert_eq!(step.ask, Ask::Register { types: vec![MfaType::Totp, MfaType::Webauthn] });
    assert_eq!(sessions(), before);

    let offer = bench.offer(&step, &browser).unwrap();
    let app = App::of(&offer);
    assert!(offer.address.starts_with("otpauth://totp/Bench:alice?secret="));
    let register = |code: &str| bench.register(&step, &browser, (&offer, code));
    for code in ["", "000000", "abcdef"] {
        let fault = register(code).unwrap_err();
        assert!(matches!(&fault, Fault::Invalid { field, .. } if field == "MFA code"), "{fault:?}");
    }
    assert_eq!((sessions(), devices(&bench, &user)), (before, Vec::new()));

    let code = app.code_at(bench.portico.clock.now_ms());
    let session = signed_in(register(&code).unwrap());
    assert!(bench.caller_of(&session).is_ok());
    let found = devices(&bench, &user);
    assert_eq!((found.len(), found[0].name.as_str()), (1, "Phone"));
    // The page that was used is over, and so is the code.
    assert_eq!(register(&code).unwrap_err(), Fault::NoSession);
    assert_eq!(bench.offer(&step, &browser).err(), Some(Fault::NoSession));
    let step = bench.second_step("alice", &browser);
    let (why, _) = wrong(bench.type_code(&step, &browser, (&code, false)));
    assert_eq!(why, WrongCode::Used);
}

#[test]
fn the_new_password_comes_before_the_second_factor() {
    let (bench, _) = without_device();
    let (user, progress) = bench.begin_person("bob");
    let Progress::SecondStep(step) = progress else { panic!("it asks for nothing") };
    let browser = browser_of(BROWSER);
    let offer = bench.offer(&step, &browser).unwrap();
    let code = App::of(&offer).code_at(bench.portico.clock.now_ms());
    // A ticket is good at its own stage only.
    let ticket = bench.ticket(&bench.create_user("carol"), "carol");
    let early = SecondStep { ticket, user_name: String::new(), ask: step.ask.clone() };
    assert_eq!(bench.admin("ListSessions", &user, json!({})).unwrap()["Sessions"], json!([]));
    let refused = bench.register(&early, &browser, (&offer, &code));
    assert_eq!(refused.unwrap_err(), Fault::NoSession);
    assert_eq!(
        bench.set_password(&step.ticket, BROWSER, "Another-Horse-10").err(),
        Some(Fault::NoSession)
    );
    signed_in(bench.register(&step, &browser, (&offer, &code)).unwrap());
}

#[test]
fn a_code_lets_in_once() {
    let world = World::new();
    let (step, code) = (world.step(), world.code());
    assert_eq!(step.ask, Ask::Device { types: vec![MfaType::Totp], may_trust: true });
    let (why, _) = wrong(world.type_code(&step, "000000"));
    assert_eq!(why, WrongCode::Mistyped);
    let session = right(world.type_code(&step, &code));
    assert!(world.bench.caller_of(&session).is_ok());
    let (why, _) = wrong(world.type_code(&world.step(), &code));
    assert_eq!(why, WrongCode::Used);
    // The code before it is over, too: codes go forward.
    world.bench.clock.advance(STEP_MS);
    right(world.type_code(&world.step(), &world.code()));
}

#[test]
fn a_code_of_a_neighbouring_step_is_right() {
    for late_ms in [-STEP_MS, 0, STEP_MS] {
        let world = World::new();
        world.bench.clock.advance(2 * STEP_MS);
        let code = world.app.code_at(world.bench.portico.clock.now_ms() - late_ms);
        right(world.type_code(&world.step(), &code));
        assert_eq!(world.devices()[0].drift_steps, 0);
    }
}

#[test]
fn two_codes_in_a_row_tell_of_a_wrong_clock() {
    let world = World::new();
    world.bench.clock.advance(HOUR_MS);
    let ahead_ms = 5 * MINUTE_MS;
    let shown = || world.app.code_at(world.bench.portico.clock.now_ms() + ahead_ms);
    let (why, step) = wrong(world.type_code(&world.step(), &shown()));
    assert_eq!(why, WrongCode::OutOfStep);
    // One code twice says no more.
    let (why, _) = wrong(world.type_code(&step, &shown()));
    assert_eq!(why, WrongCode::OutOfStep);
    world.bench.clock.advance(STEP_MS);
    // Without the ticket of the first code the second is a first one.
    let (why, _) = wrong(world.type_code(&world.step(), &shown()));
    assert_eq!(why, WrongCode::OutOfStep);
    // Events of one millisecond are in no order.
    world.bench.clock.advance(1);
    right(world.type_code(&step, &shown()));
    assert_eq!(world.devices()[0].drift_steps, 10);
    let last = world.bench.events("signin:UserAuthentication").pop().unwrap();
    assert!(last.details.contains("RESYNC_TOTP"), "{}", last.details);
    // From now on the clock of the app counts.
    world.bench.clock.advance(STEP_MS);
    right(world.type_code(&world.step(), &shown()));
}

#[test]
fn a_ticket_is_good_in_its_browser_for_its_time_and_for_the_password_of_then() {
    let world = World::new();
    let step = world.step();
    let code = world.code();
    for browser in ["another", ""] {
        let outcome = world.bench.type_code(&step, &browser_of(browser), (&code, false));
        assert_eq!(outcome.unwrap_err(), Fault::NoSession);
    }
    world.bench.clock.advance(15 * MINUTE_MS);
    assert_eq!(world.type_code(&step, &world.code()).unwrap_err(), Fault::NoSession);

    let step = world.step();
    world.bench.admin("DisableUser", &world.user, json!({})).unwrap();
    assert_eq!(world.type_code(&step, &world.code()).unwrap_err(), Fault::NoSession);
    world.bench.admin("EnableUser", &world.user, json!({})).unwrap();
    world.bench.one_time_password(&world.user);
    assert_eq!(world.type_code(&step, &world.code()).unwrap_err(), Fault::NoSession);
}

#[test]
fn codes_cannot_be_guessed() {
    let world = World::new();
    let step = world.bench.second_step("alice", &browser_of("a stranger's"));
    let guess = |address: &str| {
        let request = ::sign_in::verify_totp::VerifyTotpRequest {
            ticket: step.ticket.clone(),
            browser: browser_of("a stranger's"),
            code: "000000".to_owned(),
            trusts: false,
        };
        world.bench.as_caller_from(address, &Portico::anonymous(), |ctx| {
            ::sign_in::verify_totp::verify_totp(ctx, &request)
        })
    };
    let outcomes: Vec<_> = (0..40).map(|number| guess(&format!("198.51.100.{number}"))).collect();
    let heard = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(heard, 10);
    assert!(matches!(outcomes[39], Err(Fault::Throttled { .. })));
    // The stranger knows the password, and that makes no browser known.
    let again = world.bench.second_step("alice", &browser_of("a stranger's"));
    let code = world.code();
    let outcome = world.bench.type_code(&again, &browser_of("a stranger's"), (&code, false));
    assert!(matches!(outcome, Err(Fault::Throttled { .. })), "{outcome:?}");
    // The person goes on in their own browser.
    right(world.type_code(&world.step(), &code));
}

#[test]
fn the_log_tells_each_step_and_no_secret() {
    let world = World::new();
    let code = world.code();
    wrong(world.type_code(&world.step(), "000000"));
    let step = world.step();
    // Events of one millisecond are in no order.
    world.bench.clock.advance(1);
    right(world.type_code(&step, &code));
    let log = world.bench.log();
    let of = |action: &str| {
        let events = log.iter().filter(|event| event.action == format!("signin:{action}"));
        events.map(|event| event.details.as_str()).collect::<Vec<_>>()
    };
    assert!(of("UserAuthentication").iter().any(|it| it.contains("DeviceEnrollmentRequired")));
    assert!(of("UserAuthentication").iter().any(|it| it.contains("SecondFactorRequired")));
    assert_eq!(of("CompleteVirtualMfaDeviceRegistration").len(), 1);
    assert!(of("CredentialVerification").iter().any(|it| it.contains("the code is wrong")));
    let last = of("UserAuthentication").pop().unwrap();
    assert!(last.contains("\"CredentialType\":\"TOTP\"") && last.contains("sessionId"), "{last}");
    assert!(log.iter().all(|event| !event.details.contains(&code)));
}
