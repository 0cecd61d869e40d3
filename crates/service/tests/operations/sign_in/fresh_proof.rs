//! Fresh proofs of people who have a second factor: what is asked, and what it is asked for.

use std::sync::Arc;

use ::sign_in::authenticate::Authentication;
use ::sign_in::history::write_failures;
use ::sign_in::own_devices::{
    ADD_TOTP, AddOwnTotpRequest, LIST, ListOwnMfaDevicesRequest, REMOVE, RemoveOwnMfaDeviceRequest,
    offer_own_totp,
};
use ::sign_in::own_key::{ADD_KEY, AddOwnKeyRequest, offer_own_key};
use ::sign_in::prove_identity::{
    AskedProof, IdentityProof, ProveIdentityRequest, TypedFactor, find_asked, prove_identity,
};
use ::sign_in::sequence::Progress;
use ::sign_in::verify_key::WrongKey;
use ::sign_in::verify_totp::{Verification, WrongCode};
use kernel::Caller;
use kernel::sessions::NewSession;
use model::Fault;
use model::ids::{MfaDeviceId, UserId};
use model::mfa::MfaType;
use serde_json::json;
use testing::Bench;
use testing::people::{App, BROWSER, PASSWORD, browser_of};
use testing::security_key::SecurityKey;

use super::{MINUTE_MS, SECOND_MS};

/// A person with an authenticator app whose sign-in was six minutes ago.
struct World {
    bench: Bench,
    user: UserId,
    caller: Arc<Caller>,
    app: App,
    device: MfaDeviceId,
}

impl World {
    fn new() -> Self {
        let bench = Bench::new();
        let (user, session) = bench.create_person("alice");
        let caller = bench.caller_of(&session).unwrap();
        let (app, device) = bench.as_caller(&caller, |ctx| {
            let offer = offer_own_totp(ctx, "Bench").unwrap();
            let app = App::of(&offer);
            let request = AddOwnTotpRequest {
                code: app.code_at(ctx.now_ms()),
                offer: offer.sealed.clone(),
                name: "Phone".parse().unwrap(),
            };
            (app, ADD_TOTP.call(ctx, &request).unwrap())
        });
        bench.clock.advance(6 * MINUTE_MS);
        Self { bench, user, caller, app, device }
    }

    fn code(&self) -> String {
        self.app.code_at(self.bench.portico.clock.now_ms())
    }

    fn prove(&self, password: &str, factor: TypedFactor) -> Result<IdentityProof, Fault> {
        let (password, browser) = (password.to_owned(), BROWSER.to_owned());
        let request = ProveIdentityRequest { password, factor, browser };
        self.bench.as_caller(&self.caller, |ctx| prove_identity(ctx, &request))
    }

    fn prove_with(&self, password: &str, code: &str) -> Result<IdentityProof, Fault> {
        self.prove(password, TypedFactor::Code(code.to_owned()))
    }

    fn asked(&self) -> AskedProof {
        self.bench.as_caller(&self.caller, find_asked).unwrap()
    }

    /// Shows a security key. Returns what came of it, and the answer.
    fn show(&self, password: &str, key: &mut SecurityKey) -> Result<IdentityProof, Fault> {
        let ceremony = self.asked().key.unwrap();
        let answer = key.assert(&ceremony.options);
        self.prove(password, TypedFactor::Key { ceremony: ceremony.sealed, answer })
    }

    fn add_key(&self) -> SecurityKey {
        let mut key = SecurityKey::new("http://localhost:8080");
        self.bench.as_caller(&self.caller, |ctx| {
            let offer = offer_own_key(ctx).unwrap().unwrap();
            let answer = key.register(&offer.options);
            let name = "Blue key".parse().unwrap();
            let request = AddOwnKeyRequest { ceremony: offer.sealed, answer, name };
            ADD_KEY.call(ctx, &request).unwrap().unwrap();
        });
        key
    }

