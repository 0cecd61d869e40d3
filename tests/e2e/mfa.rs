//! Second factors over HTTP, with scripts off.

use serde_json::{Value, json};

use crate::support::{App, Organization, PASSWORD, Portico, Visitor, text};

/// Sets what the instance asks for.
fn put(organization: &Organization<'_>, settings: Value) {
    let input = organization.of_instance(settings);
    organization.call("PorticoAdmin.PutMfaSettings", &input).ok();
}

/// Fills in the sign-in page.
fn type_password(browser: &mut Visitor<'_>) -> crate::support::Page {
    let page = browser.open("/sign-in");
    browser.submit(&page, &[("user_name", "alice"), ("password", PASSWORD)])
}

#[test]
fn a_new_person_registers_an_app_and_signs_in_with_its_codes() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    put(&organization, json!({ "NoMfaSignInBehavior": "REQUIRE_REGISTRATION" }));
    let user = organization.create_user("alice");
    let reset = organization.of_store(json!({ "UserId": user, "Mode": "ONE_TIME_PASSWORD" }));
    let reply = organization.call("PorticoAdmin.ResetUserPassword", &reset).ok();
    let mut browser = Visitor::of(&portico);
    let page = browser.open("/sign-in?return_to=%2Fdevice");
    let one_time = text(&reply["OneTimePassword"]);
    let page = browser.submit(&page, &[("user_name", "alice"), ("password", &one_time)]);
    let chosen = [("new_password", PASSWORD), ("confirm_password", PASSWORD)];
    let page = browser.submit(&page, &chosen);
    page.assert_says("Register a second factor");
    page.assert_says("<strong>Authenticator app</strong>");
    // No session before the device.
    assert_eq!(browser.open("/start").target, "/sign-in?return_to=%2Fstart");

    let app = App::of(&page);
    let wrong = browser.submit(&page, &[("code", "000000"), ("device_name", "Phone")]);
    assert_eq!(wrong.answer.status, 422, "{}", wrong.answer);
    wrong.assert_says("must be the six digits that the app shows now");
    // The page shows the same key again.
    assert_eq!(App::of(&wrong).code(&portico, 0), app.code(&portico, 0));
    let unnamed = browser.submit(&wrong, &[("code", &app.code(&portico, 0)), ("device_name", " ")]);
    unnamed.assert_says("The name must have 1 to 64 visible characters.");
    let named = [("code", &*app.code(&portico, 0)), ("device_name", "Phone")];
    let page = browser.submit(&unnamed, &named);
    assert_eq!((page.answer.status, page.target.as_str()), (200, "/device"), "{}", page.answer);

    // The next sign-in asks for a code, once for each.
    let mut browser = Visitor::of(&portico);
    let page = type_password(&mut browser);
    page.assert_says("Confirm that it is you");
    portico.advance(30);
    let code = app.code(&portico, 0);
    let wrong = browser.submit(&page, &[("code", "123")]);
    wrong.assert_says("That code is not right.");
    assert_eq!(browser.open("/start").target, "/sign-in?return_to=%2Fstart");
    let page = browser.submit(&wrong, &[("code", &code), ("own_device", "true")]);
    assert_eq!(page.target, "/start");
    page.assert_says("Access portal");
    let mut other = Visitor::of(&portico);
    let page = type_password(&mut other);
    other.submit(&page, &[("code", &code)]).assert_says("That code was used already.");

    // The browser of the person's own is not asked again, even after they signed out.
    let page = browser.open("/start");
    browser.press(&page, "/sign-out");
    assert_eq!(type_password(&mut browser).target, "/start");
}

#[test]
fn a_code_of_one_browser_lets_no_other_in() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    drop(organization.sign_in_first("alice", &organization.create_user("alice")));
    put(&organization, json!({ "NoMfaSignInBehavior": "REQUIRE_REGISTRATION" }));
    let mut browser = Visitor::of(&portico);
    let page = type_password(&mut browser);
    let app = App::of(&page);
    let mut thief = Visitor::of(&portico);
    let own = type_password(&mut thief);
    // The thief's own form with the ticket and the offer of another browser.
    let ticket = page.hidden("ticket");
    let offer = page.hidden("offer");
    let filled = [
        ("ticket", ticket.as_str()),
        ("offer", &offer),
        ("code", &app.code(&portico, 0)),
        ("device_name", "Phone"),
    ];
    let refused = thief.submit(&own, &filled);
    assert_eq!(refused.answer.status, 403);
    refused.assert_says("This page is out of date");
    assert_eq!(thief.open("/start").target, "/sign-in?return_to=%2Fstart");
}

