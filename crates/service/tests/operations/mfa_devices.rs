//! Second factors of people in the hands of administrators: lists, names, removal, and one sign-in without.

use std::sync::Arc;

use model::ids::{MfaDeviceId, UserId};
use model::mfa::{MfaDevice, MfaType};
use model::{Fault, PorticoEntity};
use policy::Caller;
use serde_json::{Value, json};
use sign_in::authenticate::Authentication;
use sign_in::sequence::Ask;
use sign_in::verify_totp::{Verification, WrongCode};
use store::{mfa_bypass, mfa_device};
use testing::center::{Center, for_user, text};
use testing::people::{App, BROWSER, PASSWORD, browser_of};
use testing::{ACCOUNT, Bench, START_MS, administrator, role};

use crate::messages::{Post, set_address};
use crate::password_reset::{Person, person};

/// Adds a device with a name to a person, without its ceremony.
fn add(bench: &Bench, user: &UserId, mfa_type: MfaType, name: &str) -> MfaDeviceId {
    let id = MfaDeviceId::random(&*bench.portico.random);
    let is_key = mfa_type == MfaType::Webauthn;
    let device = MfaDevice {
        identity_store_id: bench.store_id().parse().unwrap(),
        user_id: user.clone(),
        id: id.clone(),
        mfa_type,
        name: name.parse().unwrap(),
        sealed: "sealed".to_owned(),
        credential_id: is_key.then(|| format!("credential-of-{id}")),
        counter: 0,
        drift_steps: 0,
        created_at_ms: START_MS,
        last_used_at_ms: None,
        voucher: None,
        needs_password: false,
    };
    bench.as_caller(&kernel::Portico::itself(), |ctx| {
        let mut tx = ctx.begin(ctx.authorize("portico:Test", "*").unwrap()).unwrap();
        mfa_device::insert(&mut tx, &device).unwrap();
        tx.commit(&model::AuditEvent::new()).unwrap();
    });
    id
}

fn is_bypass_good(bench: &Bench, user: &UserId) -> bool {
    let store_id = bench.store_id().parse().unwrap();
    bench.as_caller(&kernel::Portico::itself(), |ctx| {
        let permit = ctx.authorize("portico:Test", "*").unwrap();
        let mut read = ctx.read(&permit).unwrap();
        mfa_bypass::find(&mut read, &store_id, user, ctx.now_ms()).unwrap().is_some()
    })
}

fn names(listed: &Value) -> Vec<(String, String)> {
    let devices = listed["MfaDevices"].as_array().unwrap();
    let mut names: Vec<_> =
        devices.iter().map(|it| (text(it, "/DeviceName"), text(it, "/MfaType"))).collect();
    names.sort();
    names
}

#[test]
fn devices_are_listed_without_their_secrets_renamed_and_removed() {
    let bench = Bench::new();
    let (alice, bob) = (bench.create_user("alice"), bench.create_user("bob"));
    let phone = add(&bench, &alice, MfaType::Totp, "Phone");
    let key = add(&bench, &alice, MfaType::Webauthn, "Blue key");
    add(&bench, &bob, MfaType::Totp, "Bob's phone");
    let list = || bench.admin("ListMfaDevices", &alice, json!({})).unwrap();
    let pair = |name: &str, kind: &str| (name.to_owned(), kind.to_owned());
    assert_eq!(names(&list()), [pair("Blue key", "WEBAUTHN"), pair("Phone", "TOTP")]);
    assert!(!list().to_string().contains("sealed"));

    let rename = json!({ "DeviceId": key, "DeviceName": "Key at home" });
    bench.admin("RenameMfaDevice", &alice, rename).unwrap();
    bench.admin("DeleteMfaDevice", &alice, json!({ "DeviceId": phone })).unwrap();
    assert_eq!(names(&list()), [pair("Key at home", "WEBAUTHN")]);
    let event = &bench.events("portico:DeleteMfaDevice")[0];
    assert!(event.details.contains("Phone"), "{event:?}");
}

