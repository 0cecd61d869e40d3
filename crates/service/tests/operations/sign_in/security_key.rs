//! Security keys at sign-in: registration, proof, and each way in which an answer is refused.

use kernel::Portico;
use kernel::sessions::NewSession;
use model::Fault;
use model::ids::UserId;
use serde_json::{Value, json};
use sign_in::authenticate::Authentication;
use sign_in::browser::Browser;
use sign_in::ceremony::Ceremony;
use sign_in::offer_key::offer_key;
use sign_in::passkey::{PasskeyRequest, PasskeySignIn, offer_passkey, sign_in_with_passkey};
use sign_in::register_key::{KeyRegistration, RegisterKeyRequest, register_key};
use sign_in::sequence::{Ask, Progress, SecondStep};
use sign_in::verify_key::{KeyVerification, VerifyKeyRequest, WrongKey, verify_key};
use testing::Bench;
use testing::people::{BROWSER, PASSWORD, browser_of};
use testing::security_key::SecurityKey;

/// Bench whose instance requires a second factor.
pub(super) struct Door {
    pub(super) bench: Bench,
}

impl Door {
    pub(super) fn new() -> Self {
        let door = Self { bench: Bench::new() };
        door.set(
            json!({ "NoMfaSignInBehavior": "REQUIRE_REGISTRATION", "PromptMode": "ALWAYS_ON" }),
        );
        door
    }

    pub(super) fn set(&self, settings: Value) {
        let mut body = settings;
        body["InstanceArn"] = self.bench.instance().id.arn().into();
        self.bench.call("PorticoAdmin.PutMfaSettings", &body).unwrap();
    }

    pub(super) fn allow_passkeys(&self) {
        let body = json!({ "InstanceArn": self.bench.instance().id.arn(), "Status": "ENABLED" });
        self.bench.call("PorticoAdmin.PutPasskeySignIn", &body).unwrap();
    }

    pub(super) fn key() -> SecurityKey {
        SecurityKey::new("http://localhost:8080")
    }

    pub(super) fn offer(&self, step: &SecondStep) -> Ceremony {
        self.offer_in(BROWSER, step).unwrap().unwrap()
    }

    fn offer_in(&self, browser: &str, step: &SecondStep) -> Result<Option<Ceremony>, Fault> {
        self.bench.as_caller(&Portico::anonymous(), |ctx| {
            offer_key(ctx, &step.ticket, &browser_of(browser))
        })
    }

    fn register(&self, step: &SecondStep, ceremony: &Ceremony, answer: String) -> KeyRegistration {
        let request = RegisterKeyRequest {
            ticket: step.ticket.clone(),
            browser: browser_of(BROWSER),
            ceremony: ceremony.sealed.clone(),
            answer,
            name: "Blue key".parse().unwrap(),
        };
        self.bench.as_caller(&Portico::anonymous(), |ctx| register_key(ctx, &request)).unwrap()
    }

    /// Creates a person who registers a key at the first sign-in.
    pub(super) fn person(&self, name: &str, key: &mut SecurityKey) -> (UserId, NewSession) {
        let (user, progress) = self.bench.begin_person(name);
        let Progress::SecondStep(step) = progress else { panic!("{progress:?}") };
        assert!(matches!(step.ask, Ask::Register { .. }), "{step:?}");
        let ceremony = self.offer(&step);
        let answer = key.register(&ceremony.options);
        let outcome = self.register(&step, &ceremony, answer);
        let KeyRegistration::Registered(progress) = outcome else { panic!("{outcome:?}") };
        let Progress::SignedIn(session) = *progress else { panic!("{progress:?}") };
        (user, session)
    }

    /// The step that follows a right password.
    fn step(&self, name: &str) -> SecondStep {
        let outcome = self.bench.sign_in(name, PASSWORD).unwrap();
        let Authentication::SecondStep(step) = outcome else { panic!("{outcome:?}") };
        step
    }

    pub(super) fn verify(
        &self,
        step: &SecondStep,
        ceremony: &Ceremony,
        answer: &str,
    ) -> KeyVerification {
        self.verify_in(BROWSER, step, ceremony, answer).unwrap()
    }