#[test]
fn a_person_looks_after_their_devices() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = organization.sign_in_first("alice", &organization.create_user("alice"));
    browser.open("/security").assert_says("href=\"/security/devices\"");
    browser.open("/security/devices").assert_says("No second factor yet");
    let mut apps = Vec::new();
    for name in ["Phone", "Tablet"] {
        let page = browser.open("/security/devices/add");
        let app = App::of(&page);
        let wrong = browser.submit(&page, &[("code", "000000"), ("device_name", name)]);
        wrong.assert_says("must be the six digits that the app shows now");
        let code = app.code(&portico, 0);
        let page = browser.submit(&wrong, &[("code", &code), ("device_name", name)]);
        assert_eq!(page.target, "/security/devices");
        page.assert_says(name);
        apps.push(app);
    }
    let page = browser.open("/security/devices");
    page.assert_says("You have 2 authenticator apps, as many as a person may have.");
    page.assert_says("disabled aria-describedby=\"full-apps\"");
    // A security key needs scripts, and the page says so without.
    let page = browser.open("/security/devices/add-key");
    page.assert_says("An authenticator app works without.");
    let page = browser.submit(&page, &[("key_name", "Key")]);
    assert_eq!(page.answer.status, 422);
    page.assert_says("Security keys need scripts");
    let page = browser.open("/security/devices");
    let id = page.hidden("device");
    let unnamed = browser.submit(&page, &[("device", &id), ("name", " ")]);
    unnamed.assert_says("A name has 1 to 64 visible characters.");
    let page = browser.submit(&page, &[("device", &id), ("name", "Work & home")]);
    page.assert_says("Work &amp; home");
    let page = browser.open(&format!("/security/devices/remove?device={id}"));
    page.assert_says("It does not let you in any more.");
    let page = browser.press(&page, "/security/devices/remove");
    assert!(!page.text().contains("Work &amp; home"), "{}", page.answer);

    // A proof counts for five minutes.
    portico.advance(300);
    let page = browser.open("/security/devices");
    page.assert_says("It counts for five minutes.");
    assert!(!page.text().contains("Remove"), "{}", page.answer);
    assert_eq!(browser.open("/security/devices/add").target, "/security/devices");
    assert_eq!(browser.open("/security/devices/add-key").target, "/security/devices");
    let page = browser.open("/security/proof?return_to=%2Fsecurity%2Fdevices");
    let wrong = browser.submit(&page, &[("password", PASSWORD), ("code", "")]);
    wrong.assert_says("Your second factor is needed too");
    // One of the two apps is left.
    let codes = apps.iter().map(|app| app.code(&portico, 0));
    let pages: Vec<_> = codes
        .map(|code| browser.submit(&page, &[("password", PASSWORD), ("code", &code)]))
        .filter(|page| page.target == "/security/devices")
        .collect();
    assert_eq!(pages.len(), 1);
    pages[0].assert_says("Remove");

    put(&organization, json!({ "AllowUserManagedDevices": false }));
    browser.open("/security/devices").assert_says("manage the second factors");
}

#[test]
fn who_was_let_in_once_is_led_to_the_second_factors() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let user = organization.create_user("alice");
    drop(organization.sign_in_first("alice", &user));
    let device = organization.of_store(json!({ "UserId": user, "DeviceName": "Lost phone" }));
    organization.call("PorticoAdmin.CreateMfaDevice", &device).ok();
    let mut browser = Visitor::of(&portico);
    let page = type_password(&mut browser);
    page.assert_says("<h1>Confirm that it is you</h1>");
    page.assert_says("Ask an administrator: they can let you in once without it.");
    let bypass = organization.of_store(json!({ "UserId": user }));
    organization.call("PorticoAdmin.CreateMfaBypass", &bypass).ok();
    let page = type_password(&mut browser);
    assert_eq!(page.target, "/security/devices?after_bypass=%2Fstart");
    page.assert_says("You were let in without your second factor, once.");
    page.assert_says("<a href=\"/start\">Go on without a change</a>");
    // The sign-in counts as a proof: the lost device cannot be shown for one.
    page.assert_says("Add an authenticator app");
    let id = page.hidden("device");
    let page = browser.open(&format!("/security/devices/remove?device={id}"));
    browser.press(&page, "/security/devices/remove").assert_says("No second factor yet");
}

