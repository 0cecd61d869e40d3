//! Device codes, RFC 8628: the client polls, the person decides.

use ::oauth::device::{approve_device, confirm_device, deny_device, find_device};
use ::sign_in::authenticate::Authentication;
use ::sign_in::sign_out::sign_out;
use kernel::Portico;
use model::session::SessionKind;
use model::{Fault, OAuthError};
use serde_json::json;
use store::session;
use testing::people::PASSWORD;

use super::{HOUR_MS, SECOND_MS, World, error, text};

const UNKNOWN: &str = "be one that waits for you. Look at your device, or start again there";

fn unknown() -> Fault {
    Fault::invalid("Code", UNKNOWN)
}

#[test]
fn a_person_lets_a_command_line_in() {
    let world = World::new();
    let app = world.device_app();
    let started = world.start_device(&app).unwrap();
    let code = text(&started, "userCode");
    assert_eq!((&started["expiresIn"], &started["interval"]), (&json!(600), &json!(1)));
    assert_eq!(started["verificationUri"], "http://localhost:8080/device");
    let complete = format!("http://localhost:8080/device?user_code={code}");
    assert_eq!(started["verificationUriComplete"], complete.as_str());
    assert_eq!(error(world.poll(&app, &started)), OAuthError::AuthorizationPending);

    let typed = code.replace('-', " ").to_lowercase();
    let shown = world.step(&world.portal, find_device, &typed).unwrap();
    assert_eq!(shown.client_name.as_str(), "botocore-client-test");
    assert_eq!((shown.source_address.as_str(), shown.user_agent.as_str()), ("192.0.2.1", "test"));
    world.step(&world.portal, confirm_device, &typed).unwrap();
    assert_eq!(error(world.poll(&app, &started)), OAuthError::AuthorizationPending);
    world.step(&world.portal, approve_device, &typed).unwrap();

    let tokens = world.poll(&app, &started).unwrap();
    assert_eq!((&tokens["tokenType"], &tokens["expiresIn"]), (&json!("Bearer"), &json!(3600)));
    assert!(world.is_good(&tokens));
    assert!(tokens["refreshToken"].is_string());
    // The code is single-use.
    assert_eq!(error(world.poll(&app, &started)), OAuthError::InvalidGrant);
    assert_eq!(world.step(&world.portal, approve_device, &code), Err(unknown()));
    assert!(world.is_good(&tokens));
}

#[test]
fn a_person_refuses_a_command_line() {
    let world = World::new();
    let app = world.device_app();
    let started = world.start_device(&app).unwrap();
    let code = text(&started, "userCode");
    world.step(&world.portal, confirm_device, &code).unwrap();
    world.step(&world.portal, deny_device, &code).unwrap();
    assert_eq!(error(world.poll(&app, &started)), OAuthError::AccessDenied);
    assert_eq!(world.step(&world.portal, approve_device, &code), Err(unknown()));
}

#[test]
fn a_client_without_scopes_has_one_token_for_the_whole_session() {
    let world = World::new();
    let legacy = world.register(&json!({"clientName": "old", "clientType": "public"}));
    let tokens = world.tokens(&legacy);
    assert!(tokens.get("refreshToken").is_none());
    assert_eq!(tokens["expiresIn"], 8 * 3600 - 1);
    world.bench.clock.advance(8 * HOUR_MS - 2 * SECOND_MS);
    assert!(world.is_good(&tokens));
    world.bench.clock.advance(SECOND_MS);
    assert!(!world.is_good(&tokens));
}

#[test]
fn a_client_that_polls_too_fast_is_told_to_slow_down() {
    let world = World::new();
    let app = world.device_app();
    let started = world.start_device(&app).unwrap();
    assert_eq!(error(world.poll_at_once(&app, &started)), OAuthError::AuthorizationPending);
    assert_eq!(error(world.poll_at_once(&app, &started)), OAuthError::SlowDown);
    world.bench.clock.advance(SECOND_MS / 2);
    assert_eq!(error(world.poll_at_once(&app, &started)), OAuthError::SlowDown);
    world.bench.clock.advance(SECOND_MS / 2);
    assert_eq!(error(world.poll_at_once(&app, &started)), OAuthError::AuthorizationPending);
}

