//! Every page in Chromium, checked by axe-core and for its width, on a desktop and on a phone, in
//! light and in dark; and the pages with only a keyboard.

use serde_json::{Value, json};

use crate::support::{Home, Organization, PASSWORD, Portico, Request, text};

/// Runs a script that walks through pages with `browser` and `url`, and leaves `faults` empty.
pub(super) fn walk(home: Home, portico: &Portico, script: &str) {
    walk_through(|_| false, home, portico, script);
}

/// Runs a script that opens every shown page for which `is_due` is true.
pub(super) fn walk_through(is_due: fn(&str) -> bool, home: Home, portico: &Portico, script: &str) {
    let due: Vec<&str> = web::pages().filter(|page| is_due(page)).collect();
    let home = home.set("URL", portico.url()).set("PASSWORD", PASSWORD);
    let home = home.set("DUE", &due.join(" "));
    let said = home.browser(&format!(
        "const {{ visitor, look, signIn, notOpened }} = walker;
        const {{ URL: url, PASSWORD: password }} = process.env;
        const browser = await launch();
        const faults = [];
        {script}
        for (const path of notOpened(process.env.DUE)) {{
          await page.goto(url + path);
          await look(page, faults);
        }}
        console.log(JSON.stringify(faults, null, 1));
        await browser.close();"
    ));
    assert_eq!(said.ok(), "[]\n");
}

pub(super) fn is_of_security(page: &str) -> bool {
    page.starts_with("/security")
}

fn is_of_setup(page: &str) -> bool {
    page.starts_with("/setup")
}

fn is_behind_sign_in(page: &str) -> bool {
    page.starts_with("/start") || page.starts_with("/console")
}

