//! Sign-in with a passkey alone.

use testing::security_key::SecurityKey;
use webauthn::{Asserted, Claim, Credential, Refusal};

use crate::support::{begin_assertion, begin_passkey, json, registered, server};

fn sign_in(key: &mut SecurityKey, credential: &Credential) -> Result<Asserted, Refusal> {
    let begun = begin_passkey();
    let answer = key.assert(&begun.options);
    assert_eq!(Claim::of(&answer)?.credential_id, key.credential_id());
    server().finish_passkey(&begun.state, credential, &answer)
}

#[test]
fn a_passkey_says_who_it_is_and_verifies_its_owner() {
    let (mut key, credential) = registered();
    let options = json(&begin_passkey().options);
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["allowCredentials"].as_array().map_or(0, Vec::len), 0);
    let proof = sign_in(&mut key, &credential).unwrap();
    assert!(proof.is_user_verified);
    assert_eq!(proof.credential_id, credential.id());
}

#[test]
fn a_passkey_that_does_not_verify_its_owner_is_refused() {
    let (mut key, credential) = registered();
    key.is_user_verified = false;
    assert_eq!(sign_in(&mut key, &credential), Err(Refusal::UserNotVerified));
}

#[test]
fn a_passkey_must_say_who_it_is_and_be_right() {
    let (mut key, credential) = registered();
    key.user_handle = None;
    assert_eq!(sign_in(&mut key, &credential), Err(Refusal::WrongUser));
    key.user_handle = Some(vec![1; 16]);
    assert_eq!(sign_in(&mut key, &credential), Err(Refusal::WrongUser));
}

#[test]
fn a_foreign_passkey_is_refused() {
    let (_, credential) = registered();
    let (mut foreign, _) = registered();
    assert_eq!(sign_in(&mut foreign, &credential), Err(Refusal::UnknownCredential));
    foreign.id = registered().0.id;
    assert!(sign_in(&mut foreign, &credential).is_err());
}

#[test]
fn an_answer_to_the_second_factor_is_no_passkey_sign_in() {
    let (mut key, credential) = registered();
    let factor = begin_assertion(std::slice::from_ref(&credential));
    let answer = key.assert(&factor.options);
    let passkey = begin_passkey();
    let refused = server().finish_passkey(&passkey.state, &credential, &answer);
    assert_eq!(refused, Err(Refusal::WrongChallenge));
    // The states are of different forms.
    assert_eq!(
        server().finish_passkey(&factor.state, &credential, &answer),
        Err(Refusal::Unreadable)
    );
}