// On PostgreSQL the exchange of an allowed code may contend, and is done again within milliseconds.
#[test]
fn a_client_that_was_let_in_gets_its_tokens_however_soon_it_asks_again() {
    let world = World::new();
    let app = world.device_app();
    let started = world.start_device(&app).unwrap();
    let code = text(&started, "userCode");
    world.step(&world.portal, confirm_device, &code).unwrap();
    assert_eq!(error(world.poll_at_once(&app, &started)), OAuthError::AuthorizationPending);
    world.step(&world.portal, approve_device, &code).unwrap();
    assert!(world.is_good(&world.poll_at_once(&app, &started).unwrap()));
}

#[test]
fn a_device_code_runs_out_after_ten_minutes() {
    let world = World::new();
    let app = world.device_app();
    let started = world.start_device(&app).unwrap();
    let code = text(&started, "userCode");
    world.step(&world.portal, confirm_device, &code).unwrap();
    world.bench.clock.advance(600 * SECOND_MS);
    assert_eq!(world.step(&world.portal, approve_device, &code), Err(unknown()));
    assert_eq!(error(world.poll(&app, &started)), OAuthError::ExpiredToken);
}

#[test]
fn a_device_code_is_its_own_clients() {
    let world = World::new();
    let (app, other) = (world.device_app(), world.device_app());
    let started = world.start_device(&app).unwrap();
    assert_eq!(error(world.poll(&other, &started)), OAuthError::InvalidGrant);
    let unknown = json!({"deviceCode": "unknown"});
    assert_eq!(error(world.poll(&app, &unknown)), OAuthError::InvalidGrant);
}

#[test]
fn whoever_typed_the_code_decides_and_nobody_else() {
    let world = World::new();
    let (_, bobs) = world.bench.create_person("bob");
    let app = world.device_app();
    let code = text(&world.start_device(&app).unwrap(), "userCode");
    // A decision before the confirmation is refused.
    assert_eq!(world.step(&world.portal, approve_device, &code), Err(unknown()));
    world.step(&world.portal, confirm_device, &code).unwrap();
    for step in [confirm_device, approve_device, deny_device] {
        assert_eq!(world.step(&bobs, step, &code), Err(unknown()));
    }
    // Alice confirms again in another browser, and decides there.
    let Ok(Authentication::SignedIn(second)) = world.bench.sign_in("alice", PASSWORD) else {
        panic!("not signed in");
    };
    assert_eq!(world.step(&second, approve_device, &code), Err(unknown()));
    world.step(&second, confirm_device, &code).unwrap();
    assert_eq!(world.step(&world.portal, approve_device, &code), Err(unknown()));
    world.step(&second, approve_device, &code).unwrap();
}

#[test]
fn a_client_that_was_let_in_cannot_let_in_another() {
    let world = World::new();
    let app = world.device_app();
    let token = text(&world.tokens(&app), "accessToken");
    let caller =
        kernel::credentials::person::caller_of_access_token(&world.bench.portico, &token).unwrap();
    let code = text(&world.start_device(&app).unwrap(), "userCode");
    let request = ::oauth::device::DeviceRequest { user_code: code };
    for step in [find_device, confirm_device, approve_device, deny_device] {
        let outcome = world.bench.as_caller(&caller, |ctx| step(ctx, &request));
        assert_eq!(outcome, Err(Fault::NoSession));
        let stranger = world.bench.as_caller(&Portico::anonymous(), |ctx| step(ctx, &request));
        assert_eq!(stranger, Err(Fault::NoSession));
    }
}

#[test]
fn guessing_codes_is_slowed_down() {
    let world = World::new();
    for number in 0..10_u8 {
        let code = format!("BCDF-GHJ{}", char::from(b"BCDFGHJKLM"[usize::from(number)]));
        assert_eq!(world.step(&world.portal, find_device, &code), Err(unknown()));
    }
    let code = text(&world.start_device(&world.device_app()).unwrap(), "userCode");
    let throttled = Err(Fault::Throttled { retry_after_seconds: 1 });
    assert_eq!(world.step(&world.portal, confirm_device, &code), throttled);
    world.bench.clock.advance(SECOND_MS);
    assert!(world.step(&world.portal, confirm_device, &code).is_ok());
}

#[test]
fn one_place_has_so_many_codes_waiting_and_no_more() {
    let world = World::new();
    let app = world.device_app();
    for _ in 0..200 {
        assert!(world.start_device(&app).is_ok());
    }
    let full = Err(Fault::Throttled { retry_after_seconds: 60 });
    assert_eq!(world.start_device(&app), full);
    world.bench.clock.advance(600 * SECOND_MS);
    assert!(world.start_device(&app).is_ok());
}

