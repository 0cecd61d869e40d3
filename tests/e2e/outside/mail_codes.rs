//! The pages that ask for codes by mail in Chromium, checked by axe-core and for their width.

use serde_json::json;

use super::pages::walk;
use crate::support::{Home, Organization, Portico};

#[test]
fn nobody_finds_a_fault_with_the_pages_that_ask_for_codes_by_mail() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let user = organization.create_user("betty");
    let emails = json!([{ "Value": "betty@example.com" }]);
    let operations = json!([{ "AttributePath": "emails", "AttributeValue": emails }]);
    let update = organization.of_store(json!({ "UserId": user, "Operations": operations }));
    organization.call("AWSIdentityStore.UpdateUser", &update).ok();
    drop(organization.sign_in_first("betty", &user));
    let with_code = organization.of_instance(json!({ "NoMfaSignInBehavior": "EMAIL_OTP" }));
    organization.call("PorticoAdmin.PutMfaSettings", &with_code).ok();
    let without_password = organization.of_instance(json!({ "SendEmailOtp": true }));
    organization.call("PorticoAdmin.PutStandardAuthentication", &without_password).ok();
    walk(
        Home::of(&portico),
        &portico,
        "const page = await visitor(browser, faults);
        const expect = async (words) => {
          if (!(await page.getByText(words).count())) faults.push(`no ${words} at ${page.url()}`);
          await look(page, faults);
        };
        const press = async (name) => {
          await page.getByRole('button', { name, exact: true }).click();
          await page.waitForLoadState();
        };
        await page.goto(url + '/sign-in/email-otp');
        await expect('No password yet?');
        await press('Send me a code');
        await page.getByLabel('Username').fill('nobody');
        await press('Send me a code');
        await expect('Enter the code');
        await page.getByLabel('Code').fill('BCDF-GHJK-LMNP');
        await page.getByLabel('Code').press('Enter');
        await page.waitForLoadState();
        await expect('That code does not belong');
        await page.goto(url + '/sign-in');
        await signIn(page, 'betty', password);
        await expect('This is my own device');
        await page.getByLabel('Code').fill('00000000');
        await page.getByLabel('Code').press('Enter');
        await page.waitForLoadState();
        await look(page, faults);",
    );
}
