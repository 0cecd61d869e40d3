//! Proof of an authenticator after a password.

use testing::security_key::SecurityKey;
use webauthn::{Asserted, Credential, Refusal};

use crate::support::{ORIGIN, begin_assertion, challenge, json, register, registered, server};

fn assert(key: &mut SecurityKey, credentials: &[Credential]) -> Result<Asserted, Refusal> {
    let begun = begin_assertion(credentials);
    let answer = key.assert(&begun.options);
    server().finish_assertion(&begun.state, &answer)
}

fn refusal(spoil: impl FnOnce(&mut SecurityKey)) -> Refusal {
    let (mut key, credential) = registered();
    spoil(&mut key);
    assert(&mut key, &[credential]).unwrap_err()
}

#[test]
fn each_of_the_keys_of_a_person_is_proof() {
    let ((mut first, one), (mut second, two)) = (registered(), registered());
    let both = [one, two];
    let proof = assert(&mut first, &both).unwrap();
    assert_eq!(proof.credential_id, first.credential_id());
    assert_eq!((proof.counter, proof.is_user_verified), (2, true));
    assert_eq!(assert(&mut second, &both).unwrap().credential_id, second.credential_id());
    let options = json(&begin_assertion(&both).options);
    assert_eq!(options["rpId"], "sso.example.com");
    assert_eq!(options["allowCredentials"].as_array().unwrap().len(), 2);
    assert_eq!(options["userVerification"], "discouraged");
}

#[test]
fn keys_of_each_offered_algorithm_are_proof_and_no_other_key_is() {
    let make = [SecurityKey::new, SecurityKey::with_eddsa, SecurityKey::with_rs256];
    for (place, make) in make.into_iter().enumerate() {
        let mut key = make(ORIGIN);
        key.is_self_attested = true;
        let known = [register(&mut key)];
        assert_eq!(assert(&mut key, &known).unwrap().credential_id, key.credential_id());
        let mut forged = make(ORIGIN);
        forged.id.clone_from(&key.id);
        forged.counter = 100;
        assert_eq!(assert(&mut forged, &known), Err(Refusal::WrongSignature), "{place}");
    }
}

#[test]
fn a_touch_is_enough_after_a_password() {
    let mut key = SecurityKey::new(ORIGIN);
    key.is_user_verified = false;
    let credential = register(&mut key);
    assert!(!assert(&mut key, std::slice::from_ref(&credential)).unwrap().is_user_verified);
    // Browsers may verify, or not, as they like.
    key.is_user_verified = true;
    assert!(assert(&mut key, &[credential]).unwrap().is_user_verified);
    let (mut key, credential) = registered();
    key.is_user_verified = false;
    assert!(!assert(&mut key, &[credential]).unwrap().is_user_verified);
}

#[test]
fn an_assertion_of_another_site_person_or_ceremony_is_refused() {
    assert_eq!(refusal(|key| key.origin = "https://evil.example".to_owned()), Refusal::WrongOrigin);
    assert_eq!(refusal(|key| key.origin = format!("{ORIGIN}:8443")), Refusal::WrongOrigin);
    assert_eq!(
        refusal(|key| key.rp_id = Some("evil.example".to_owned())),
        Refusal::WrongRelyingParty
    );
    assert_eq!(refusal(|key| key.is_in_a_frame = true), Refusal::CrossOrigin);
    assert_eq!(
        refusal(|key| key.client_data_type = Some("webauthn.create")),
        Refusal::WrongCeremony
    );
    assert_eq!(refusal(|key| key.client_data_type = Some("payment.get")), Refusal::WrongCeremony);
    assert_eq!(refusal(|key| key.is_user_present = false), Refusal::UserNotPresent);
    assert_eq!(refusal(|key| key.user_handle = Some(vec![1; 16])), Refusal::WrongUser);
    assert_eq!(refusal(|key| key.is_backup_eligible = true), Refusal::BackupChanged);
}

#[test]
fn a_foreign_key_is_refused_also_under_the_id_of_the_persons_own() {
    let (own, credential) = registered();
    let (mut foreign, _) = registered();
    let known = [credential];
    assert_eq!(assert(&mut foreign, &known), Err(Refusal::UnknownCredential));
    foreign.id = own.id;
    assert_eq!(assert(&mut foreign, &known), Err(Refusal::WrongSignature));
    assert_eq!(server().begin_assertion(challenge(), &[]).unwrap_err(), Refusal::UnknownCredential);
}

#[test]
fn an_answer_to_another_challenge_is_refused() {
    let (mut key, credential) = registered();
    let known = [credential];
    let first = begin_assertion(&known);
    let answer = key.assert(&first.options);
    assert!(server().finish_assertion(&first.state, &answer).is_ok());
    let second = begin_assertion(&known);
    let replayed = server().finish_assertion(&second.state, &answer);
    assert_eq!(replayed, Err(Refusal::WrongChallenge));
}

#[test]
fn a_counter_that_stands_or_goes_back_is_refused() {
    let (mut key, credential) = registered();
    let known = [Credential::read(&credential.write().unwrap(), 10).unwrap()];
    for counter in [0, 5, 9] {
        key.counter = counter;
        // The key counts before it signs.
        assert_eq!(assert(&mut key, &known), Err(Refusal::CounterWentBack), "{counter}");
    }
    key.counter = 10;
    assert_eq!(assert(&mut key, &known).unwrap().counter, 11);
}

#[test]
fn an_authenticator_that_does_not_count_is_proof_each_time() {
    let mut key = SecurityKey::new(ORIGIN);
    key.is_counting = false;
    let known = [register(&mut key)];
    for _ in 0..2 {
        assert_eq!(assert(&mut key, &known).unwrap().counter, 0);
    }
}

#[test]
fn an_assertion_that_was_tampered_with_is_refused() {
    let (mut key, credential) = registered();
    let begun = begin_assertion(&[credential]);
    let answer = json(&key.assert(&begun.options));
    for member in ["clientDataJSON", "authenticatorData", "signature"] {
        let text = answer["response"][member].as_str().unwrap();
        for place in (0..text.len()).step_by(7) {
            let mut spoiled = text.to_owned().into_bytes();
            spoiled[place] = if spoiled[place] == b'A' { b'B' } else { b'A' };
            let mut answer = answer.clone();
            answer["response"][member] = String::from_utf8(spoiled).unwrap().into();
            let result = server().finish_assertion(&begun.state, &answer.to_string());
            assert!(result.is_err(), "{member} at {place}: {result:?}");
        }
    }
}