#[test]
fn logins_that_are_over_take_no_place() {
    let world = World::new();
    let app = world.device_app();
    // Three hundred people of one office in five minutes, every third of whom refuses.
    for number in 0..300 {
        if number % 3 == 0 {
            let code = text(&world.start_device(&app).unwrap(), "userCode");
            world.step(&world.portal, confirm_device, &code).unwrap();
            world.step(&world.portal, deny_device, &code).unwrap();
            world.bench.clock.advance(SECOND_MS);
        } else {
            assert!(world.is_good(&world.tokens(&app)), "{number}");
        }
    }
    assert!(world.start_device(&app).is_ok());
}

#[test]
fn networks_of_one_block_share_its_places() {
    let world = World::new();
    let app = world.device_app();
    let start = |address: &str| {
        let body = json!({
            "clientId": app.id, "clientSecret": app.secret, "startUrl": world.start_url(),
        });
        let operation = "SSOOIDC.StartDeviceAuthorization";
        world.bench.call_from(address, &Portico::anonymous(), operation, &body)
    };
    // Each address is in a /64 of its own, 256 of which are a /56. All of them are in one /48.
    let rotating = (0..600).filter(|number| start(&format!("2001:db8:7:{number:x}::1")).is_ok());
    assert_eq!(rotating.count(), 500);
    let site =
        (0..400).filter(|number| start(&format!("2001:db8:8:1{:x}::1", number % 16)).is_ok());
    assert_eq!(site.count(), 300);
    assert!(start("2001:db8:9::1").is_ok());
    assert!(start("192.0.2.1").is_ok());
}

#[test]
fn a_code_leaves_its_event_when_it_is_confirmed() {
    let world = World::new();
    let app = world.device_app();
    let before = world.bench.log().len();
    let code = text(&world.start_device(&app).unwrap(), "userCode");
    assert_eq!(world.bench.log().len(), before);
    world.step(&world.portal, confirm_device, &code).unwrap();
    let [confirmed] = world.bench.events("signin:AuthorizeDevice").try_into().unwrap();
    for part in [
        r#""decision":"CONFIRM""#,
        r#""clientName":"botocore-client-test""#,
        r#""requestedFrom":"192.0.2.1""#,
    ] {
        assert!(confirmed.details.contains(part), "{}", confirmed.details);
    }
}

#[test]
fn what_a_portal_session_let_in_ends_with_it() {
    let world = World::new();
    let app = world.device_app();
    let tokens = world.tokens(&app);
    let waiting = world.start_device(&app).unwrap();
    let code = text(&waiting, "userCode");
    world.step(&world.portal, confirm_device, &code).unwrap();
    world.step(&world.portal, approve_device, &code).unwrap();

    let caller = world.bench.caller_of(&world.portal).unwrap();
    world.bench.as_caller(&caller, |ctx| sign_out(ctx, &())).unwrap();
    assert!(!world.is_good(&tokens));
    let refreshed = world.refresh(&app, &text(&tokens, "refreshToken"));
    assert_eq!(error(refreshed), OAuthError::InvalidGrant);
    assert_eq!(error(world.poll(&app, &waiting)), OAuthError::AccessDenied);
}

#[test]
fn a_client_session_says_where_it_was_asked_for() {
    let world = World::new();
    world.tokens(&world.device_app());
    let store_id = world.bench.store_id().parse().unwrap();
    let user_id = &world.portal.session.user_id;
    let sessions = world.bench.as_caller(&Portico::itself(), |ctx| {
        let permit = ctx.authorize("portico:ReadStanding", "*").unwrap();
        let mut read = ctx.read(&permit).unwrap();
        session::list_of_user(&mut read, &store_id, user_id, ctx.now_ms(), "", 10).unwrap()
    });
    let client = sessions.iter().find(|session| session.kind != SessionKind::Portal).unwrap();
    let parent_id = world.portal.session.id.clone();
    let client_name = "botocore-client-test".parse().unwrap();
    assert_eq!(client.kind, SessionKind::Client { parent_id, client_name });
    assert_eq!(client.expires_at_ms, world.portal.session.expires_at_ms);
    assert_eq!(client.source_address, "192.0.2.1");
}
