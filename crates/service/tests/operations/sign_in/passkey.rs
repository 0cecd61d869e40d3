//! Passkeys that sign in alone: where they do, when they do not, and what wrong ones cost.

use kernel::Portico;
use model::Fault;
use serde_json::json;
use sign_in::authenticate::Authentication;
use sign_in::passkey::{PasskeyRequest, PasskeySignIn, sign_in_with_passkey};
use sign_in::sequence::Progress;
use sign_in::set_new_password::{SetNewPasswordRequest, set_new_password};
use testing::people::{BROWSER, browser_of};

use super::security_key::{Door, is_in};

#[test]
fn a_passkey_alone_signs_in_where_it_may() {
    let (door, mut key) = (Door::new(), Door::key());
    let (user, _) = door.person("alice", &mut key);
    let browser = browser_of("any browser");
    assert!(door.offer_passkey(&browser).is_none());
    door.allow_passkeys();
    let PasskeySignIn::SignedIn(session) = door.passkey(&browser, &mut key) else { panic!() };
    assert!(door.bench.caller_of(&session).is_ok());

    // Without a PIN or a biometric it is one factor.
    key.is_user_verified = false;
    assert!(matches!(door.passkey(&browser, &mut key), PasskeySignIn::Wrong));
    key.is_user_verified = true;
    let handle = key.user_handle.take();
    assert!(matches!(door.passkey(&browser, &mut key), PasskeySignIn::Wrong));
    key.user_handle = handle;
    assert!(matches!(door.passkey(&browser, &mut key), PasskeySignIn::SignedIn(_)));

    // Each answer once, and in its browser only.
    let ceremony = door.offer_passkey(&browser).unwrap();
    let answer = key.assert(&ceremony.options);
    let elsewhere = door.passkey_with(&browser_of("another"), &ceremony, answer.clone());
    assert!(matches!(elsewhere, PasskeySignIn::Wrong));
    let first = door.passkey_with(&browser, &ceremony, answer.clone());
    assert!(matches!(first, PasskeySignIn::SignedIn(_)));
    let again = door.passkey_with(&browser, &ceremony, answer);
    assert!(!matches!(again, PasskeySignIn::SignedIn(_)));

    key.counter = 0;
    assert!(matches!(door.passkey(&browser, &mut key), PasskeySignIn::Copied));
    key.counter = 100;
    assert!(matches!(door.passkey(&browser, &mut Door::key()), PasskeySignIn::Wrong));
    door.bench.admin("DisableUser", &user, json!({})).unwrap();
    assert!(matches!(door.passkey(&browser, &mut key), PasskeySignIn::Wrong));
}

#[test]
fn wrong_passkeys_are_counted_by_network_and_keep_nobody_out() {
    let (door, mut key) = (Door::new(), Door::key());
    let (user, _) = door.person("alice", &mut key);
    door.allow_passkeys();
    let browser = browser_of("any browser");
    let wrong = |answer: &str| {
        let request = PasskeyRequest {
            browser: browser.clone(),
            ceremony: String::new(),
            answer: answer.to_owned(),
        };
        let sign_in = |ctx: &kernel::Ctx<'_>| sign_in_with_passkey(ctx, &request);
        door.bench.as_caller(&Portico::anonymous(), sign_in)
    };
    let outcomes: Vec<_> = (0..70).map(|_| wrong("{}")).collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 60);
    assert!(matches!(outcomes[69], Err(Fault::Throttled { .. })), "{:?}", outcomes[69]);
    // Passwords from there are counted apart.
    let stranger = door.bench.sign_in_from(testing::ADDRESS, "unknown", "nobody", "wrong");
    assert!(stranger.is_ok(), "{stranger:?}");
    assert!(matches!(door.passkey(&browser, &mut key), PasskeySignIn::SignedIn(_)));

    // The events of strangers have a budget, and a person who proved themselves is in the log beyond it.
    let events = || door.bench.events("signin:CredentialVerification").len();
    let before = events();
    assert!(wrong("{}").is_err());
    assert_eq!(events(), before);
    door.bench.clock.advance(10 * 60 * 1000);
    door.bench.admin("DisableUser", &user, json!({})).unwrap();
    assert!(matches!(door.passkey(&browser, &mut key), PasskeySignIn::Wrong));
    let events = door.bench.events("signin:CredentialVerification");
    let of_person = |event: &&store::LoggedEvent| event.identity.contains(user.as_str());
    assert!(events.iter().filter(of_person).any(|it| it.details.contains("is disabled")));
}

#[test]
fn after_a_reset_a_passkey_lets_nobody_in_alone_until_it_was_used_behind_the_new_password() {
    let (door, mut key) = (Door::new(), Door::key());
    let (user, _) = door.person("alice", &mut key);
    door.allow_passkeys();
    let browser = browser_of("any browser");
    let begun = door.offer_passkey(&browser).unwrap();
    let once = door.bench.one_time_password(&user);
    let answer = key.assert(&begun.options);
    assert!(matches!(door.passkey_with(&browser, &begun, answer), PasskeySignIn::Wrong));
    let events = door.bench.events("signin:CredentialVerification");
    assert!(events.iter().any(|event| event.details.contains("the password was reset")));
    let signed = door.bench.sign_in("alice", &once).unwrap();
    let Authentication::MustSetPassword { ticket, .. } = signed else { panic!("{signed:?}") };
    assert!(matches!(door.passkey(&browser, &mut key), PasskeySignIn::Wrong));
    let request = SetNewPasswordRequest {
        ticket,
        browser: browser_of(BROWSER),
        new_password: "Another-Horse-10".to_owned(),
        confirm_password: "Another-Horse-10".to_owned(),
    };
    let set = |ctx: &kernel::Ctx<'_>| set_new_password(ctx, &request);
    let progress = door.bench.as_caller(&Portico::anonymous(), set).unwrap();
    let Progress::SecondStep(step) = progress else { panic!("{progress:?}") };
    // An intruder may have registered it.
    assert!(matches!(door.passkey(&browser, &mut key), PasskeySignIn::Wrong));
    let ceremony = door.offer(&step);
    let answer = key.assert(&ceremony.options);
    assert!(is_in(&door.verify(&step, &ceremony, &answer)));
    assert!(matches!(door.passkey(&browser, &mut key), PasskeySignIn::SignedIn(_)));
}

#[test]
fn passkeys_alone_end_with_the_setting_and_with_the_type() {
    let (door, mut key) = (Door::new(), Door::key());
    door.person("alice", &mut key);
    door.allow_passkeys();
    let browser = browser_of(BROWSER);
    let ceremony = door.offer_passkey(&browser).unwrap();
    let answer = key.assert(&ceremony.options);
    door.set(json!({ "AllowedMfaTypes": ["TOTP"] }));
    assert!(door.offer_passkey(&browser).is_none());
    assert!(matches!(door.passkey_with(&browser, &ceremony, answer), PasskeySignIn::Wrong));
}
