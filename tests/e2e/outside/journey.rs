//! The main journey, from an empty folder to `aws s3 ls` with the role of a person who signed in. The
//! administrator and the person use the stock CLI; the person signs in with a real browser.

use serde_json::{Value, json};

use crate::support::{Home, Keys, Portico, Said, Terminal};

const PASSWORD: &str = "Plenty-of-Birds-19";

/// Identifiers of what the administrator created.
struct Made {
    account: String,
    store: String,
    user: String,
}

#[test]
fn a_person_comes_from_an_empty_folder_to_s3() {
    let portico = Portico::serve();
    let admin = Home::of_operator(&portico);
    enable(&portico);
    let made = administer(&admin);
    let one_time = reset_password(&portico, &made);

    let person = Home::of(&portico);
    let (profile, key) = configure_sso(&portico, &person, &made, &one_time);
    let aws = |words: &[&str]| person.aws(&[words, &["--profile", &profile]].concat());

    let identity = aws(&["sts", "get-caller-identity"]).json();
    assert_eq!(identity["Account"], made.account.as_str());
    let arn = identity["Arn"].as_str().unwrap();
    assert!(arn.contains(":assumed-role/AWSReservedSSO_AdministratorAccess_"), "{arn}");
    assert!(arn.ends_with("/alice"), "{arn}");

    use_s3(&person, &aws);

    // A second login uses PKCE, which needs a browser on the same computer.
    log_in_by_pkce(&portico, &person, &key);
    assert_eq!(aws(&["s3", "ls"]).ok().lines().count(), 0);
    log_in_by_device_code(&portico, &person);
    assert_eq!(aws(&["s3", "ls"]).ok(), "");

    // The CLI still has keys of the first login; the logout of the last login does not end them.
    std::fs::remove_dir_all(person.path().join(".aws/cli/cache")).unwrap();
    let exported = aws(&["configure", "export-credentials"]).json();
    let keys = Keys::read(&exported);
    assert!(keys.id.starts_with("ASIA"), "{}", keys.id);
    person.aws(&["sso", "logout"]).ok();
    let refused = Home::of(&portico).with_keys(&keys).aws(&["sts", "get-caller-identity"]);
    assert!(refused.complaint().contains("InvalidClientTokenId"));
    assert_ne!(aws(&["s3", "ls"]).code, Some(0));
}

/// Follows the set-up link and presses Enable.
fn enable(portico: &Portico) {
    let home = Home::of(portico).set("URL", &format!("{}{}", portico.url(), portico.set_up_path()));
    let said = home.browser(
        "const browser = await launch();
        const page = await browser.newPage();
        await page.goto(process.env.URL);
        await page.getByRole('button', { name: 'Enable' }).click();
        await page.waitForLoadState();
        console.log(JSON.stringify((await violations(page)).map((found) => found.id)));
        await browser.close();",
    );
    assert_eq!(said.ok(), "[]\n");
}

fn administer(admin: &Home) -> Made {
    let aws = |words: &[&str]| -> Value { admin.aws(words).json() };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let listed = aws(&["sso-admin", "list-instances"]);
    let instance = text(&listed["Instances"][0]["InstanceArn"]);
    let store = text(&listed["Instances"][0]["IdentityStoreId"]);
    let account = text(&aws(&["organizations", "list-accounts"])["Accounts"][0]["Id"]);
    let user = aws(&[
        "identitystore",
        "create-user",
        "--identity-store-id",
        &store,
        "--user-name",
        "alice",
        "--display-name",
        "Alice Example",
        "--name",
        "GivenName=Alice,FamilyName=Example",
        "--emails",
        "Value=alice@example.com,Type=work,Primary=true",
    ]);
    let user = text(&user["UserId"]);
    let group = aws(&[
        "identitystore",
        "create-group",
        "--identity-store-id",
        &store,
        "--display-name",
        "Platform",
    ]);
    let group = text(&group["GroupId"]);
    aws(&[
        "identitystore",
        "create-group-membership",
        "--identity-store-id",
        &store,
        "--group-id",
        &group,
        "--member-id",
        &format!("UserId={user}"),
    ]);
    let set = aws(&[
        "sso-admin",
        "create-permission-set",
        "--instance-arn",
        &instance,
        "--name",
        "AdministratorAccess",
    ]);
    let permission_set = text(&set["PermissionSet"]["PermissionSetArn"]);
    admin
        .aws(&[
            "sso-admin",
            "attach-managed-policy-to-permission-set",
            "--instance-arn",
            &instance,
            "--permission-set-arn",
            &permission_set,
            "--managed-policy-arn",
            "arn:aws:iam::aws:policy/AdministratorAccess",
        ])
        .ok();
    let status = aws(&[
        "sso-admin",
        "create-account-assignment",
        "--instance-arn",
        &instance,
        "--target-id",
        &account,
        "--target-type",
        "AWS_ACCOUNT",
        "--permission-set-arn",
        &permission_set,
        "--principal-type",
        "GROUP",
        "--principal-id",
        &group,
    ]);
    let request = text(&status["AccountAssignmentCreationStatus"]["RequestId"]);
    until_succeeded(|| {
        let status = aws(&[
            "sso-admin",
            "describe-account-assignment-creation-status",
            "--instance-arn",
            &instance,
            "--account-assignment-creation-request-id",
            &request,
        ]);
        text(&status["AccountAssignmentCreationStatus"]["Status"])
    });
    Made { account, store, user }
}

