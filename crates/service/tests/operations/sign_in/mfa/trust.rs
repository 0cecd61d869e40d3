//! Browsers that people call their own.

use ::sign_in::authenticate::Authentication::{self, SignedIn, Wrong};
use ::sign_in::sequence::Ask;
use ::sign_in::verify_totp::Verification;
use kernel::Portico;
use model::mfa::MfaType;
use serde_json::json;
use testing::people::{BROWSER, PASSWORD, browser_of};

use super::{DAY_MS, World};

#[test]
fn a_browser_of_ones_own_is_not_asked_again() {
    let world = World::new();
    let stranger = browser_of(BROWSER);
    assert!(world.is_asked(&stranger));
    let own = world.trust(&stranger);
    assert!(!world.is_asked(&own));
    // The cookie that tells browsers apart proves nothing, and a secret is its person's.
    assert!(world.is_asked(&stranger));
    world.bench.begin_person("bob");
    let bobs = world.bench.second_step("bob", &own);
    assert!(matches!(bobs.ask, Ask::Register { .. }), "{bobs:?}");
    world.bench.put_mfa_settings(json!({"PromptMode": "ALWAYS_ON"}));
    assert!(world.is_asked(&own));
    let always = world.step();
    assert_eq!(always.ask, Ask::Device { types: vec![MfaType::Totp], may_trust: false });
    let verified = world.bench.type_code(&always, &own, (&world.code(), true)).unwrap();
    assert!(matches!(verified, Verification::Right { trusted: None, .. }), "{verified:?}");
}

#[test]
fn trust_ends_by_time_by_absence_and_in_another_network() {
    let world = World::new();
    let own = world.trust(&browser_of(BROWSER));
    for _ in 0..2 {
        world.bench.clock.advance(13 * DAY_MS);
        assert!(!world.is_asked(&own));
    }
    world.bench.clock.advance(4 * DAY_MS);
    assert!(world.is_asked(&own));

    let own = world.trust(&own);
    world.bench.clock.advance(14 * DAY_MS);
    assert!(world.is_asked(&own));

    let own = world.trust(&own);
    let request = ::sign_in::authenticate::AuthenticateRequest {
        instance_id: None,
        user_name: "alice".to_owned(),
        password: PASSWORD.parse().unwrap(),
        browser: own,
    };
    let from = |address: &str| {
        world.bench.as_caller_from(address, &Portico::anonymous(), |ctx| {
            ::sign_in::authenticate::authenticate(ctx, &request).unwrap()
        })
    };
    assert!(matches!(from("192.0.2.99"), SignedIn(_)));
    assert!(matches!(from("198.51.100.1"), Authentication::SecondStep(_)));
}

#[test]
fn trust_ends_with_the_password_and_with_the_person() {
    let world = World::new();
    let own = world.trust(&browser_of(BROWSER));
    world.bench.admin("DisableUser", &world.user, json!({})).unwrap();
    assert!(matches!(world.bench.sign_in_with("alice", PASSWORD, &own), Ok(Wrong)));
    world.bench.admin("EnableUser", &world.user, json!({})).unwrap();
    assert!(world.is_asked(&own));
}
