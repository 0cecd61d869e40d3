//! Each outside part works with Portico in one short test.

use crate::support::{Database, Home, Keys, Portico, part};

#[test]
fn the_stock_cli_lists_the_instance() {
    let portico = Portico::sandbox();
    let home = Home::of(&portico).with_keys(&Keys::sandbox());
    let listed = home.aws(&["sso-admin", "list-instances"]).json();
    assert_eq!(listed["Instances"].as_array().unwrap().len(), 1, "{listed}");
}

#[test]
fn the_stock_cli_is_of_the_version_that_we_promise() {
    let portico = Portico::sandbox();
    let version = Home::of(&portico).aws(&["--version"]).ok();
    assert!(version.starts_with("aws-cli/2.36.12 "), "{version}");
}

#[test]
fn the_stock_cli_asks_its_questions_at_a_terminal() {
    let portico = Portico::sandbox();
    let mut terminal = Home::of(&portico).aws_terminal("aws configure");
    for (question, answer) in [
        ("AWS Access Key ID [None]:", "test"),
        ("AWS Secret Access Key [None]:", "test"),
        ("Default region name [", "eu-west-1"),
        ("Default output format [None]:", "json"),
    ] {
        terminal.wait_for(question);
        terminal.type_line(answer);
    }
    let (code, said) = terminal.end();
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn boto3_lists_the_instance() {
    let portico = Portico::sandbox();
    let home = Home::of(&portico).with_keys(&Keys::sandbox());
    let said = home.python(
        "import boto3\nprint(len(boto3.client('sso-admin').list_instances()['Instances']))\n",
    );
    assert_eq!(said.ok(), "1\n");
}

#[test]
fn the_javascript_sdk_lists_the_instance() {
    let portico = Portico::sandbox();
    let home = Home::of(&portico).with_keys(&Keys::sandbox());
    let said = home.node(
        "const { SSOAdmin } = require('@aws-sdk/client-sso-admin');
        console.log((await new SSOAdmin().listInstances()).Instances.length);",
    );
    assert_eq!(said.ok(), "1\n");
}

#[test]
fn chromium_opens_the_sign_in_page_and_axe_finds_no_fault() {
    let portico = Portico::sandbox();
    let home = Home::of(&portico).set("URL", &format!("{}/start", portico.url()));
    let said = home.browser(
        "const browser = await launch();
        const page = await browser.newPage();
        await page.goto(process.env.URL);
        await page.getByRole('textbox', { name: 'Username' }).waitFor();
        console.log(JSON.stringify((await violations(page)).map((found) => found.id)));
        await browser.close();",
    );
    assert_eq!(said.ok(), "[]\n");
}

#[test]
fn promtool_finds_no_fault_with_the_metrics() {
    let portico = Portico::sandbox();
    let home = Home::of(&portico);
    let metrics = home.write("metrics", &portico.get("/metrics").text());
    let check = format!("\"$0\" check metrics <'{}'", metrics.display());
    home.client("sh", &["-c", &check, &part("prometheus")["PROMTOOL"]]).ok();
}

#[test]
fn the_server_keeps_what_it_knows_in_postgresql() {
    let database = Database::create();
    let portico = Portico::serve_on(&database);
    assert_eq!(portico.get("/readyz").status, 200);
    let sql = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'";
    let tables: i64 = database.connect().query_one(sql, &[]).unwrap().get(0);
    assert!(tables > 0);
}
