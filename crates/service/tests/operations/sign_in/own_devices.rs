//! The second factors of a person who is signed in.

use std::sync::Arc;

use ::sign_in::authenticate::Authentication;
use ::sign_in::own_devices::{
    ADD_TOTP, AddOwnTotpRequest, LIST, ListOwnMfaDevicesRequest, OwnMfaDevices, REMOVE, RENAME,
    RemoveOwnMfaDeviceRequest, RenameOwnMfaDeviceRequest, offer_own_totp,
};
use ::sign_in::own_key::{ADD_KEY, AddOwnKeyRequest, offer_own_key};
use ::sign_in::verify_key::WrongKey;
use kernel::Caller;
use model::Fault;
use model::ids::{MfaDeviceId, UserId};
use model::mfa::MfaType;
use serde_json::json;
use testing::Bench;
use testing::people::{App, PASSWORD};
use testing::security_key::SecurityKey;

use super::MINUTE_MS;
use crate::messages::Post;

/// A person who has just signed in.
struct World {
    bench: Bench,
    user: UserId,
    caller: Arc<Caller>,
}

impl World {
    fn new() -> Self {
        let bench = Bench::new();
        let (user, session) = bench.create_person("alice");
        let caller = bench.caller_of(&session).unwrap();
        Self { bench, user, caller }
    }

    fn list(&self) -> OwnMfaDevices {
        self.bench.as_caller(&self.caller, |ctx| LIST.call(ctx, &ListOwnMfaDevicesRequest)).unwrap()
    }

    fn add(&self) -> Result<MfaDeviceId, Fault> {
        add(&self.bench, &self.caller)
    }

    fn add_key(&self) -> Result<Result<MfaDeviceId, WrongKey>, Fault> {
        self.answer_with(&mut SecurityKey::new("http://localhost:8080"))
    }

    /// Adds a key after a ceremony of this session.
    fn answer_with(&self, key: &mut SecurityKey) -> Result<Result<MfaDeviceId, WrongKey>, Fault> {
        let offer = self.bench.as_caller(&self.caller, offer_own_key).unwrap().unwrap();
        let answer = key.register(&offer.options);
        self.send(&offer.sealed, answer)
    }

    fn send(&self, ceremony: &str, answer: String) -> Result<Result<MfaDeviceId, WrongKey>, Fault> {
        let ceremony = ceremony.to_owned();
        let request = AddOwnKeyRequest { ceremony, answer, name: "Blue key".parse().unwrap() };
        self.bench.as_caller(&self.caller, |ctx| ADD_KEY.call(ctx, &request))
    }

    fn rename(&self, id: &MfaDeviceId) -> Result<(), Fault> {
        let request = RenameOwnMfaDeviceRequest { id: id.clone(), name: "Tablet".parse().unwrap() };
        self.bench.as_caller(&self.caller, |ctx| RENAME.call(ctx, &request))
    }

    fn remove(&self, id: &MfaDeviceId) -> Result<(), Fault> {
        remove(&self.bench, &self.caller, id)
    }
}

fn add(bench: &Bench, caller: &Arc<Caller>) -> Result<MfaDeviceId, Fault> {
    bench.as_caller(caller, |ctx| {
        let offer = offer_own_totp(ctx, "Bench").unwrap();
        let request = AddOwnTotpRequest {
            code: App::of(&offer).code_at(ctx.now_ms()),
            offer: offer.sealed.clone(),
            name: "Phone".parse().unwrap(),
        };
        ADD_TOTP.call(ctx, &request)
    })
}

fn remove(bench: &Bench, caller: &Arc<Caller>, id: &MfaDeviceId) -> Result<(), Fault> {
    let request = RemoveOwnMfaDeviceRequest { id: id.clone() };
    bench.as_caller(caller, |ctx| REMOVE.call(ctx, &request))
}

#[test]
fn a_person_adds_renames_and_removes_their_devices() {
    let world = World::new();
    assert_eq!(world.list().devices, []);
    assert_eq!(world.list().addable, MfaType::ALL);
    let (first, second) = (world.add().unwrap(), world.add().unwrap());
    assert!(matches!(world.add(), Err(Fault::Quota { .. })));
    assert_eq!(world.list().addable, [MfaType::Webauthn]);
    world.rename(&first).unwrap();
    let names = |list: OwnMfaDevices| {
        let mut names: Vec<_> = list.devices.iter().map(|it| it.name.to_string()).collect();
        names.sort();
        names
    };
    assert_eq!(names(world.list()), ["Phone", "Tablet"]);
    world.remove(&second).unwrap();
    assert!(matches!(world.remove(&second), Err(Fault::NotFound { .. })));
    assert_eq!(names(world.list()), ["Tablet"]);
    for action in ["UpdateMfaDeviceForUser", "DeleteMfaDeviceForUser"] {
        let events = world.bench.events(&format!("signin:{action}"));
        assert!(events.iter().any(|event| event.details.contains(world.user.as_str())), "{action}");
    }
}

#[test]
fn a_security_key_is_added_renamed_and_removed_and_registered_once() {
    let world = World::new();
    let mut key = SecurityKey::new("http://localhost:8080");
    let id = world.answer_with(&mut key).unwrap().unwrap();
    assert_eq!(world.answer_with(&mut key).unwrap(), Err(WrongKey::Known));
    assert_eq!(world.list().devices[0].mfa_type, MfaType::Webauthn);
    world.rename(&id).unwrap();
    assert_eq!(world.list().devices[0].name.to_string(), "Tablet");
    for _ in 1..MfaType::Webauthn.devices_max() {
        world.add_key().unwrap().unwrap();
    }
    assert!(matches!(world.add_key(), Err(Fault::Quota { .. })));
    assert_eq!(world.list().addable, [MfaType::Totp]);
    world.remove(&id).unwrap();
    assert!(world.list().devices.iter().all(|device| device.id != id));
    world.answer_with(&mut key).unwrap().unwrap();
}