    fn verify_in(
        &self,
        browser: &str,
        step: &SecondStep,
        ceremony: &Ceremony,
        answer: &str,
    ) -> Result<KeyVerification, Fault> {
        let request = VerifyKeyRequest {
            ticket: step.ticket.clone(),
            browser: browser_of(browser),
            ceremony: ceremony.sealed.clone(),
            answer: answer.to_owned(),
            trusts: false,
        };
        self.bench.as_caller(&Portico::anonymous(), |ctx| verify_key(ctx, &request))
    }

    pub(super) fn passkey(&self, browser: &Browser, key: &mut SecurityKey) -> PasskeySignIn {
        let ceremony = self.offer_passkey(browser).unwrap();
        let answer = key.assert(&ceremony.options);
        self.passkey_with(browser, &ceremony, answer)
    }

    pub(super) fn offer_passkey(&self, browser: &Browser) -> Option<Ceremony> {
        self.bench.as_caller(&Portico::anonymous(), |ctx| offer_passkey(ctx, browser)).unwrap()
    }

    pub(super) fn passkey_with(
        &self,
        browser: &Browser,
        ceremony: &Ceremony,
        answer: String,
    ) -> PasskeySignIn {
        let request =
            PasskeyRequest { browser: browser.clone(), ceremony: ceremony.sealed.clone(), answer };
        let sign_in = |ctx: &kernel::Ctx<'_>| sign_in_with_passkey(ctx, &request);
        self.bench.as_caller(&Portico::anonymous(), sign_in).unwrap()
    }
}

pub(super) fn is_in(verification: &KeyVerification) -> bool {
    matches!(verification, KeyVerification::Right { progress: Progress::SignedIn(_), .. })
}

fn why(verification: KeyVerification) -> WrongKey {
    match verification {
        KeyVerification::Wrong(why, _) => why,
        right @ KeyVerification::Right { .. } => panic!("{right:?}"),
    }
}

#[test]
fn a_key_is_registered_at_the_first_sign_in_and_proves_the_next() {
    let (door, mut key) = (Door::new(), Door::key());
    let (user, session) = door.person("alice", &mut key);
    assert!(door.bench.caller_of(&session).is_ok());
    let listed = door.bench.admin("ListMfaDevices", &user, json!({})).unwrap();
    assert_eq!(listed["MfaDevices"][0]["DeviceName"], "Blue key");
    assert_eq!(listed["MfaDevices"][0]["MfaType"], "WEBAUTHN");
    let events = door.bench.events("signin:CompleteWebAuthnDeviceRegistration");
    assert_eq!(events.len(), 1);

    let step = door.step("alice");
    let Ask::Device { types, .. } = &step.ask else { panic!("{step:?}") };
    assert_eq!(*types, [model::mfa::MfaType::Webauthn]);
    let ceremony = door.offer(&step);
    assert!(ceremony.options.contains(&key.credential_id()), "{}", ceremony.options);
    let answer = key.assert(&ceremony.options);
    assert!(is_in(&door.verify(&step, &ceremony, &answer)));
    let listed = door.bench.admin("ListMfaDevices", &user, json!({})).unwrap();
    assert!(listed["MfaDevices"][0]["LastUsedAt"].is_number(), "{listed}");
}

#[test]
fn an_answer_works_once_also_if_the_key_does_not_count() {
    let (door, mut key) = (Door::new(), Door::key());
    key.is_counting = false;
    door.person("alice", &mut key);
    let step = door.step("alice");
    let ceremony = door.offer(&step);
    let answer = key.assert(&ceremony.options);
    assert!(is_in(&door.verify(&step, &ceremony, &answer)));
    assert_eq!(why(door.verify(&step, &ceremony, &answer)), WrongKey::Over);
}

