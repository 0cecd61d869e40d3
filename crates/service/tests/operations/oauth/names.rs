//! Names in the log: whoever a token or a code was made for, whatever becomes of the request.

use kernel::strangers::{HOUR_MS, REJECTED_DAY_MAX};
use serde_json::{Value, json};

use super::code::exchange;
use super::{App, World, text};

const ACTION: &str = "sso-oauth:CreateToken";

/// What the log says about a request for tokens.
#[derive(Debug)]
struct Logged {
    identity: Value,
    caller_arn: String,
    error: Option<String>,
}

impl World {
    /// The events that `act` leaves, oldest first.
    fn logged_by(&self, act: impl FnOnce()) -> Vec<Logged> {
        let before = self.bench.events(ACTION).len();
        self.bench.clock.advance(1);
        act();
        let events = self.bench.events(ACTION).into_iter().skip(before);
        events
            .map(|event| Logged {
                identity: serde_json::from_str(&event.identity).unwrap(),
                caller_arn: event.caller_arn,
                error: event.error,
            })
            .collect()
    }

    /// Fails unless `act` leaves events, all of them under the name of the person.
    #[track_caller]
    fn assert_named(&self, act: impl FnOnce()) -> Vec<Logged> {
        let events = self.logged_by(act);
        assert!(!events.is_empty());
        let session = &self.portal.session;
        let person =
            json!({"userId": session.user_id, "identityStoreId": session.identity_store_id});
        for event in &events {
            assert_eq!(event.identity["type"], "IdentityCenterUser", "{event:?}");
            assert_eq!(event.identity["onBehalfOf"], person, "{event:?}");
            assert!(event.identity["credentialId"].is_string(), "{event:?}");
            assert_eq!(event.caller_arn, session.user_id.arn(), "{event:?}");
        }
        events
    }
}

#[test]
fn tokens_that_are_given_out_name_the_person() {
    let world = World::new();
    let app = world.device_app();
    let mut tokens = Value::Null;
    world.assert_named(|| tokens = world.tokens(&app));
    world.assert_named(|| drop(world.refresh(&app, &text(&tokens, "refreshToken")).unwrap()));
}

#[test]
fn an_authorization_code_names_the_person_at_each_use() {
    let world = World::new();
    let app = world.code_app();
    let code = world.code(&app);
    world.assert_named(|| drop(world.create_token(&app, &exchange(&code)).unwrap()));
    let again =
        world.assert_named(|| drop(world.create_token(&app, &exchange(&code)).unwrap_err()));
    let refusals = again.iter().filter(|event| event.error.is_some());
    assert_eq!((again.len(), refusals.count()), (2, 1));
}

/// A way in which a refresh token ends: its name, and what ends it.
type End = (&'static str, fn(&World, &App, &str));

#[test]
fn a_refresh_token_that_is_good_no_more_names_the_person() {
    let ends: [End; 4] = [
        ("used", |world, app, token| {
            world.refresh(app, token).unwrap();
            world.bench.clock.advance(60_000);
        }),
        ("disabled", |world, _, _| {
            world.bench.admin("DisableUser", &world.portal.session.user_id, json!({})).unwrap();
        }),
        ("expired", |world, _, _| world.bench.clock.advance(9 * HOUR_MS)),
        ("swept", |world, _, _| {
            world.bench.clock.advance(30 * HOUR_MS);
            kernel::sessions::sweep::sweep(&world.bench.portico).unwrap();
        }),
    ];
    for (what, end) in ends {
        let world = World::new();
        let app = world.device_app();
        let token = text(&world.tokens(&app), "refreshToken");
        end(&world, &app, &token);
        let events = world.assert_named(|| drop(world.refresh(&app, &token).unwrap_err()));
        let is_refusal = |event: &Logged| {
            event.error.as_deref().is_some_and(|it| it.starts_with("InvalidGrantException: "))
        };
        assert!(events.iter().any(is_refusal), "{what} {events:?}");
    }
}

#[test]
fn a_token_of_another_client_names_the_person_it_was_made_for() {
    let world = World::new();
    let app = world.device_app();
    let token = text(&world.tokens(&app), "refreshToken");
    let unknown = App { id: "x".to_owned(), secret: "y".to_owned() };
    for other in [world.device_app(), unknown] {
        world.assert_named(|| drop(world.refresh(&other, &token).unwrap_err()));
    }
}

#[test]
fn a_device_code_names_the_person_who_allowed_it() {
    let world = World::new();
    let app = world.device_app();
    let started = world.start_device(&app).unwrap();
    assert!(world.logged_by(|| drop(world.poll(&app, &started).unwrap_err())).is_empty());
    let code = text(&started, "userCode");
    world.step(&world.portal, ::oauth::device::confirm_device, &code).unwrap();
    world.step(&world.portal, ::oauth::device::approve_device, &code).unwrap();
    world.bench.admin("DisableUser", &world.portal.session.user_id, json!({})).unwrap();
    world.assert_named(|| drop(world.poll(&app, &started).unwrap_err()));
}

#[test]
fn a_token_that_this_server_did_not_make_names_nobody() {
    let world = World::new();
    let app = world.device_app();
    let [event] =
        world.logged_by(|| drop(world.refresh(&app, "nonsense").unwrap_err())).try_into().unwrap();
    assert_eq!(event.identity, json!({"type": "Unknown"}));
}

#[test]
fn a_token_that_is_good_no_more_leaves_so_many_events_and_then_their_number() {
    let world = World::new();
    let app = world.device_app();
    let token = text(&world.tokens(&app), "refreshToken");
    world.bench.admin("DisableUser", &world.portal.session.user_id, json!({})).unwrap();
    let times = REJECTED_DAY_MAX as usize + 7;
    let refuse = || {
        for _ in 0..times {
            world.refresh(&app, &token).unwrap_err();
        }
    };
    assert_eq!(world.logged_by(refuse).len(), REJECTED_DAY_MAX as usize);
    world.bench.clock.advance(HOUR_MS);
    let [told] = world.bench.events("portico:LeaveOut").try_into().unwrap();
    let identity: Value = serde_json::from_str(&told.identity).unwrap();
    assert_eq!(identity["onBehalfOf"]["userId"], world.portal.session.user_id.as_str());
    let details: Value = serde_json::from_str(&told.details).unwrap();
    assert_eq!(details["requestParameters"]["kind"], "REJECTED_CREDENTIALS");
    assert_eq!(details["responseElements"]["eventsLeftOut"], "7");
}
