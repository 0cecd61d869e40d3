//! The settings of sign-in in the console: each form changes its own, as far as the role may.

use serde_json::{Value, json};
use testing::center::Center;

use web::Page;

use crate::browser::{Browser, hidden_fields};

const PATH: &str = "/console/authentication";

/// Fills in the form of a setting, and sends it.
fn save(browser: &mut Browser<'_>, setting: &str, values: &[(&str, &str)]) -> Page {
    let page = browser.open(PATH);
    assert!(page.body.contains(&format!("name=\"setting\" value=\"{setting}\"")), "{}", page.body);
    let mut fields = hidden_fields(&page, PATH);
    fields.retain(|(name, _)| name == "form_token");
    fields.push(("setting".to_owned(), setting.to_owned()));
    fields.extend(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.submit(PATH, &fields)
}

fn describe(center: &Center, operation: &str) -> Value {
    let body = json!({ "InstanceArn": center.bench.instance().id.arn() });
    center.bench.call(&format!("PorticoAdmin.{operation}"), &body).unwrap()
}

#[test]
fn each_form_changes_its_setting_and_no_other() {
    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["*"]);
    let mfa = |name: &str| describe(&center, "DescribeMfaSettings")[name].clone();
    let status = |operation: &str| describe(&center, operation)["Status"].clone();
    for (setting, value) in [
        ("prompt-mode", "ALWAYS_ON"),
        ("types", "WEBAUTHN"),
        ("no-device", "BLOCKED"),
        ("self-managed", "false"),
        ("no-password", "EMAIL_OTP"),
        ("passkey", "ENABLED"),
        ("device", "DISABLED"),
    ] {
        let saved = save(&mut browser, setting, &[("value", value)]);
        let location = Some("/console/authentication?done=saved");
        assert_eq!(saved.header("location"), location, "{setting} {}", saved.body);
    }
    assert_eq!(mfa("PromptMode"), "ALWAYS_ON");
    assert_eq!(mfa("AllowedMfaTypes"), json!(["WEBAUTHN"]));
    assert_eq!(mfa("NoMfaSignInBehavior"), "BLOCKED");
    assert_eq!(mfa("AllowUserManagedDevices"), false);
    assert_eq!(mfa("NoPasswordSignInBehavior"), "EMAIL_OTP");
    assert_eq!(status("DescribePasskeySignIn"), "ENABLED");
    assert_eq!(status("DescribeDeviceAuthorization"), "DISABLED");

    save(&mut browser, "passwords", &[("password_length", "12"), ("password_reuse", "10")]);
    let policy = describe(&center, "DescribePasswordPolicy");
    assert_eq!(policy, json!({"MinimumPasswordLength": 12, "PasswordReusePrevention": 10}));
    let values = [("session_minutes", "720"), ("idle_minutes", "120"), ("keys", "true")];
    save(&mut browser, "sessions", &values);
    let sessions = describe(&center, "DescribeSessionSettings");
    let expected = json!({
        "PortalSessionMinutes": 720, "InactivityMinutes": 120,
        "FreshProofForConsent": false, "FreshProofForKeys": true,
    });
    assert_eq!(sessions, expected);
    let page = browser.open("/console/authentication?done=saved");
    assert!(page.body.contains("The setting is saved."), "{}", page.body);
}

#[test]
fn a_wrong_value_is_told_and_changes_nothing() {
    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["*"]);
    for (setting, values, words) in [
        ("passwords", [("password_length", "7"), ("password_reuse", "3")], "8 to 64"),
        ("passwords", [("password_length", "8"), ("password_reuse", "99")], "from 3 to 24"),
        ("sessions", [("session_minutes", "14"), ("idle_minutes", "")], "15 to 129600"),
        ("sessions", [("session_minutes", "15"), ("idle_minutes", "4")], "5 to 43200"),
    ] {
        let page = save(&mut browser, setting, &values);
        assert_eq!(page.status, 422, "{}", page.body);
        assert!(page.body.contains(words), "{words} {}", page.body);
    }
    let page = save(&mut browser, "prompt-mode", &[("value", "SOMETIMES")]);
    assert_eq!(page.status, 400, "{}", page.body);
    let policy = describe(&center, "DescribePasswordPolicy");
    assert_eq!(policy, json!({"MinimumPasswordLength": 8, "PasswordReusePrevention": 3}));
    assert_eq!(describe(&center, "DescribeSessionSettings")["PortalSessionMinutes"], 480);
}

#[test]
fn a_role_changes_what_it_may() {
    let center = Center::new();
    let actions = ["sso:ListInstances", "portico:Describe*", "portico:PutPasskeySignIn"];
    let mut browser = Browser::of_console(&center, &actions);
    let saved = save(&mut browser, "passkey", &[("value", "ENABLED")]);
    assert!(saved.header("location").is_some(), "{}", saved.body);
    let refused = save(&mut browser, "device", &[("value", "DISABLED")]);
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert_eq!(describe(&center, "DescribeDeviceAuthorization")["Status"], "ENABLED");
}