/// Asks until the job is done. Each question starts a client, which takes longer than the job.
fn until_succeeded(look: impl Fn() -> String) {
    for _ in 0..20 {
        match look().as_str() {
            "SUCCEEDED" => return,
            "IN_PROGRESS" => {}
            other => panic!("the work ended as {other}"),
        }
    }
    panic!("the work did not end");
}

fn reset_password(portico: &Portico, made: &Made) -> String {
    let data = portico.data();
    let output = Portico::run(&["admin", "credentials", "--data", data.to_str().unwrap()]);
    let keys = Keys::read(&serde_json::from_slice(&output.stdout).unwrap());
    let input = json!({
        "IdentityStoreId": made.store, "UserId": made.user, "Mode": "ONE_TIME_PASSWORD",
    });
    let reply = portico.call_as(&keys, "PorticoAdmin.ResetUserPassword", &input).ok();
    reply["OneTimePassword"].as_str().unwrap().to_owned()
}

/// Runs `aws configure sso --use-device-code` with Chromium as the browser; answers with the profile's
/// name and the key of the person's authenticator app.
fn configure_sso(
    portico: &Portico,
    person: &Home,
    made: &Made,
    one_time: &str,
) -> (String, String) {
    let mut terminal = person.aws_terminal("aws configure sso --use-device-code");
    for (question, answer) in [
        ("SSO session name (Recommended):", "test"),
        ("SSO start URL [None]:", &portico.start_url()),
        ("SSO region [None]:", "us-east-1"),
        ("SSO registration scopes [sso:account:access]:", ""),
    ] {
        terminal.wait_for(question);
        terminal.type_line(answer);
    }
    let link = &device_link(&mut terminal);
    let browser =
        Home::of(portico).set("LINK", link).set("ONE_TIME", one_time).set("PASSWORD", PASSWORD);
    let seen = browser.browser(
        "const browser = await launch();
        const page = await browser.newPage();
        const found = [];
        const judge = async () => found.push(...(await violations(page)).map((one) => one.id));
        await page.goto(process.env.LINK);
        await judge();
        await page.getByRole('textbox', { name: 'Username' }).fill('alice');
        await page.getByLabel('Password', { exact: true }).fill(process.env.ONE_TIME);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByLabel('New password').fill(process.env.PASSWORD);
        await page.getByLabel('Confirm password').fill(process.env.PASSWORD);
        await judge();
        await page.getByRole('button', { name: 'Set password' }).click();
        await page.getByLabel('Authenticator app').check();
        await judge();
        const key = await page.getByLabel('Or type this key', { exact: true }).textContent();
        await page.getByLabel('MFA code').fill(totp(key));
        await page.getByLabel('Name of this device').fill('Phone of Alice');
        await page.getByRole('button', { name: 'Register' }).click();
        await judge();
        await page.getByRole('button', { name: 'Confirm and continue' }).click();
        await judge();
        await page.getByRole('button', { name: 'Allow access' }).click();
        await page.waitForLoadState();
        await judge();
        console.log(JSON.stringify({ found, key }));
        await browser.close();",
    );
    let seen: Value = serde_json::from_str(&seen.ok()).unwrap();
    assert_eq!(seen["found"], json!([]));
    let key = seen["key"].as_str().unwrap().to_owned();
    terminal.wait_for(&format!("The only AWS account available to you is: {}", made.account));
    terminal.wait_for("The only role available to you is: AdministratorAccess");
    for question in [
        "Default client Region [",
        "CLI default output format (json if not specified) [",
        "Profile name [",
    ] {
        terminal.wait_for(question);
        terminal.type_line("");
    }
    let (code, said) = terminal.end();
    assert_eq!(code, Some(0), "{said}");
    (format!("AdministratorAccess-{}", made.account), key)
}