#[test]
fn a_ceremony_works_once_and_in_its_session_only() {
    let world = World::new();
    let mut key = SecurityKey::new("http://localhost:8080");
    let offer = world.bench.as_caller(&world.caller, offer_own_key).unwrap().unwrap();
    let answer = key.register(&offer.options);
    let (_, session) = world.bench.create_person("mallory");
    let caller = world.bench.caller_of(&session).unwrap();
    let own = Arc::clone(&world.caller);
    let world = World { caller, ..world };
    assert_eq!(world.send(&offer.sealed, answer.clone()).unwrap(), Err(WrongKey::Over));
    assert_eq!(world.list().devices, []);
    let world = World { caller: own, ..world };
    let id = world.send(&offer.sealed, answer.clone()).unwrap().unwrap();
    world.remove(&id).unwrap();
    assert_eq!(world.send(&offer.sealed, answer).unwrap(), Err(WrongKey::Over));
}

#[test]
fn an_offer_of_an_authenticator_app_makes_one_device() {
    let world = World::new();
    let offer = world.bench.as_caller(&world.caller, |ctx| offer_own_totp(ctx, "Bench")).unwrap();
    let add = || {
        let request = AddOwnTotpRequest {
            code: App::of(&offer).code_at(world.bench.portico.clock.now_ms()),
            offer: offer.sealed.clone(),
            name: "Phone".parse().unwrap(),
        };
        world.bench.as_caller(&world.caller, |ctx| ADD_TOTP.call(ctx, &request))
    };
    let id = add().unwrap();
    assert!(matches!(add(), Err(Fault::Conflict { .. })));
    world.remove(&id).unwrap();
    world.bench.clock.advance(60_000);
    assert!(matches!(add(), Err(Fault::Conflict { .. })));
    assert_eq!(world.list().devices, []);
}

#[test]
fn a_person_with_an_address_is_told_of_each_change() {
    let post = Post::new();
    let signed_in = post.bench.sign_in("alice", PASSWORD).unwrap();
    let Authentication::SignedIn(session) = signed_in else { panic!("{signed_in:?}") };
    let caller = post.bench.caller_of(&session).unwrap();
    let id = add(&post.bench, &caller).unwrap();
    let mail = post.last_mail();
    assert_eq!(mail.to, "alice@example.com");
    assert_eq!(mail.subject, "A second factor was added to your account");
    assert!(mail.text.contains("Device: Phone"), "{}", mail.text);
    remove(&post.bench, &caller, &id).unwrap();
    assert_eq!(post.last_mail().subject, "A second factor was removed from your account");
    assert_eq!(post.count(), 2);
}

#[test]
fn a_change_needs_a_fresh_proof() {
    let world = World::new();
    let id = world.add().unwrap();
    assert!(world.list().is_fresh);
    world.bench.clock.advance(5 * MINUTE_MS);
    assert!(!world.list().is_fresh);
    let key = world.add_key().map(drop);
    for outcome in [world.add().map(drop), key, world.rename(&id), world.remove(&id)] {
        assert!(matches!(outcome, Err(Fault::NotAdmitted { .. })), "{outcome:?}");
    }
    assert_eq!(world.list().devices.len(), 1);
}

#[test]
fn settings_say_who_manages_devices_and_which() {
    let world = World::new();
    let id = world.add().unwrap();
    world.bench.put_mfa_settings(json!({"AllowUserManagedDevices": false}));
    assert!(!world.list().may_manage);
    let key = world.add_key().map(drop);
    for outcome in [world.add().map(drop), key, world.rename(&id), world.remove(&id)] {
        assert!(matches!(outcome, Err(Fault::Denied(_))), "{outcome:?}");
    }
    world.bench.put_mfa_settings(
        json!({"AllowUserManagedDevices": true, "AllowedMfaTypes": ["WEBAUTHN"]}),
    );
    assert!(matches!(world.add(), Err(Fault::Denied(_))));
    world.remove(&id).unwrap();
    let apps = json!({"AllowUserManagedDevices": true, "AllowedMfaTypes": ["TOTP"]});
    world.bench.put_mfa_settings(apps);
    assert!(matches!(world.add_key(), Err(Fault::Denied(_))));
}

#[test]
fn nobody_reaches_the_devices_of_another() {
    let world = World::new();
    let id = world.add().unwrap();
    let (_, session) = world.bench.create_person("mallory");
    let caller = world.bench.caller_of(&session).unwrap();
    let other = World { caller, ..World { user: world.user.clone(), ..world } };
    assert_eq!(other.list().devices, []);
    for outcome in [other.rename(&id), other.remove(&id)] {
        assert!(matches!(outcome, Err(Fault::NotFound { .. })), "{outcome:?}");
    }
    // The offer of another session is void.
    let (_, again) = other.bench.create_person("victim");
    let victim = other.bench.caller_of(&again).unwrap();
    let offer = other.bench.as_caller(&victim, |ctx| offer_own_totp(ctx, "Bench")).unwrap();
    let outcome = other.bench.as_caller(&other.caller, |ctx| {
        let request = AddOwnTotpRequest {
            code: App::of(&offer).code_at(ctx.now_ms()),
            offer: offer.sealed.clone(),
            name: "Phone".parse().unwrap(),
        };
        ADD_TOTP.call(ctx, &request)
    });
    assert!(matches!(outcome, Err(Fault::Conflict { .. })), "{outcome:?}");
}
