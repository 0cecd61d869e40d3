//! Second factors of people in the hands of administrators: lists, names, removal, and one sign-in without.

use model::ids::{MfaDeviceId, UserId};
use model::mfa::{MfaDevice, MfaType};
use model::{Fault, PorticoEntity};
use serde_json::{Value, json};
use store::{mfa_bypass, mfa_device};
use testing::center::{Center, for_user, text};
use testing::{Bench, START_MS, role};

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
        mfa_bypass::is_good(&mut read, &store_id, user, ctx.now_ms()).unwrap()
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
