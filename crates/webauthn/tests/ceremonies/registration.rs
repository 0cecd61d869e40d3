//! Registration.

use testing::security_key::SecurityKey;
use webauthn::{Credential, Refusal};

use crate::support::{ORIGIN, begin_registration, json, registered, server};

fn refusal(spoil: impl FnOnce(&mut SecurityKey)) -> Refusal {
    let mut key = SecurityKey::new(ORIGIN);
    spoil(&mut key);
    let begun = begin_registration(&[]);
    let answer = key.register(&begun.options);
    server().finish_registration(&begun.state, &answer).unwrap_err()
}

#[test]
fn the_browser_is_asked_for_a_credential_that_serves_alone_too_if_it_can() {
    let options = json(&begin_registration(&[]).options);
    assert_eq!(options["rp"]["id"], "sso.example.com");
    assert_eq!(options["user"]["id"], "CQkJCQkJCQkJCQkJCQkJCQ");
    assert_eq!(options["user"]["name"], "alice");
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "preferred");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "preferred");
    let algorithms = options["pubKeyCredParams"].as_array().unwrap();
    assert_eq!(
        algorithms.iter().map(|it| it["alg"].as_i64().unwrap()).collect::<Vec<_>>(),
        [-7, -8, -257]
    );
}

#[test]
fn a_key_is_registered_and_its_record_reads_back() {
    let (key, credential) = registered();
    assert_eq!(credential.id(), key.credential_id());
    assert_eq!(credential.counter(), 1);
    assert_eq!(credential.attestation_format(), "none");
    let again = Credential::read(&credential.write().unwrap(), 7).unwrap();
    assert_eq!((again.id(), again.counter()), (credential.id(), 7));
    assert_eq!(again.user_handle, credential.user_handle);
    assert!(Credential::read("{}", 0).is_err());
}

#[test]
fn the_attestation_that_came_is_checked_and_kept() {
    let mut key = SecurityKey::new(ORIGIN);
    key.is_self_attested = true;
    let begun = begin_registration(&[]);
    let answer = key.register(&begun.options);
    let credential = server().finish_registration(&begun.state, &answer).unwrap();
    assert_eq!(credential.attestation_format(), "packed");
}

#[test]
fn a_key_without_a_pin_is_a_good_second_factor() {
    let mut key = SecurityKey::new(ORIGIN);
    key.is_user_verified = false;
    let begun = begin_registration(&[]);
    let answer = key.register(&begun.options);
    assert!(server().finish_registration(&begun.state, &answer).is_ok());
}

#[test]
fn a_registration_of_another_site_person_or_ceremony_is_refused() {
    assert_eq!(refusal(|key| key.origin = "https://evil.example".to_owned()), Refusal::WrongOrigin);
    assert_eq!(refusal(|key| key.origin = format!("{ORIGIN}:444")), Refusal::WrongOrigin);
    assert_eq!(
        refusal(|key| key.origin = "http://sso.example.com".to_owned()),
        Refusal::WrongOrigin
    );
    assert_eq!(
        refusal(|key| key.origin = "https://a.sso.example.com".to_owned()),
        Refusal::WrongOrigin
    );
    assert_eq!(
        refusal(|key| key.rp_id = Some("example.com".to_owned())),
        Refusal::WrongRelyingParty
    );
    assert_eq!(refusal(|key| key.is_in_a_frame = true), Refusal::CrossOrigin);
    assert_eq!(refusal(|key| key.client_data_type = Some("webauthn.get")), Refusal::WrongCeremony);
    assert_eq!(refusal(|key| key.is_user_present = false), Refusal::UserNotPresent);
}

#[test]
fn an_answer_to_another_challenge_is_refused() {
    let mut key = SecurityKey::new(ORIGIN);
    let answer = key.register(&begin_registration(&[]).options);
    let other = begin_registration(&[]);
    let refused = server().finish_registration(&other.state, &answer).unwrap_err();
    assert_eq!(refused, Refusal::WrongChallenge);
}

#[test]
fn a_key_that_is_registered_is_excluded_and_refused() {
    let (mut key, credential) = registered();
    let begun = begin_registration(&[credential]);
    let excluded = &json(&begun.options)["excludeCredentials"][0]["id"];
    assert_eq!(*excluded, key.credential_id());
    let answer = key.register(&begun.options);
    let refused = server().finish_registration(&begun.state, &answer).unwrap_err();
    assert_eq!(refused, Refusal::AlreadyRegistered);
}
