//! What strangers send: it is refused, and nothing panics.

use proptest::prelude::*;
use webauthn::{ANSWER_BYTES_MAX, Claim, Refusal};

use crate::support::{begin_assertion, begin_passkey, begin_registration, registered, server};

fn refuse_everywhere(answer: &str) {
    let (_, credential) = registered();
    let registration = begin_registration(&[]);
    assert!(server().finish_registration(&registration.state, answer).is_err());
    let assertion = begin_assertion(std::slice::from_ref(&credential));
    assert!(server().finish_assertion(&assertion.state, answer).is_err());
    let passkey = begin_passkey();
    assert!(server().finish_passkey(&passkey.state, &credential, answer).is_err());
    let _ = Claim::of(answer);
}

#[test]
fn a_cut_off_answer_is_refused() {
    let (mut key, credential) = registered();
    let begun = begin_assertion(&[credential]);
    let answer = key.assert(&begun.options);
    for end in 0..answer.len() {
        assert!(server().finish_assertion(&begun.state, &answer[..end]).is_err(), "{end}");
    }
    let begun = begin_registration(&[]);
    let answer = key.register(&begun.options);
    for end in 0..answer.len() {
        assert!(server().finish_registration(&begun.state, &answer[..end]).is_err(), "{end}");
    }
}

#[test]
fn an_answer_that_is_too_long_is_not_read() {
    let (mut key, credential) = registered();
    let begun = begin_assertion(&[credential]);
    let answer = key.assert(&begun.options);
    let long = format!("{answer}{}", " ".repeat(ANSWER_BYTES_MAX));
    assert_eq!(server().finish_assertion(&begun.state, &long), Err(Refusal::Unreadable));
}

#[test]
fn nesting_and_foreign_members_do_no_harm() {
    refuse_everywhere(&"[".repeat(10_000));
    refuse_everywhere(&format!("{{\"id\":{}", "{\"a\":".repeat(5_000)));
    refuse_everywhere("null");
    refuse_everywhere(
        r#"{"id":"","rawId":"","type":"public-key","response":{"clientDataJSON":""}}"#,
    );
    refuse_everywhere(
        r#"{"id":"AA","rawId":"AA","type":"password","response":{"clientDataJSON":"e30"}}"#,
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_refused(answer in ".{0,200}") {
        refuse_everywhere(&answer);
    }

    /// Attestation objects and authenticator data of any bytes, in an answer of the right form.
    #[test]
    fn any_bytes_in_a_good_frame_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        use base64::Engine;
        let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&bytes);
        let begun = begin_registration(&[]);
        let (mut key, credential) = registered();
        let mut answer = crate::support::json(&key.register(&begun.options));
        answer["response"]["attestationObject"] = text.as_str().into();
        prop_assert!(server().finish_registration(&begun.state, &answer.to_string()).is_err());
        let begun = begin_assertion(&[credential]);
        let mut answer = crate::support::json(&key.assert(&begun.options));
        answer["response"]["authenticatorData"] = text.as_str().into();
        prop_assert!(server().finish_assertion(&begun.state, &answer.to_string()).is_err());
    }
}