#[test]
fn a_registration_works_once() {
    let (door, mut key) = (Door::new(), Door::key());
    let (_, progress) = door.bench.begin_person("alice");
    let Progress::SecondStep(step) = progress else { panic!("{progress:?}") };
    let ceremony = door.offer(&step);
    let answer = key.register(&ceremony.options);
    let first = door.register(&step, &ceremony, answer.clone());
    assert!(matches!(first, KeyRegistration::Registered(_)), "{first:?}");
    // The person has a device now, so nobody registers another with the password alone.
    let request = RegisterKeyRequest {
        ticket: step.ticket.clone(),
        browser: browser_of(BROWSER),
        ceremony: ceremony.sealed,
        answer,
        name: "Again".parse().unwrap(),
    };
    let again = door.bench.as_caller(&Portico::anonymous(), |ctx| register_key(ctx, &request));
    assert_eq!(again.unwrap_err(), Fault::NoSession);
}

#[test]
fn a_key_of_another_person_is_not_registered_again() {
    let (door, mut key) = (Door::new(), Door::key());
    door.person("alice", &mut key);
    let (_, progress) = door.bench.begin_person("bob");
    let Progress::SecondStep(step) = progress else { panic!("{progress:?}") };
    let ceremony = door.offer(&step);
    let answer = key.register(&ceremony.options);
    let outcome = door.register(&step, &ceremony, answer);
    assert!(matches!(outcome, KeyRegistration::Wrong(WrongKey::Known)), "{outcome:?}");
}

#[test]
fn a_ceremony_is_good_for_five_minutes_its_person_and_its_browser() {
    let (door, mut key, mut other) = (Door::new(), Door::key(), Door::key());
    door.person("alice", &mut key);
    door.person("bob", &mut other);
    let (step, bobs) = (door.step("alice"), door.step("bob"));
    let ceremony = door.offer(&step);
    let answer = key.assert(&ceremony.options);
    // Bob has the password and the ceremony of Alice, and his own key.
    assert_eq!(why(door.verify(&bobs, &ceremony, &answer)), WrongKey::Over);
    let foreign = other.assert(&ceremony.options);
    assert!(matches!(why(door.verify(&step, &ceremony, &foreign)), WrongKey::Refused(_)));
    let elsewhere = door.verify_in("another browser", &step, &ceremony, &answer);
    assert_eq!(elsewhere.unwrap_err(), Fault::NoSession);
    assert_eq!(door.offer_in("another browser", &step).unwrap_err(), Fault::NoSession);
    door.bench.clock.advance(5 * 60 * 1000);
    assert_eq!(why(door.verify(&step, &ceremony, &answer)), WrongKey::Over);
    let fresh = door.offer(&step);
    let answer = key.assert(&fresh.options);
    assert!(is_in(&door.verify(&step, &fresh, &answer)));
}

#[test]
fn a_copied_key_is_noticed_refused_and_told() {
    let (door, mut key) = (Door::new(), Door::key());
    door.person("alice", &mut key);
    let assert = |key: &mut SecurityKey| {
        let step = door.step("alice");
        let ceremony = door.offer(&step);
        let answer = key.assert(&ceremony.options);
        door.verify(&step, &ceremony, &answer)
    };
    key.counter = 40;
    assert!(is_in(&assert(&mut key)));
    key.counter = 20;
    assert_eq!(why(assert(&mut key)), WrongKey::Copied);
    let events = door.bench.events("signin:CredentialVerification");
    let said = events
        .iter()
        .any(|event| format!("{event:?}").contains("counter of the authenticator went back"));
    assert!(said, "{events:?}");
}

/// Two ceremonies began with the same counter, and both answers have the next one.
#[test]
fn of_two_answers_with_one_counter_one_is_refused() {
    let (door, mut key) = (Door::new(), Door::key());
    door.person("alice", &mut key);
    let (one, two) = (door.step("alice"), door.step("alice"));
    let (first, second) = (door.offer(&one), door.offer(&two));
    let answer = key.assert(&first.options);
    key.counter -= 1;
    let copied = key.assert(&second.options);
    assert!(is_in(&door.verify(&one, &first, &answer)));
    assert_eq!(why(door.verify(&two, &second, &copied)), WrongKey::Copied);
}

