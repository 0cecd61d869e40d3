//! Refresh tokens: exchanged once, the same pair again for a short time, and only for their client.

use model::OAuthError;
use serde_json::{Value, json};

use super::{HOUR_MS, World, error, text};

fn refresh_token(tokens: &Value) -> String {
    text(tokens, "refreshToken")
}

#[test]
fn a_refresh_token_gives_a_new_pair_and_the_old_access_token_lives_on() {
    let world = World::new();
    let app = world.device_app();
    let first = world.tokens(&app);
    world.bench.clock.advance(HOUR_MS / 2);
    let second = world.refresh(&app, &refresh_token(&first)).unwrap();
    assert_ne!(refresh_token(&first), refresh_token(&second));
    assert!(world.is_good(&first) && world.is_good(&second));
    world.bench.clock.advance(HOUR_MS / 2);
    assert!(!world.is_good(&first) && world.is_good(&second));
}

/// Time for which a refresh token gets the same pair again.
const GRACE_MS: i64 = 30_000;

#[test]
fn programs_that_refresh_at_the_same_moment_get_the_same_pair() {
    let world = World::new();
    let app = world.device_app();
    let first = world.tokens(&app);
    let second = world.refresh(&app, &refresh_token(&first)).unwrap();
    for _ in 0..3 {
        assert_eq!(world.refresh(&app, &refresh_token(&first)).unwrap(), second);
    }
    world.bench.clock.advance(GRACE_MS);
    let again = world.refresh(&app, &refresh_token(&first)).unwrap();
    for name in ["accessToken", "refreshToken"] {
        assert_eq!(again[name], second[name]);
    }
    assert_eq!(again["expiresIn"], 3570);
    let third = world.refresh(&app, &refresh_token(&second)).unwrap();
    assert!(world.is_good(&first) && world.is_good(&second) && world.is_good(&third));
}

#[test]
fn each_repetition_is_in_the_log() {
    let world = World::new();
    let app = world.device_app();
    let first = world.tokens(&app);
    world.refresh(&app, &refresh_token(&first)).unwrap();
    let again = || {
        let events = world.bench.events("sso-oauth:CreateToken");
        events.iter().filter(|event| event.details.contains(r#""pairGivenAgain":"true""#)).count()
    };
    assert_eq!(again(), 0);
    for _ in 0..2 {
        world.refresh(&app, &refresh_token(&first)).unwrap();
    }
    assert_eq!(again(), 2);
}

#[test]
fn a_refresh_token_that_was_copied_ends_its_family() {
    let world = World::new();
    let app = world.device_app();
    let first = world.tokens(&app);
    let other = world.tokens(&app);
    let second = world.refresh(&app, &refresh_token(&first)).unwrap();
    world.bench.clock.advance(GRACE_MS + 1);
    let again = world.refresh(&app, &refresh_token(&first));
    assert_eq!(error(again), OAuthError::InvalidGrant);
    assert!(!world.is_good(&first) && !world.is_good(&second));
    let last = world.refresh(&app, &refresh_token(&second));
    assert_eq!(error(last), OAuthError::InvalidGrant);
    // Other client sessions and the portal session continue.
    assert!(world.is_good(&other));
    assert!(world.bench.caller_of(&world.portal).is_ok());
}

#[test]
fn a_used_refresh_token_that_another_client_shows_ends_its_family_at_once() {
    let world = World::new();
    let (app, other) = (world.device_app(), world.device_app());
    let first = world.tokens(&app);
    let second = world.refresh(&app, &refresh_token(&first)).unwrap();
    let again = world.refresh(&other, &refresh_token(&first));
    assert_eq!(error(again), OAuthError::InvalidGrant);
    assert!(!world.is_good(&first) && !world.is_good(&second));
}

#[test]
fn a_refresh_token_is_its_own_clients_and_is_not_used_up_by_another() {
    let world = World::new();
    let (app, other) = (world.device_app(), world.device_app());
    let tokens = world.tokens(&app);
    let stolen = world.refresh(&other, &refresh_token(&tokens));
    assert_eq!(error(stolen), OAuthError::InvalidGrant);
    assert!(world.refresh(&app, &refresh_token(&tokens)).is_ok());
    for token in ["", "unknown", &text(&tokens, "accessToken")] {
        assert_eq!(error(world.refresh(&app, token)), OAuthError::InvalidGrant);
    }
}

#[test]
fn tokens_last_no_longer_than_the_portal_session() {
    let world = World::new();
    let app = world.device_app();
    let mut tokens = world.tokens(&app);
    for _ in 0..7 {
        world.bench.clock.advance(HOUR_MS);
        tokens = world.refresh(&app, &refresh_token(&tokens)).unwrap();
    }
    // The first poll took one second.
    assert_eq!(tokens["expiresIn"], 3599);
    world.bench.clock.advance(HOUR_MS);
    assert!(!world.is_good(&tokens));
    let late = world.refresh(&app, &refresh_token(&tokens));
    assert_eq!(error(late), OAuthError::InvalidGrant);
}

#[test]
fn nobody_refreshes_for_a_person_who_is_disabled() {
    let world = World::new();
    let app = world.device_app();
    let tokens = world.tokens(&app);
    let user = world.portal.session.user_id.clone();
    world.bench.admin("DisableUser", &user, json!({})).unwrap();
    let disabled = world.refresh(&app, &refresh_token(&tokens));
    assert_eq!(error(disabled), OAuthError::InvalidGrant);
    world.bench.admin("EnableUser", &user, json!({})).unwrap();
    let enabled = world.refresh(&app, &refresh_token(&tokens));
    assert_eq!(error(enabled), OAuthError::InvalidGrant);
    assert!(!world.is_good(&tokens));
}

#[test]
fn a_client_may_refresh_without_end() {
    let world = World::new();
    let app = world.device_app();
    let mut tokens = world.tokens(&app);
    for _ in 0..300 {
        tokens = world.refresh(&app, &refresh_token(&tokens)).unwrap();
    }
    assert!(world.is_good(&tokens));
}

#[test]
fn a_token_is_good_for_its_own_use_alone() {
    let world = World::new();
    let app = world.device_app();
    let tokens = world.tokens(&app);
    let refused = world.refresh(&app, &text(&tokens, "accessToken"));
    assert_eq!(error(refused), OAuthError::InvalidGrant);
    let cookie = world.portal.cookie.reveal();
    for other in [&refresh_token(&tokens), cookie] {
        assert!(!world.is_good(&json!({"accessToken": other})));
    }
    let token = text(&tokens, "accessToken");
    assert!(kernel::credentials::person::caller_of_cookie(&world.bench.portico, &token).is_err());
}