/// Page that a person with the right password meets.
fn landing(page: &crate::support::Page) -> &'static str {
    let text = page.text();
    for (words, name) in [
        ("<h1>Access portal</h1>", "in"),
        ("<h1>Confirm that it is you</h1>", "ask"),
        ("<h1>Register a second factor</h1>", "register"),
        ("<h1>Look into your mail</h1>", "mail"),
        ("<h1>You need a second factor</h1>", "blocked"),
    ] {
        if text.contains(words) {
            return name;
        }
    }
    panic!("{}", page.answer)
}

/// Every combination of prompt mode, types, behaviour without a device, device and browser.
#[test]
fn every_setting_is_obeyed() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let user = organization.create_user("alice");
    let emails = json!([{ "Value": "alice@example.com", "Type": "work", "Primary": true }]);
    let operations = json!([{ "AttributePath": "emails", "AttributeValue": emails }]);
    let update = organization.of_store(json!({ "UserId": user, "Operations": operations }));
    organization.call("AWSIdentityStore.UpdateUser", &update).ok();
    drop(organization.sign_in_first("alice", &user));
    let mut strange = Visitor::of(&portico);
    let mut own = Visitor::of(&portico);
    let meet = |browser: &mut Visitor<'_>| {
        let page = type_password(browser);
        let name = landing(&page);
        if name == "in" {
            browser.press(&page, "/sign-out");
        }
        name
    };
    let modes = ["CONTEXT_AWARE", "ALWAYS_ON", "DISABLED"];
    let behaviors = ["REQUIRE_REGISTRATION", "BLOCKED", "ALLOWED", "EMAIL_OTP"];
    let types: [&[&str]; 3] = [&["TOTP"], &["WEBAUTHN"], &["TOTP", "WEBAUTHN"]];
    for has_app in [false, true] {
        if has_app {
            put(
                &organization,
                json!({
                    "PromptMode": "CONTEXT_AWARE", "AllowedMfaTypes": ["TOTP"],
                    "NoMfaSignInBehavior": "REQUIRE_REGISTRATION",
                }),
            );
            let page = type_password(&mut own);
            let app = App::of(&page);
            let filled = [("code", &*app.code(&portico, 0)), ("device_name", "Phone")];
            let page = own.submit(&page, &filled);
            own.press(&page, "/sign-out");
            portico.advance(30);
            let page = type_password(&mut own);
            let code = app.code(&portico, 0);
            let page = own.submit(&page, &[("code", &code), ("own_device", "true")]);
            own.press(&page, "/sign-out");
        }
        for (mode, behavior) in modes.iter().flat_map(|mode| behaviors.map(|it| (*mode, it))) {
            for allowed in types {
                put(
                    &organization,
                    json!({
                        "PromptMode": mode, "AllowedMfaTypes": allowed, "NoMfaSignInBehavior": behavior,
                    }),
                );
                let is_usable = has_app && allowed.contains(&"TOTP");
                let without = match behavior {
                    "REQUIRE_REGISTRATION" => "register",
                    "BLOCKED" => "blocked",
                    "ALLOWED" => "in",
                    "EMAIL_OTP" => "mail",
                    other => panic!("{other}"),
                };
                let (expected, expected_own) = match (mode, is_usable) {
                    ("DISABLED", _) => ("in", "in"),
                    ("CONTEXT_AWARE", true) => ("ask", "in"),
                    (_, true) => ("ask", "ask"),
                    ("CONTEXT_AWARE", false) if has_app && behavior == "EMAIL_OTP" => {
                        ("mail", "in")
                    }
                    (_, false) => (without, without),
                };
                let case = format!("{mode} {behavior} {allowed:?} {has_app}");
                // Ten messages an hour go to one address.
                if expected == "mail" {
                    portico.advance(3600);
                }
                assert_eq!(meet(&mut strange), expected, "{case}");
                assert_eq!(meet(&mut own), expected_own, "{case}, own browser");
            }
        }
    }
}
