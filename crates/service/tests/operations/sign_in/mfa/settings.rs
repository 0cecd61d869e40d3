//! What an instance asks for: `PutMfaSettings`, `DescribeMfaSettings`, and what they keep people from.

use ::sign_in::sequence::Ask;
use model::Fault;
use serde_json::json;
use testing::Bench;
use testing::people::{BROWSER, browser_of};

use super::without_device;

#[test]
fn settings_that_forbid_it_let_nobody_in() {
    let (bench, _) = without_device();
    bench.put_mfa_settings(json!({"NoMfaSignInBehavior": "BLOCKED"}));
    bench.clock.advance(1);
    let step = bench.second_step("alice", &browser_of(BROWSER));
    assert_eq!(step.ask, Ask::Blocked);
    let browser = browser_of(BROWSER);
    assert_eq!(bench.offer(&step, &browser).err(), Some(Fault::NoSession));
    let outcome = bench.type_code(&step, &browser, ("000000", false));
    assert_eq!(outcome.unwrap_err(), Fault::NoSession);
    let last = bench.events("signin:UserAuthentication").pop().unwrap();
    assert!(last.details.contains("no device of an allowed type"), "{}", last.details);
}

#[test]
fn devices_are_only_managed_by_administrators_where_nobody_must_register() {
    let bench = Bench::new();
    let put = |settings: serde_json::Value| {
        let mut body = settings;
        body["InstanceArn"] = bench.instance().id.arn().into();
        bench.call("PorticoAdmin.PutMfaSettings", &body)
    };
    let describe = || {
        let body = json!({"InstanceArn": bench.instance().id.arn()});
        bench.call("PorticoAdmin.DescribeMfaSettings", &body).unwrap()
    };
    let fault = put(json!({
        "NoMfaSignInBehavior": "REQUIRE_REGISTRATION", "AllowUserManagedDevices": false,
    }));
    let must = "be true while NoMfaSignInBehavior is REQUIRE_REGISTRATION";
    assert_eq!(fault.unwrap_err(), Fault::invalid("AllowUserManagedDevices", must));
    put(json!({"NoMfaSignInBehavior": "BLOCKED", "AllowUserManagedDevices": false})).unwrap();
    assert_eq!(describe()["AllowUserManagedDevices"], false);
    put(json!({"NoMfaSignInBehavior": "REQUIRE_REGISTRATION"})).unwrap();
    assert_eq!(
        describe(),
        json!({
            "PromptMode": "CONTEXT_AWARE",
            "AllowedMfaTypes": ["TOTP", "WEBAUTHN"],
            "NoMfaSignInBehavior": "REQUIRE_REGISTRATION",
            "NoPasswordSignInBehavior": "BLOCKED",
            "AllowUserManagedDevices": true,
        })
    );
    put(json!({"AllowedMfaTypes": ["WEBAUTHN"], "NoPasswordSignInBehavior": "EMAIL_OTP"})).unwrap();
    assert_eq!(describe()["AllowedMfaTypes"], json!(["WEBAUTHN"]));
    assert_eq!(describe()["NoPasswordSignInBehavior"], "EMAIL_OTP");
    for (settings, field) in [
        (json!({"AllowedMfaTypes": []}), "AllowedMfaTypes"),
        (json!({"AllowedMfaTypes": ["SMS"]}), "AllowedMfaTypes[0]"),
        (json!({"PromptMode": "SOMETIMES"}), "PromptMode"),
        (json!({"NoMfaSignInBehavior": ""}), "NoMfaSignInBehavior"),
        (json!({"NoPasswordSignInBehavior": "ALLOWED"}), "NoPasswordSignInBehavior"),
        (json!({"AllowUserManagedDevices": 1}), "AllowUserManagedDevices"),
    ] {
        let fault = put(settings).unwrap_err();
        assert!(
            matches!(&fault, Fault::Invalid { field: named, .. } if named == field),
            "{fault:?}"
        );
    }
}