#[test]
fn a_device_of_another_person_is_not_found() {
    let bench = Bench::new();
    let (alice, bob) = (bench.create_user("alice"), bench.create_user("bob"));
    let phone = add(&bench, &bob, MfaType::Totp, "Phone");
    for (operation, more) in [
        ("DeleteMfaDevice", json!({ "DeviceId": phone })),
        ("RenameMfaDevice", json!({ "DeviceId": phone, "DeviceName": "Mine" })),
    ] {
        let refused = bench.admin(operation, &alice, more).unwrap_err();
        assert_eq!(refused, Fault::not_found(PorticoEntity::MfaDevice, &phone), "{operation}");
    }
    let listed = bench.admin("ListMfaDevices", &bob, json!({})).unwrap();
    assert_eq!(names(&listed).len(), 1);
}

#[test]
fn a_name_that_cannot_be_one_is_refused_by_its_field() {
    let bench = Bench::new();
    let alice = bench.create_user("alice");
    let phone = add(&bench, &alice, MfaType::Totp, "Phone");
    for name in [String::new(), " ".to_owned(), "x".repeat(65), "a\u{202e}b".to_owned()] {
        let more = json!({ "DeviceId": phone, "DeviceName": name });
        let refused = bench.admin("RenameMfaDevice", &alice, more).unwrap_err();
        let Fault::Invalid { field, .. } = &refused else { panic!("{refused:?}") };
        assert!(field.eq_ignore_ascii_case("DeviceName"), "{field}");
    }
}

#[test]
fn a_bypass_is_good_for_an_hour_and_the_person_is_told() {
    let bench = Bench::new();
    let alice = bench.create_user("alice");
    let reply = bench.admin("CreateMfaBypass", &alice, json!({})).unwrap();
    assert_eq!(reply.get("MessageId"), None);
    assert!(is_bypass_good(&bench, &alice));
    bench.clock.advance(60 * 60 * 1000);
    assert!(!is_bypass_good(&bench, &alice));

    let emails = json!([{ "Value": "alice@example.com" }]);
    let body = json!({
        "IdentityStoreId": bench.store_id(), "UserId": alice,
        "Operations": [{ "AttributePath": "emails", "AttributeValue": emails }],
    });
    bench.call("AWSIdentityStore.UpdateUser", &body).unwrap();
    let reply = bench.admin("CreateMfaBypass", &alice, json!({})).unwrap();
    let message = json!({
        "IdentityStoreId": bench.store_id(), "MessageId": text(&reply, "/MessageId"),
    });
    let message = bench.call("PorticoAdmin.GetMessage", &message).unwrap();
    assert!(text(&message, "/Text").contains("with your password alone"), "{message}");
    assert_eq!(bench.events("portico:CreateMfaBypass").len(), 2);
    bench.admin("DisableUser", &alice, json!({})).unwrap();
    let refused = bench.admin("CreateMfaBypass", &alice, json!({})).unwrap_err();
    assert!(matches!(refused, Fault::Conflict { .. }), "{refused:?}");
}