#[test]
fn a_removed_key_proves_nothing() {
    let (door, mut key) = (Door::new(), Door::key());
    let (user, _) = door.person("alice", &mut key);
    let step = door.step("alice");
    let ceremony = door.offer(&step);
    let answer = key.assert(&ceremony.options);
    let listed = door.bench.admin("ListMfaDevices", &user, json!({})).unwrap();
    let device = listed["MfaDevices"][0]["DeviceId"].clone();
    door.bench.admin("DeleteMfaDevice", &user, json!({ "DeviceId": device })).unwrap();
    let outcome = door.verify_in(BROWSER, &step, &ceremony, &answer);
    assert_eq!(outcome.unwrap_err(), Fault::NoSession);
    assert!(matches!(door.step("alice").ask, Ask::Register { .. }));
}

#[test]
fn a_bypass_lets_a_person_in_once_without_their_key() {
    let (door, mut key) = (Door::new(), Door::key());
    let (user, _) = door.person("alice", &mut key);
    assert!(matches!(door.step("alice").ask, Ask::Device { .. }));
    door.bench.admin("CreateMfaBypass", &user, json!({})).unwrap();
    let signed_in = door.bench.sign_in("alice", PASSWORD).unwrap();
    assert!(matches!(signed_in, Authentication::SignedIn(_)), "{signed_in:?}");
    assert!(matches!(door.step("alice").ask, Ask::Device { .. }));
    door.bench.admin("CreateMfaBypass", &user, json!({})).unwrap();
    door.bench.clock.advance(60 * 60 * 1000);
    assert!(matches!(door.step("alice").ask, Ask::Device { .. }));
}

/// A wrong answer costs a read, a write and an event, so who knows a password makes a bounded number of them.
#[test]
fn wrong_answers_of_a_key_are_counted_as_codes_are() {
    let (door, mut key) = (Door::new(), Door::key());
    door.person("alice", &mut key);
    let step = door.bench.second_step("alice", &browser_of("a stranger's"));
    let attempt = |number: usize, answer: &str| {
        let request = VerifyKeyRequest {
            ticket: step.ticket.clone(),
            browser: browser_of("a stranger's"),
            ceremony: String::new(),
            answer: answer.to_owned(),
            trusts: false,
        };
        let address = format!("198.51.100.{number}");
        let verify = |ctx: &kernel::Ctx<'_>| verify_key(ctx, &request);
        door.bench.as_caller_from(&address, &Portico::anonymous(), verify)
    };
    let outcomes: Vec<_> = (0..40).map(|number| attempt(number, "{}")).collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 10);
    assert!(matches!(outcomes[39], Err(Fault::Throttled { .. })), "{:?}", outcomes[39]);
    let events = door.bench.events("signin:CredentialVerification");
    let failures = events.iter().filter(|it| it.details.contains("the ceremony is over"));
    assert_eq!(failures.count(), 10);
    // The person goes on in their own browser, and a right answer leaves no count.
    for _ in 0..8 {
        let step = door.step("alice");
        let ceremony = door.offer(&step);
        let answer = key.assert(&ceremony.options);
        assert!(is_in(&door.verify(&step, &ceremony, &answer)));
    }
}

/// Who had the account may have registered the passkey.
/// Upkeep of a server whose clock is ahead must not make an answer good again on the others.
#[test]
fn an_answer_works_once_also_beside_a_server_whose_clock_is_ahead() {
    let (door, mut key) = (Door::new(), Door::key());
    key.is_counting = false;
    door.person("alice", &mut key);
    let step = door.step("alice");
    let ceremony = door.offer(&step);
    let answer = key.assert(&ceremony.options);
    assert!(is_in(&door.verify(&step, &ceremony, &answer)));
    let ahead_ms = 60 * 60 * 1000;
    door.bench.clock.advance(ahead_ms);
    kernel::sessions::sweep::sweep(&door.bench.portico).unwrap();
    door.bench.clock.advance(-ahead_ms);
    assert_eq!(why(door.verify(&step, &ceremony, &answer)), WrongKey::Over);
}
