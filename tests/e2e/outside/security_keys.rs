//! Security keys and passkeys in Chromium, with a virtual authenticator.

use serde_json::{Value, json};

use crate::support::{Home, Organization, PASSWORD, Portico, text};

/// A sandbox whose instance requires a second factor, and a person with a one-time password.
fn furnish(portico: &Portico) -> (Organization<'_>, String, String) {
    let organization = Organization::of_sandbox(portico);
    let settings = json!({
        "PromptMode": "ALWAYS_ON", "NoMfaSignInBehavior": "REQUIRE_REGISTRATION",
    });
    organization.call("PorticoAdmin.PutMfaSettings", &organization.of_instance(settings)).ok();
    let user = organization.create_user("amelia");
    let input = organization.of_store(json!({ "UserId": user, "Mode": "ONE_TIME_PASSWORD" }));
    let reply = organization.call("PorticoAdmin.ResetUserPassword", &input).ok();
    (organization, user, text(&reply["OneTimePassword"]))
}

fn devices(organization: &Organization<'_>, user: &str) -> Vec<Value> {
    let input = organization.of_store(json!({ "UserId": user }));
    let listed = organization.call("PorticoAdmin.ListMfaDevices", &input).ok();
    listed["MfaDevices"].as_array().unwrap().clone()
}

/// Runs a script with a page whose browser has a virtual authenticator.
fn run(portico: &Portico, one_time: &str, script: &str) -> String {
    let home = Home::of(portico)
        .set("URL", portico.url())
        .set("PASSWORD", PASSWORD)
        .set("ONE_TIME", one_time);
    home.browser(&format!(
        "const {{ visitor, look, signIn }} = walker;
        const {{ URL: url, PASSWORD: password, ONE_TIME }} = process.env;
        const browser = await launch();
        const faults = [];
        const page = await visitor(browser, faults);
        const key = await authenticator(page);
        const press = async (name) => {{
          await page.getByRole('button', {{ name, exact: true }}).click();
        }};
        const portal = () => page.getByRole('heading', {{ name: 'Access portal' }}).waitFor();
        const leave = async () => {{
          await press('Sign out');
          await page.waitForURL('**/signed-out');
          await page.goto(url + '/sign-in');
        }};
        const register = async () => {{
          await page.goto(url + '/sign-in');
          await signIn(page, 'amelia', ONE_TIME);
          await page.getByLabel('New password').fill(password);
          await page.getByLabel('Confirm password').fill(password);
          await press('Set password');
          await page.getByLabel('Security key or built-in authenticator').check();
          await look(page, faults);
          await page.getByLabel('Name of this key').fill('Key of Amelia');
          await press('Register this device');
          await portal();
        }};
        {script}
        console.log(JSON.stringify(faults, null, 1));
        await browser.close();"
    ))
    .ok()
}

#[test]
fn a_key_is_registered_at_the_first_sign_in_and_proves_the_next_until_it_is_removed() {
    let portico = Portico::sandbox();
    let (organization, user, one_time) = furnish(&portico);
    let said = run(
        &portico,
        &one_time,
        "await register();
        await leave();
        await signIn(page, 'amelia', password);
        await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
        await look(page, faults);
        await press('Use your security key');
        await portal();
        await leave();

        // Without scripts the answer says what to do.
        const plain = await visitor(browser, faults, { javaScriptEnabled: false });
        await plain.goto(url + '/sign-in');
        await signIn(plain, 'amelia', password);
        await plain.getByRole('button', { name: 'Use your security key' }).click();
        await plain.getByRole('alert').getByText('Security keys need scripts').waitFor();

        // A browser without the key says so, and the person is not in.
        const other = await visitor(browser, faults);
        await authenticator(other);
        await other.goto(url + '/sign-in');
        await signIn(other, 'amelia', password);
        await other.getByRole('button', { name: 'Use your security key' }).click();
        await other.getByRole('alert').getByText('did not find your device').waitFor();
        await look(other, faults);
        await other.goto(url + '/start');
        if (!other.url().includes('/sign-in')) faults.push('in without the key');

        // A copy of the key counts from the beginning.
        const [credential] = await key.credentials();
        await key.setCredential({ ...credential, signCount: 1 });
        await signIn(page, 'amelia', password);
        await press('Use your security key');
        await page.getByRole('alert').getByText('there may be a copy of it').waitFor();
        await look(page, faults);",
    );
    assert_eq!(said, "[]\n");
    let listed = devices(&organization, &user);
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (&listed[0]["DeviceName"], &listed[0]["MfaType"]),
        (&json!("Key of Amelia"), &json!("WEBAUTHN"))
    );
    let removed = json!({ "UserId": user, "DeviceId": listed[0]["DeviceId"] });
    organization.call("PorticoAdmin.DeleteMfaDevice", &organization.of_store(removed)).ok();
    let page = organization.sign_in("amelia").open("/start");
    assert!(page.target.starts_with("/sign-in"), "{}", page.target);
}

#[test]
fn a_passkey_signs_in_alone_where_the_instance_allows_it() {
    let portico = Portico::sandbox();
    let (organization, _, one_time) = furnish(&portico);
    let on = organization.of_instance(json!({ "Status": "ENABLED" }));
    organization.call("PorticoAdmin.PutPasskeySignIn", &on).ok();
    let said = run(
        &portico,
        &one_time,
        "await register();
        await leave();
        await look(page, faults);
        await press('Sign in with a passkey');
        await portal();
        await leave();
        await key.setUserVerified(false);
        await press('Sign in with a passkey');
        await page.getByRole('alert').filter({ hasText: 'device' }).waitFor();
        await look(page, faults);
        await page.goto(url + '/start');
        if (!page.url().includes('/sign-in')) faults.push('in without a verified owner');",
    );
    assert_eq!(said, "[]\n");
}