/// A registered client.
fn client(portico: &Portico, more: &Value) -> Value {
    let mut input = json!({
        "clientName": "A command line with a name that does not end where one would like it to",
        "clientType": "public", "scopes": ["sso:account:access"],
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    portico.send(&Request::post("/client/register").json(&input)).ok()
}

/// The verification link of a device that waits for a person.
fn device_link(organization: &Organization<'_>) -> String {
    let grants = ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"];
    let client = client(organization.portico, &json!({ "grantTypes": grants }));
    let start_url = format!("https://{}.awsapps.com/start", organization.store);
    let input = json!({
        "clientId": client["clientId"], "clientSecret": client["clientSecret"], "startUrl": start_url,
    });
    let request = Request::post("/device_authorization").json(&input);
    text(&organization.portico.send(&request).ok()["verificationUriComplete"])
}

/// The authorization link of a program on the person's computer.
fn authorize_link(organization: &Organization<'_>) -> String {
    let portico = organization.portico;
    let instance = organization.instance.rsplit('/').next().unwrap();
    let redirect_uri = "http://127.0.0.1/oauth/callback";
    let client = client(
        portico,
        &json!({
            "grantTypes": ["authorization_code", "refresh_token"], "redirectUris": [redirect_uri],
            "issuerUrl": format!("https://identitycenter.amazonaws.com/{instance}"),
        }),
    );
    format!(
        "{}/authorize?response_type=code&client_id={}&redirect_uri={}&state=x&scopes={}\
         &code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        portico.url(),
        text(&client["clientId"]),
        "http%3A%2F%2F127.0.0.1%3A54321%2Foauth%2Fcallback",
        "sso%3Aaccount%3Aaccess",
    )
}

#[test]
fn nobody_finds_a_fault_with_the_pages_of_the_first_start() {
    let portico = Portico::serve();
    let home = Home::of(&portico).set("LINK", &portico.set_up_path());
    walk_through(
        is_of_setup,
        home,
        &portico,
        "const page = await visitor(browser, faults);
        const see = async (target) => {
          await page.goto(url + target);
          await look(page, faults);
        };
        for (const target of ['/', '/setup', '/console', process.env.LINK]) await see(target);
        await page.getByRole('button', { name: 'Enable' }).click();
        await page.waitForURL('**/setup/next');
        await look(page, faults);
        // It redirects: the instance is enabled.
        await see('/setup/enable');
        const rooms = ['', '/instance', '/users', '/groups', '/authentication', '/outbox', '/accounts', '/permission-sets'];
        for (const room of rooms) await see('/console' + room);
        await page.getByRole('button', { name: 'Close console' }).click();
        await page.waitForURL('**/console/closed');
        await look(page, faults);
        await see(process.env.LINK);
        if (!(await page.getByText('This set-up link is void').count())) faults.push('a used link');",
    );
}

#[test]
fn nobody_finds_a_fault_with_the_pages_on_the_way_in() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let user = organization.create_user("amelia");
    let input = organization.of_store(json!({ "UserId": user, "Mode": "ONE_TIME_PASSWORD" }));
    let reply = organization.call("PorticoAdmin.ResetUserPassword", &input).ok();
    let home = Home::of(&portico)
        .set("ONE_TIME", &text(&reply["OneTimePassword"]))
        .set("FIRST", &device_link(&organization))
        .set("SECOND", &device_link(&organization))
        .set("AUTHORIZE", &authorize_link(&organization));
    walk_through(
        |page| !is_of_setup(page) && !is_behind_sign_in(page) && !is_of_security(page),
        home,
        &portico,
        "const page = await visitor(browser, faults);
        const { FIRST, SECOND, AUTHORIZE, ONE_TIME } = process.env;
        const see = async (address) => {
          await page.goto(address);
          await look(page, faults);
        };
        const press = async (name) => {
          await page.getByRole('button', { name, exact: true }).click();
          await page.waitForLoadState();
          await look(page, faults);
        };
        for (const target of ['/', '/nowhere', '/sign-out', '/authorize', '/signed-out']) await see(url + target);
        await see(url + '/device');
        await signIn(page, 'amelia', 'not-the-password');
        await look(page, faults);
        await signIn(page, 'amelia', ONE_TIME);
        await look(page, faults);
        const choose = async (first, second) => {
          await page.getByLabel('New password').fill(first);
          await page.getByLabel('Confirm password').fill(second);
          await press('Set password');
        };
        await choose('weak', 'weak');
        await choose(password, password + 'x');
        await choose(password, password);
        await page.getByLabel('Code').fill('BCDF-GHJK');
        await press('Confirm and continue');
        await see(FIRST);
        await press('Confirm and continue');
        await press('Allow access');
        await page.goto(SECOND);
        await press('Confirm and continue');
        await press('Deny');
        await see(AUTHORIZE);
        await see(url + '/start');
        await page.evaluate(() => { document.querySelector('[name=form_token]').value = 'x'; });
        await press('Sign out');
        await page.goto(url + '/start');
        await press('Sign out');
        for (let tries = 0; tries < 50 && !(await page.getByText('too many attempts').count()); tries++) {
          await page.goto(url + '/sign-in');
          await signIn(page, 'amelia', 'not-the-password');
        }
        await look(page, faults);",
    );
}

/// Fills the organization with long and foreign names and with many users; Amelia administers it.
fn furnish(organization: &Organization<'_>) -> String {
    let portico = organization.portico;
    let everything = organization.create_permission_set("AdministratorAccess", &["*"]);
    let long = organization.create_permission_set("Observability-Prod-ReadOnly_Eu.1", &["s3:Get*"]);
    let amelia = organization.create_user("amelia");
    let rail = organization.create_account("timetable-archive-and-historical-reservations");
    organization.assign("USER", &amelia, &organization.account, &everything);
    organization.assign("USER", &amelia, &rail, &long);
    let group = organization.create_group(
        "Everyone in Timetabling, Reservations and the Night Train Revival Programme",
    );
    organization.assign("GROUP", &group, &organization.account, &long);
    for number in 0..60 {
        let name = if number % 2 == 0 { "يوسف الخطيب" } else { "Jürgen Müßiggänger" };
        let user = organization.of_store(json!({
            "UserName": format!("user{number:02}@timetable-archive.northwind-rail.example"),
            "DisplayName": format!("{name} {number}"),
            "Name": { "GivenName": name, "FamilyName": "Example" },
            "Emails": [{ "Value": format!("user{number:02}@timetable-archive.northwind-rail.example") }],
        }));
        organization.call("AWSIdentityStore.CreateUser", &user).ok();
    }
    drop(organization.sign_in_first("amelia", &amelia));
    assert_eq!(portico.get("/healthz").status, 200);
    rail
}

#[test]
fn nobody_finds_a_fault_with_the_portal_and_the_console() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let rail = furnish(&organization);
    let nobody = organization.create_user("nobody");
    drop(organization.sign_in_first("nobody", &nobody));
    let home = Home::of(&portico).set("ACCOUNT", &organization.account).set("RAIL", &rail);
    walk_through(
        is_behind_sign_in,
        home,
        &portico,
        "const { ACCOUNT, RAIL } = process.env;
        const stranger = await visitor(browser, faults);
        await stranger.goto(url + '/start');
        await signIn(stranger, 'nobody', password);
        await look(stranger, faults);
        await stranger.goto(url + `/start/access-keys?account_id=${ACCOUNT}&role_name=AdministratorAccess`);
        await look(stranger, faults);

        const page = await visitor(browser, faults);
        const see = async (target) => {
          await page.goto(url + target);
          await look(page, faults);
        };
        await page.goto(url + '/start');
        await signIn(page, 'amelia', password);
        await look(page, faults);
        for (const target of ['/start/', '/start?q=timetable', '/start?q=nothing', '/start?next=x']) await see(target);
        await see(`/start/access-keys?account_id=${RAIL}&role_name=Observability-Prod-ReadOnly_Eu.1`);
        await page.getByRole('button', { name: 'Show access keys' }).click();
        await page.getByText('Option 1').first().waitFor();
        for (const shell of ['Windows', 'PowerShell', 'macOS and Linux']) {
          await page.getByRole('radio', { name: shell, exact: true }).check();
          await look(page, faults);
        }

        const open = async (account) => {
          await page.goto(url + '/start?q=' + account);
          await page.getByRole('link', { name: 'Management console' }).first().click();
          await page.waitForURL('**/console');
        };
        // An address asks first, with scripts off too.
        const plain = await visitor(browser, faults, { javaScriptEnabled: false, storageState: await page.context().storageState() });
        await plain.goto(url + `/start/console?account_id=${RAIL}&role_name=Observability-Prod-ReadOnly_Eu.1`);
        await plain.getByRole('button', { name: 'Open the console' }).click();
        await plain.waitForURL('**/console');
        await plain.close();
        await open(RAIL);
        for (const target of ['/console', '/console/users']) await see(target);
        await open(ACCOUNT);
        const rooms = ['', '/instance', '/users', '/groups', '/accounts', '/permission-sets'];
        for (const room of rooms) {
          await see('/console' + room);
          const next = page.getByRole('link', { name: 'Next page' });
          if (room === '/users' && !(await next.count())) faults.push('users have one page');
          if (!(await next.count())) continue;
          await next.click();
          await page.getByRole('link', { name: 'First page' }).waitFor();
          await look(page, faults);
        }
        await see('/console/permission-sets');
        await page.locator('a[href^=\"/console/permission-set?\"]').first().click();
        await page.waitForURL('**/console/permission-set?*');
        await look(page, faults);
        await see('/console/permission-set?arn=x');
        for (const account of [ACCOUNT, RAIL, '999999999999']) await see('/console/assignments?account_id=' + account);
        for (const target of ['/console/users?next=x', '/console/closed']) await see(target);",
    );
}

