//! My security in Chromium: its pages by axe-core and for their width, and the rules of a password while it is typed.

use super::pages::{is_of_security, walk_through};
use crate::support::{Home, Organization, Portico};

#[test]
fn nobody_finds_a_fault_with_my_security() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let user = organization.create_user("amelia");
    drop(organization.sign_in_first("amelia", &user));
    walk_through(
        is_of_security,
        Home::of(&portico),
        &portico,
        "const page = await visitor(browser, faults);
        const see = async (target) => {
          await page.goto(url + target);
          await look(page, faults);
        };
        await page.goto(url + '/security');
        await signIn(page, 'amelia', password);
        await see('/security?changed=session');
        await see('/security/password');
        await page.getByLabel('New password').pressSequentially('abc');
        const met = await page.locator('.rules [data-met=yes]').count();
        const unmet = await page.locator('.rules [data-met=no]').count();
        if (met !== 1 || unmet !== 4) faults.push(`while typing: ${met} met, ${unmet} not met`);
        await look(page, faults);
        await page.getByLabel('Current password').fill('wrong');
        await page.getByLabel('Confirm password').fill('abc');
        await page.getByRole('button', { name: 'Change password' }).click();
        await page.waitForLoadState();
        await look(page, faults);",
    );
}
