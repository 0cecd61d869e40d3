//! Second factors in Chromium: every page of theirs is looked at on the way, and the way goes by keyboard alone.

use serde_json::json;

use super::pages::walk;
use crate::support::{Home, Organization, Portico, text};

#[test]
fn a_person_registers_an_app_by_keyboard_and_no_page_has_a_fault() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let settings = json!({ "NoMfaSignInBehavior": "REQUIRE_REGISTRATION" });
    organization.call("PorticoAdmin.PutMfaSettings", &organization.of_instance(settings)).ok();
    let user = organization.create_user("amelia");
    let input = organization.of_store(json!({ "UserId": user, "Mode": "ONE_TIME_PASSWORD" }));
    let reply = organization.call("PorticoAdmin.ResetUserPassword", &input).ok();
    let home = Home::of(&portico).set("ONE_TIME", &text(&reply["OneTimePassword"]));
    walk(
        home,
        &portico,
        "const page = await visitor(browser, faults, { viewport: { width: 320, height: 640 } });
        await page.goto(url + '/start');
        await signIn(page, 'amelia', process.env.ONE_TIME);
        await page.getByLabel('New password').fill(password);
        await page.getByLabel('Confirm password').fill(password);
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'Register a second factor' }).waitFor();
        await look(page, faults);
        const key = await page.getByLabel('Or type this key', { exact: true }).textContent();
        // The box for the code has the focus.
        await page.keyboard.type('000000');
        await page.keyboard.press('Enter');
        await page.getByText('must be the six digits').waitFor();
        await look(page, faults);
        await page.keyboard.type(totp(key));
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'Access portal' }).waitFor();
        await page.goto(url + '/security/devices');
        await look(page, faults);
        await page.getByRole('link', { name: 'Remove Authenticator app' }).click();
        await look(page, faults);
        await page.getByRole('link', { name: 'Keep it' }).click();
        await page.getByRole('link', { name: 'Add an authenticator app' }).click();
        await look(page, faults);
        await authenticator(page);
        await page.goto(url + '/security/devices');
        await page.getByRole('link', { name: 'Add a security key' }).click();
        await look(page, faults);
        await page.getByRole('button', { name: 'Register this device' }).click();
        await page.getByRole('heading', { name: 'Your second factors' }).waitFor();
        await page.getByRole('link', { name: 'Remove Security key' }).click();
        await page.getByRole('button', { name: 'Remove device' }).click();
        await page.getByText('Authenticator app', { exact: true }).first().waitFor();
        const second = await visitor(browser, faults);
        await second.goto(url + '/start');
        await signIn(second, 'amelia', password);
        await second.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
        await look(second, faults);
        await second.keyboard.type('000000');
        await second.keyboard.press('Enter');
        await second.getByText('That code is not right').waitFor();
        await look(second, faults);
        // Each code is good once, and the next one is good already.
        await second.keyboard.type(totp(key, 1));
        await second.keyboard.press('Tab');
        await second.keyboard.press('Space');
        await second.keyboard.press('Enter');
        await second.getByRole('heading', { name: 'Access portal' }).waitFor();
        await second.getByRole('button', { name: 'Sign out' }).click();
        await second.goto(url + '/start');
        await signIn(second, 'amelia', password);
        await second.getByRole('heading', { name: 'Access portal' }).waitFor();",
    );
}
