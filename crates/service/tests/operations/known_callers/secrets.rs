//! Secrets of people: the cookie of the portal and the tokens of clients.

use std::sync::Arc;

use ::sign_in::sign_out::sign_out;
use kernel::Portico;
use kernel::credentials::Rejection;
use kernel::credentials::person::{caller_of_access_token, caller_of_cookie};
use model::Fault;
use oauth::device::{DeviceRequest, approve_device, confirm_device};
use policy::Caller;
use serde_json::{Value, json};

use super::{World, fault, logged, logged_later};

const HOUR_MS: i64 = 3_600_000;

/// The access token of a client that alice authorised, with the id of its session.
fn access_token(world: &World) -> (String, String) {
    let oidc = |operation: &str, body: Value| {
        let operation = format!("SSOOIDC.{operation}");
        world.bench().call_as(&Portico::anonymous(), &operation, &body).unwrap()
    };
    let client = oidc("RegisterClient", json!({"clientName": "cli", "clientType": "public"}));
    let mut body = json!({
        "clientId": client["clientId"], "clientSecret": client["clientSecret"],
        "startUrl": world.bench().instance().start_url(),
    });
    let started = oidc("StartDeviceAuthorization", body.clone());
    let request = DeviceRequest { user_code: started["userCode"].as_str().unwrap().to_owned() };
    let alice = world.bench().caller_of(&world.portal).unwrap();
    world.bench().as_caller(&alice, |ctx| confirm_device(ctx, &request)).unwrap();
    world.bench().as_caller(&alice, |ctx| approve_device(ctx, &request)).unwrap();
    body["grantType"] = "urn:ietf:params:oauth:grant-type:device_code".into();
    body["deviceCode"] = started["deviceCode"].clone();
    let tokens = oidc("CreateToken", body);
    let sessions = world.bench().admin("ListSessions", &world.user, json!({})).unwrap();
    let sessions = sessions["Sessions"].as_array().unwrap();
    let client = sessions.iter().find(|session| session["ClientName"] == "cli").unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&tokens["accessToken"]), text(&client["SessionId"]))
}

/// A way in which a session ends: its name, and what ends it.
type End = (&'static str, fn(&World));

type Find = fn(&Portico, &str) -> Result<Arc<Caller>, Rejection>;

#[track_caller]
fn assert_named(world: &World, find: Find, secret: &str, session_id: &str) {
    let rejection = find(&world.bench().portico, secret).unwrap_err();
    assert_eq!(fault(&rejection), Fault::NoSession);
    let logged = logged(world.bench(), &rejection).unwrap();
    let expected = json!({
        "type": "IdentityCenterUser",
        "onBehalfOf": {"userId": world.user, "identityStoreId": world.bench().store_id()},
        "credentialId": session_id,
    });
    assert_eq!((logged.identity, logged.code.as_str()), (expected, "UnauthorizedException"));
    assert_eq!(logged.caller_arn, world.user.arn());
}

#[test]
fn a_secret_of_a_session_that_ended_names_the_person() {
    let ends: [End; 4] = [
        ("expired", |world| world.bench().clock.advance(9 * HOUR_MS)),
        ("swept", |world| {
            world.bench().clock.advance(30 * HOUR_MS);
            kernel::sessions::sweep::sweep(&world.bench().portico).unwrap();
        }),
        ("signed out", |world| {
            let alice = world.bench().caller_of(&world.portal).unwrap();
            world.bench().as_caller(&alice, |ctx| sign_out(ctx, &())).unwrap();
        }),
        ("disabled", |world| {
            world.bench().admin("DisableUser", &world.user, json!({})).unwrap();
        }),
    ];
    for (what, end) in ends {
        let world = World::new();
        let (token, client_session) = access_token(&world);
        let cookie = world.portal.cookie.reveal();
        assert!(caller_of_cookie(&world.bench().portico, cookie).is_ok(), "{what}");
        assert!(caller_of_access_token(&world.bench().portico, &token).is_ok(), "{what}");
        end(&world);
        assert_named(&world, caller_of_cookie, cookie, world.portal.session.id.as_str());
        assert_named(&world, caller_of_access_token, &token, &client_session);
    }
}

#[test]
fn a_secret_in_the_wrong_place_names_the_person_and_opens_nothing() {
    let world = World::new();
    let (token, client_session) = access_token(&world);
    let cookie = world.portal.cookie.reveal();
    assert_named(&world, caller_of_access_token, cookie, world.portal.session.id.as_str());
    assert_named(&world, caller_of_cookie, &token, &client_session);
}

#[test]
fn a_secret_that_this_server_did_not_make_names_nobody() {
    let world = World::new();
    let cookie = world.portal.cookie.reveal();
    let altered = format!("{}A", &cookie[..cookie.len() - 1]);
    for secret in ["", "nonsense", &altered, &"A".repeat(5000)] {
        let rejection = caller_of_cookie(&world.bench().portico, secret).unwrap_err();
        assert_eq!(logged_later(world.bench(), &rejection), json!({"type": "Unknown"}));
    }
}