#[test]
fn everything_is_in_reach_of_the_keyboard_and_says_so() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let rail = furnish(&organization);
    let home = Home::of(&portico).set("RAIL", &rail);
    walk(
        home,
        &portico,
        "const page = await visitor(browser, faults, { permissions: ['clipboard-read', 'clipboard-write'] });
        const type = (text) => page.keyboard.type(text);
        const key = (name) => page.keyboard.press(name);
        const focused = (facts) => page.evaluate(facts);
        const must = (what, found, expected) => {
          if (found !== expected) faults.push(`${what}: ${found}, not ${expected}`);
        };
        // The focus ring is on the focused element or on its label.
        const ring = () => page.evaluate(() => {
          const here = document.activeElement;
          const shown = [here, here.closest('label')].filter(Boolean);
          return shown.some((one) => getComputedStyle(one).outlineStyle === 'solid');
        });
        const name = () => page.evaluate(() => {
          const here = document.activeElement;
          // A button has an empty value.
          return here.getAttribute('aria-label') || here.value || here.textContent;
        });

        // The first box has the focus; after a mistake the wrong field has it.
        await page.goto(url + '/start');
        await type('amelia');
        await key('Tab');
        await type('wrong');
        await key('Enter');
        await page.getByRole('alert').waitFor();
        must('after a mistake', await focused(() => document.activeElement.type), 'password');
        await type(password);
        await key('Enter');
        await page.getByRole('heading', { name: 'Access portal' }).waitFor();

        // The first tab stop skips the navigation. Every tab stop has a visible ring, and none traps the focus.
        await key('Tab');
        must('the first stop', await focused(() => document.activeElement.textContent), 'Skip to content');
        await key('Enter');
        await key('Tab');
        must('after the skip', await focused(() => !!document.activeElement.closest('main')), true);
        const stops = new Set();
        for (let stop = 0; stop < 40; stop++) {
          if (await focused(() => document.activeElement === document.body)) break;
          const here = await focused(() => document.activeElement.outerHTML.slice(0, 80));
          if (!(await ring())) faults.push(`no ring around ${here}`);
          stops.add(await name());
          await key('Tab');
        }
        for (const stop of ['Find accounts and roles', 'Management console', 'Access keys']) {
          if (!stops.has(stop)) faults.push(`no stop at ${stop}: ${[...stops]}`);
        }

        // The keyboard closes and opens an account.
        await page.locator('summary').first().focus();
        await key('Enter');
        must('closed', await page.locator('details').first().getAttribute('open'), null);
        await key('Enter');
        must('opened', await page.locator('details').first().getAttribute('open'), '');

        // A link is described by its role.
        const told = await page.getByRole('link', { name: 'Access keys' }).first().evaluate(
          (link) => document.getElementById(link.getAttribute('aria-describedby')).textContent,
        );
        must('the role of a link', told, 'AdministratorAccess');

        // The console opens by Enter, on an element that is announced as a link and described by its role.
        const console_ = page.getByRole('link', { name: 'Management console' }).first();
        must('the role of the console', await console_.evaluate(
          (link) => document.getElementById(link.getAttribute('aria-describedby')).textContent,
        ), 'AdministratorAccess');
        await console_.focus();
        await key('Enter');
        await page.waitForURL('**/console');
        await page.goto(url + '/start');

        // The shells are one tab stop; arrow keys choose between them.
        await page.goto(url + `/start/access-keys?account_id=${process.env.RAIL}&role_name=Observability-Prod-ReadOnly_Eu.1`);
        await page.getByRole('radio', { name: 'macOS and Linux' }).focus();
        await key('ArrowRight');
        must('the next shell', await page.getByRole('radio', { name: 'Windows' }).isChecked(), true);
        if (!(await ring())) faults.push('no ring around the shell');
        must('only one shell', await page.getByRole('heading', { name: 'Recommended: keys that renew themselves' }).count(), 1);

        // The copy button announces the copy, keeps its width, and copies the whole text.
        const button = page.getByRole('button', { name: 'Copy: Terminal' }).first();
        const before = await button.boundingBox();
        await button.focus();
        await key('Enter');
        await page.getByRole('status').getByText('Copied').waitFor({ state: 'attached' });
        const after = await button.boundingBox();
        must('the width of a copy button', after.width, before.width);
        const copied = await page.evaluate(() => navigator.clipboard.readText());
        must('what was copied', copied, `SET AWS_ENDPOINT_URL=${url.replace('localhost', '127.0.0.1')}\\naws configure sso`);

        // A time is shown in the reader's time zone.
        const away = await visitor(browser, faults, { timezoneId: 'Asia/Tokyo', storageState: await page.context().storageState() });
        await away.goto(url + '/start');
        const until = await away.locator('time').first().textContent();
        if (!until.endsWith('GMT+9')) faults.push(`a time without its zone: ${until}`);

        // A page without scripts offers only what works without scripts.
        const plain = await visitor(browser, faults, { javaScriptEnabled: false, storageState: await page.context().storageState() });
        await plain.goto(page.url());
        must('copy buttons without scripts', await plain.getByRole('button', { name: 'Copy' }).count(), 0);
        await plain.getByRole('radio', { name: 'PowerShell' }).check();
        must('shells without scripts', await plain.getByText('$Env:AWS_ENDPOINT_URL').isVisible(), true);",
    );
}