    fn is_fresh(&self, caller: &Arc<Caller>) -> bool {
        let list = |ctx: &kernel::Ctx<'_>| LIST.call(ctx, &ListOwnMfaDevicesRequest);
        self.bench.as_caller(caller, list).unwrap().is_fresh
    }

    fn remove(&self, caller: &Arc<Caller>) -> Result<(), Fault> {
        let request = RemoveOwnMfaDeviceRequest { id: self.device.clone() };
        self.bench.as_caller(caller, |ctx| REMOVE.call(ctx, &request))
    }

    fn caller_of(&self, session: &NewSession) -> Arc<Caller> {
        self.bench.caller_of(session).unwrap()
    }

    fn allow_passkeys(&self, status: &str) {
        let arn = self.bench.instance().id.arn();
        let body = json!({ "InstanceArn": arn, "Status": status });
        self.bench.call("PorticoAdmin.PutPasskeySignIn", &body).unwrap();
    }
}

#[test]
fn a_password_alone_is_no_proof_of_who_has_a_second_factor() {
    let world = World::new();
    assert_eq!(world.asked().types, [MfaType::Totp]);
    assert_eq!(world.prove_with(PASSWORD, ""), Ok(IdentityProof::FactorMissing));
    let mistyped = IdentityProof::WrongCode(WrongCode::Mistyped);
    assert_eq!(world.prove_with(PASSWORD, "000000"), Ok(mistyped));
    assert!(matches!(world.prove_with("wrong", &world.code()), Err(Fault::Invalid { .. })));
    assert!(!world.is_fresh(&world.caller));
    assert!(matches!(world.remove(&world.caller), Err(Fault::NotAdmitted { .. })));
    let code = world.code();
    assert_eq!(world.prove_with(PASSWORD, &code), Ok(IdentityProof::Given));
    assert!(world.is_fresh(&world.caller));
    assert_eq!(world.prove_with(PASSWORD, &code), Ok(IdentityProof::WrongCode(WrongCode::Used)));
    world.remove(&world.caller).unwrap();
    // What failed in an open browser is in the history, as it is at the door.
    write_failures(&world.bench.portico).unwrap();
    let reply = world.bench.admin("ListSignIns", &world.user, json!({})).unwrap();
    let failed = reply["SignIns"].as_array().unwrap().iter();
    let failed = failed.filter(|entry| entry["Outcome"] == "FAILED");
    let mut kinds: Vec<_> = failed.map(|entry| entry["CredentialType"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["PASSWORD", "TOTP"]);
}

#[test]
fn codes_of_a_proof_cannot_be_guessed() {
    let world = World::new();
    let mistyped = Ok(IdentityProof::WrongCode(WrongCode::Mistyped));
    for _ in 0..5 {
        assert_eq!(world.prove_with(PASSWORD, "000000"), mistyped);
    }
    let refused = world.prove_with(PASSWORD, &world.code());
    assert!(matches!(refused, Err(Fault::Throttled { .. })), "{refused:?}");
    world.bench.clock.advance(SECOND_MS);
    assert_eq!(world.prove_with(PASSWORD, &world.code()), Ok(IdentityProof::Given));
}

/// Who sits at the browser of a person may have learnt the password.
#[test]
fn a_sign_in_without_the_second_factor_changes_no_device() {
    let world = World::new();
    let step = world.bench.second_step("alice", &browser_of(BROWSER));
    let typed = (world.code(), true);
    let verified = world.bench.type_code(&step, &browser_of(BROWSER), (&typed.0, typed.1)).unwrap();
    let Verification::Right { progress: Progress::SignedIn(session), trusted } = verified else {
        panic!("{verified:?}")
    };
    assert!(world.is_fresh(&world.caller_of(&session)));
    let own = ::sign_in::browser::Browser { id: BROWSER.to_owned(), trusted: trusted.unwrap() };
    let signed_in = world.bench.sign_in_with("alice", PASSWORD, &own).unwrap();
    let Authentication::SignedIn(session) = signed_in else { panic!("{signed_in:?}") };
    let caller = world.caller_of(&session);
    assert!(!world.is_fresh(&caller));
    assert!(matches!(world.remove(&caller), Err(Fault::NotAdmitted { .. })));
}

/// A person who lost their devices registers another one, and cannot show the lost ones for it.
#[test]
fn a_sign_in_that_an_administrator_excused_may_change_devices() {
    let world = World::new();
    world.bench.admin("CreateMfaBypass", &world.user, json!({})).unwrap();
    let signed_in = world.bench.sign_in("alice", PASSWORD).unwrap();
    let Authentication::SignedIn(session) = signed_in else { panic!("{signed_in:?}") };
    let caller = world.caller_of(&session);
    assert!(world.is_fresh(&caller));
    world.remove(&caller).unwrap();
}

#[test]
fn a_security_key_beside_the_password_is_a_proof() {
    let world = World::new();
    assert_eq!(world.prove_with(PASSWORD, &world.code()), Ok(IdentityProof::Given));
    let mut key = world.add_key();
    key.is_user_verified = false;
    world.bench.clock.advance(6 * MINUTE_MS);
    assert!(matches!(world.show("wrong", &mut key), Err(Fault::Invalid { .. })));
    assert!(!world.is_fresh(&world.caller));
    assert_eq!(world.show(PASSWORD, &mut key), Ok(IdentityProof::Given));
    assert!(world.is_fresh(&world.caller));

    // An answer works once, and in its session only.
    let ceremony = world.asked().key.unwrap();
    let answer = key.assert(&ceremony.options);
    let send = |world: &World| {
        let (ceremony, answer) = (ceremony.sealed.clone(), answer.clone());
        world.prove(PASSWORD, TypedFactor::Key { ceremony, answer })
    };
    let over = IdentityProof::WrongKey(WrongKey::Over);
    let elsewhere = world.bench.second_step("alice", &browser_of(BROWSER));
    let verified = world.bench.type_code(&elsewhere, &browser_of(BROWSER), (&world.code(), false));
    let Ok(Verification::Right { progress: Progress::SignedIn(session), .. }) = verified else {
        panic!("{verified:?}")
    };
    let other = world.caller_of(&session);
    let own = Arc::clone(&world.caller);
    let world = World { caller: other, ..world };
    assert_eq!(send(&world), Ok(over));
    let world = World { caller: own, ..world };
    assert_eq!(send(&world), Ok(IdentityProof::Given));
    assert_eq!(send(&world), Ok(over));
}

#[test]
fn a_passkey_alone_is_a_proof_where_it_signs_in() {
    let world = World::new();
    assert_eq!(world.prove_with(PASSWORD, &world.code()), Ok(IdentityProof::Given));
    let mut key = world.add_key();
    world.bench.clock.advance(6 * MINUTE_MS);
    assert!(!world.asked().is_passkey_enough);
    assert!(matches!(world.show("", &mut key), Err(Fault::Invalid { .. })));
    world.allow_passkeys("ENABLED");
    assert!(world.asked().is_passkey_enough);
    key.is_user_verified = false;
    assert!(matches!(world.show("", &mut key), Err(Fault::Invalid { .. })));
    assert!(!world.is_fresh(&world.caller));
    key.is_user_verified = true;
    assert_eq!(world.show("", &mut key), Ok(IdentityProof::Given));
    assert!(world.is_fresh(&world.caller));
    // A key that was removed proves nothing, also where no device is left.
    let ceremony = world.asked().key.unwrap();
    let answer = key.assert(&ceremony.options);
    let listed = world.bench.admin("ListMfaDevices", &world.user, json!({})).unwrap();
    for device in listed["MfaDevices"].as_array().unwrap() {
        let device = json!({ "DeviceId": device["DeviceId"] });
        world.bench.admin("DeleteMfaDevice", &world.user, device).unwrap();
    }
    let shown = world.prove("", TypedFactor::Key { ceremony: ceremony.sealed, answer });
    assert!(!matches!(shown, Ok(IdentityProof::Given)), "{shown:?}");
}