/// Who knows the password of a stronger person is kept out by the second factor alone.
#[test]
fn the_second_factor_of_a_person_who_may_do_more_stays() {
    let center = Center::new();
    let bench = &center.bench;
    let alice = bench.create_user("alice");
    let phone = add(bench, &alice, MfaType::Totp, "Phone");
    let set = center.create_set_of("Strong", &["*"]);
    center.assign(&for_user(&set, alice.as_str()));
    let help_desk =
        role(testing::ACCOUNT, r#"{"Effect": "Allow", "Action": "portico:*", "Resource": "*"}"#);
    let body = |more: Value| {
        let mut body = more;
        body["IdentityStoreId"] = bench.store_id().into();
        body["UserId"] = alice.to_string().into();
        body
    };
    for (operation, more) in [
        ("CreateMfaDevice", json!({ "DeviceName": "Another" })),
        ("DeleteMfaDevice", json!({ "DeviceId": phone })),
        ("CreateMfaBypass", json!({})),
    ] {
        let name = format!("PorticoAdmin.{operation}");
        let refused = bench.call_as(&help_desk, &name, &body(more.clone())).unwrap_err();
        assert!(matches!(refused, Fault::Denied { .. }), "{operation}: {refused:?}");
        bench.call(&name, &body(more)).unwrap();
    }
    assert!(bench.call_as(&help_desk, "PorticoAdmin.ListMfaDevices", &body(json!({}))).is_ok());
}

/// Help desk, a permission set that it may neither hold nor assign, and a person with a password and without roles.
struct Desk {
    center: Center,
    helper: Person,
    boss_set: String,
    user: UserId,
}

impl Desk {
    fn new() -> Self {
        let center = Center::new();
        let helper = person(&center, "helper", &["portico:*"]);
        let boss_set = center.create_set_of("Boss", &["*"]);
        let (user, _) = center.bench.create_person("alice");
        set_address(&center.bench, &user, &json!([{ "Value": "alice@example.com" }]));
        Self { center, helper, boss_set, user }
    }

    fn promote(&self) {
        self.center.assign(&for_user(&self.boss_set, self.user.as_str()));
    }

    fn demote(&self) {
        self.center.unassign(&for_user(&self.boss_set, self.user.as_str()));
    }

    fn call_as(&self, by: &Arc<Caller>, operation: &str, more: Value) -> Result<Value, Fault> {
        let mut body = more;
        body["IdentityStoreId"] = self.center.bench.store_id().into();
        body["UserId"] = self.user.to_string().into();
        self.center.bench.call_as(by, &format!("PorticoAdmin.{operation}"), &body)
    }

    /// Registers an app for the person. Returns it as its maker has it.
    fn app_of(&self, by: &Arc<Caller>, name: &str) -> App {
        let made = self.call_as(by, "CreateMfaDevice", json!({ "DeviceName": name })).unwrap();
        App::of_key(&text(&made, "/SecretKey"))
    }

    /// Signs in with the password and a code, and returns why that was refused.
    fn refused(&self, app: &App) -> Option<WrongCode> {
        let bench = &self.center.bench;
        bench.clock.advance(30_000);
        let step = bench.second_step("alice", &browser_of(BROWSER));
        let code = app.code_at(bench.portico.clock.now_ms());
        match bench.type_code(&step, &browser_of(BROWSER), (&code, false)).unwrap() {
            Verification::Right { .. } => None,
            Verification::Wrong(why, _) => Some(why),
        }
    }
}

/// Who made a device may know its secret, and who knows the password of the person too would be them.
#[test]
fn a_device_is_refused_once_its_person_may_do_more_than_its_maker() {
    let desk = Desk::new();
    let known_to_helper = desk.app_of(&desk.helper.caller, "Phone");
    assert_eq!(desk.refused(&known_to_helper), None);
    desk.promote();
    assert_eq!(desk.refused(&known_to_helper), Some(WrongCode::Unvouched));
    let events = desk.center.bench.events("signin:CredentialVerification");
    let why = "the person may do more than who registered the device";
    assert!(events.iter().any(|event| event.details.contains(why)), "{events:?}");
    // It still counts as a device: who knows the password registers none of their own.
    let step = desk.center.bench.second_step("alice", &browser_of(BROWSER));
    assert!(matches!(step.ask, Ask::Device { .. }), "{step:?}");
    // One of an administrator who may do as much is taken.
    let of_peer = desk.app_of(&administrator(ACCOUNT), "Tablet");
    assert_eq!(desk.refused(&of_peer), None);
    desk.demote();
    assert_eq!(desk.refused(&known_to_helper), None);
}

#[test]
fn a_bypass_is_refused_once_its_person_may_do_more_than_who_gave_it() {
    let desk = Desk::new();
    let bench = &desk.center.bench;
    desk.app_of(&administrator(ACCOUNT), "Phone");
    let is_in = || match bench.sign_in("alice", PASSWORD).unwrap() {
        Authentication::SignedIn(_) => true,
        Authentication::SecondStep(step) => {
            assert!(matches!(step.ask, Ask::Device { .. }), "{step:?}");
            false
        }
        outcome @ (Authentication::Wrong | Authentication::MustSetPassword { .. }) => {
            panic!("{outcome:?}")
        }
    };
    assert!(!is_in());
    desk.call_as(&desk.helper.caller, "CreateMfaBypass", json!({})).unwrap();
    desk.promote();
    assert!(!is_in());
    desk.demote();
    assert!(is_in());
    desk.promote();
    desk.call_as(&administrator(ACCOUNT), "CreateMfaBypass", json!({})).unwrap();
    assert!(is_in());
    assert!(!is_in(), "once");
}

#[test]
fn a_person_is_told_of_devices_that_administrators_add_and_remove() {
    let post = Post::new();
    let made =
        post.bench.admin("CreateMfaDevice", &post.user, json!({ "DeviceName": "Phone" })).unwrap();
    let mail = post.last_mail();
    assert_eq!(mail.to, "alice@example.com");
    assert_eq!(mail.id, text(&made, "/MessageId"));
    assert_eq!(mail.subject, "An administrator added a second factor to your account");
    assert!(mail.text.contains("Device: Phone"), "{}", mail.text);
    let device = json!({ "DeviceId": text(&made, "/MfaDevice/DeviceId") });
    let removed = post.bench.admin("DeleteMfaDevice", &post.user, device).unwrap();
    let mail = post.last_mail();
    assert_eq!(mail.id, text(&removed, "/MessageId"));
    assert_eq!(mail.subject, "An administrator removed a second factor from your account");
}

/// A notice that an administrator may read or delete in its place never reaches its person.
#[test]
fn notices_for_a_person_who_may_do_more_are_not_taken_out_of_the_outbox() {
    let desk = Desk::new();
    let bench = &desk.center.bench;
    let made = desk.call_as(&desk.helper.caller, "CreateMfaBypass", json!({})).unwrap();
    desk.promote();
    let message = json!({ "MessageId": text(&made, "/MessageId") });
    for operation in ["GetMessage", "DeleteMessage"] {
        let refused = desk.call_as(&desk.helper.caller, operation, message.clone());
        assert!(matches!(refused, Err(Fault::Denied { .. })), "{operation}: {refused:?}");
    }
    assert_eq!(bench.events("portico:DeleteMessage").len(), 1, "the refusal is in the log");
    desk.call_as(&administrator(ACCOUNT), "GetMessage", message.clone()).unwrap();
    // What is left of it tells nobody anything.
    desk.call_as(&desk.helper.caller, "DeleteMessage", message).unwrap();
}

/// Anybody who knows a name makes messages to its person.
#[test]
fn many_messages_to_a_person_hold_up_no_administrator() {
    let post = Post::new();
    post.send_ten();
    assert_eq!(post.count(), 10);
    let bypass = post.bench.admin("CreateMfaBypass", &post.user, json!({})).unwrap();
    assert!(bypass["MessageDueAt"].is_number(), "{bypass}");
    assert!(is_bypass_good(&post.bench, &post.user));
    let listed = post.listed(&text(&bypass, "/MessageId"));
    assert_eq!(listed["Reason"], "10 messages an hour to one address");
    let again = post.bench.admin("CreateMfaBypass", &post.user, json!({})).unwrap();
    let device = json!({ "DeviceName": "Phone" });
    let made = post.bench.admin("CreateMfaDevice", &post.user, device).unwrap();
    let reset = post.bench.admin("ResetUserPassword", &post.user, json!({ "Mode": "EMAIL" }));
    let ids = [&again, &made, &reset.unwrap()].map(|reply| text(reply, "/MessageId"));
    assert_eq!(post.count(), 10);
    post.bench.clock.advance(60 * 60 * 1000);
    assert_eq!(post.count(), 13, "the first of two bypasses is told of once");
    assert_eq!(ids.map(|id| post.status(&id)), ["SENT", "SENT", "SENT"]);
}

#[test]
fn passkeys_alone_are_off_until_an_administrator_turns_them_on() {
    let center = Center::new();
    let call = |operation: &str, more: Value| {
        center.bench.call(&format!("PorticoAdmin.{operation}"), &center.body(more))
    };
    let described = || text(&call("DescribePasskeySignIn", json!({})).unwrap(), "/Status");
    assert_eq!(described(), "DISABLED");
    call("PutPasskeySignIn", json!({ "Status": "ENABLED" })).unwrap();
    assert_eq!(described(), "ENABLED");
    let refused = call("PutPasskeySignIn", json!({ "Status": "ON" })).unwrap_err();
    assert!(matches!(refused, Fault::Invalid { .. }), "{refused:?}");
}