/// The URL that the CLI prints, with the code from the lines below it.
fn device_link(terminal: &mut Terminal) -> String {
    let words = terminal.wait_for("Then enter the code:");
    let page = words.split_whitespace().find(|word| word.ends_with("/device")).unwrap().to_owned();
    let code = terminal.wait_for("-") + &terminal.wait_for("\n");
    format!("{page}?user_code={}", code.trim())
}

/// Signs in, with a code and in a browser of the person's own if `KEY` is set, else in that browser again. Then lets the
/// command line in.
const LET_IN: &str = "
    const browser = await launch();
    const { KEY, STATE } = process.env;
    const context = await browser.newContext(KEY ? {} : { storageState: STATE });
    const page = await context.newPage();
    await page.goto(process.env.LINK);
    await page.getByRole('textbox', { name: 'Username' }).fill('alice');
    await page.getByLabel('Password', { exact: true }).fill(process.env.PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    if (KEY) {
      // Each code is good once. The next one is accepted already.
      await page.getByLabel('MFA code').fill(totp(KEY, 1));
      await page.getByLabel('This is my own device').check();
      await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    }
    const confirm = page.getByRole('button', { name: 'Confirm and continue' });
    const allow = page.getByRole('button', { name: 'Allow access' });
    await confirm.or(allow).first().waitFor();
    if (await confirm.count()) await confirm.click();
    await allow.click();
    await page.waitForLoadState();
    const session = (cookie) => cookie.name.includes('session');
    const state = await context.storageState();
    state.cookies = state.cookies.filter((cookie) => !session(cookie));
    if (KEY) writeFileSync(STATE, JSON.stringify(state));
    await browser.close();";

/// Signs in in the browser in which the person did before.
fn log_in_by_device_code(portico: &Portico, person: &Home) {
    let mut terminal = person.aws_terminal("aws sso login --sso-session test --use-device-code");
    let link = &device_link(&mut terminal);
    let browser = Home::of(portico).set("LINK", link).set("PASSWORD", PASSWORD);
    browser.set("STATE", &state_of(person)).browser(LET_IN).ok();
    let said = terminal.end();
    assert_eq!(said.0, Some(0), "{}", said.1);
    assert!(said.1.contains("Successfully logged into Start URL"), "{}", said.1);
}

/// Signs in with the next code of the app, in a browser of the person's own.
fn log_in_by_pkce(portico: &Portico, person: &Home, key: &str) {
    let mut terminal = person.aws_terminal("aws sso login --sso-session test");
    let said = terminal.wait_for("/authorize?") + &terminal.wait_for("\n");
    let link = said.split_whitespace().find(|word| word.contains("/authorize?")).unwrap();
    let browser = Home::of(portico).set("LINK", link).set("PASSWORD", PASSWORD).set("KEY", key);
    browser.set("STATE", &state_of(person)).browser(LET_IN).ok();
    let said = terminal.end();
    assert_eq!(said.0, Some(0), "{}", said.1);
}

/// File with the cookies that the person's browser keeps after sign-out.
fn state_of(person: &Home) -> String {
    person.path().join("browser.json").to_str().unwrap().to_owned()
}

fn use_s3(person: &Home, aws: &dyn Fn(&[&str]) -> Said) {
    let listed = aws(&["s3", "ls"]);
    assert_eq!((listed.code, listed.out.as_str(), listed.err.as_str()), (Some(0), "", ""));
    aws(&["s3", "mb", "s3://first-bucket"]).ok();
    let file = person.write("letter.txt", "Dear reader,\n");
    let file = file.to_str().unwrap();
    aws(&["s3", "cp", file, "s3://first-bucket/folder/letter.txt"]).ok();
    let listed = aws(&["s3", "ls", "s3://first-bucket", "--recursive"]).ok();
    assert!(listed.contains("13 folder/letter.txt"), "{listed}");
    aws(&["s3", "cp", "s3://first-bucket/folder/letter.txt", "back.txt"]).ok();
    let back = std::fs::read_to_string(person.path().join("back.txt")).unwrap();
    assert_eq!(back, "Dear reader,\n");
    let link = aws(&["s3", "presign", "s3://first-bucket/folder/letter.txt"]).ok();
    assert_eq!(person.client("curl", &["-sS", link.trim()]).ok(), "Dear reader,\n");
    aws(&["s3", "rm", "s3://first-bucket/folder/letter.txt"]).ok();
    aws(&["s3", "rb", "s3://first-bucket"]).ok();
}
