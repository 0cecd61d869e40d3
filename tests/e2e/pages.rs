//! Pages in a browser without scripts: their security headers, their content, their refusals.

use serde_json::json;

use crate::support::{Answer, Organization, PASSWORD, Portico, Request, Visitor};

/// The browser of Alice, who is signed in and has one role in the management account.
pub fn alice<'a>(organization: &Organization<'a>, actions: &[&str]) -> Visitor<'a> {
    let set = organization.create_permission_set("Reader", actions);
    let user = organization.create_user("alice");
    organization.assign("USER", &user, &organization.account, &set);
    organization.sign_in_first("alice", &user)
}

fn role_query(organization: &Organization<'_>) -> String {
    format!("account_id={}&role_name=Reader", organization.account)
}

/// Opens the console with Alice's role, as a click in the portal does.
pub fn open_console(organization: &Organization<'_>, browser: &mut Visitor<'_>) {
    let portal = browser.open("/start");
    let role = [("account_id", organization.account.as_str()), ("role_name", "Reader")];
    assert_eq!(browser.submit(&portal, &role).target, "/console");
}

#[track_caller]
fn assert_guarded(answer: &Answer, target: &str) {
    let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{target}"));
    for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(directive), "{target}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{target}: {policy}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{target}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{target}");
    let text = answer.text();
    for inline in [" style=", "<style", " onclick=", "<script>", "javascript:"] {
        assert!(!text.contains(inline), "{target} has {inline}");
    }
    // Every form carries a token, so that no other site can send it.
    for form in text.split("<form").skip(1).filter(|form| form.contains("method=\"post\"")) {
        assert!(form.contains("name=\"form_token\""), "{target}: {form}");
    }
}

#[test]
fn every_page_is_guarded() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = alice(&organization, &["*"]);
    open_console(&organization, &mut browser);
    let role = role_query(&organization);
    let access_keys = format!("/start/access-keys?{role}");
    let console = format!("/start/console?{role}");
    let assignments = format!("/console/assignments?account_id={}", organization.account);
    let targets = [
        "/",
        "/start",
        "/start/",
        "/start?q=reader",
        &access_keys,
        &console,
        "/device",
        "/device?user_code=BCDF-GHJK",
        "/console",
        "/console/instance",
        "/console/users",
        "/console/groups",
        "/console/accounts",
        &assignments,
        "/console/permission-sets",
        "/console/permission-set?arn=x",
        "/setup?token=x",
        "/setup/enable",
        "/setup/next",
        "/signed-out",
        "/nowhere",
        "/sign-out",
        "/setup",
        "/authorize",
        "/console/users?next=x",
        "/console/closed",
    ];
    for target in targets {
        assert_guarded(&browser.open(target).answer, target);
    }
    assert_guarded(&Visitor::of(&portico).open("/sign-in").answer, "/sign-in");
    for page in web::pages() {
        assert_guarded(&browser.open(page).answer, page);
    }
}

#[test]
fn keys_are_made_by_a_form_only() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = alice(&organization, &["*"]);
    let target = format!("/start/access-keys?{}", role_query(&organization));
    let page = browser.open(&target);
    page.assert_says("aws configure sso");
    assert!(!page.text().contains("ASIA"), "{}", page.answer);

    let page = browser.submit(&page, &[("shell", "powershell")]);
    assert_eq!(page.answer.status, 200, "{}", page.answer);
    for words in ["export AWS_ACCESS_KEY_ID=&quot;ASIA", "SET AWS_ACCESS_KEY_ID=ASIA"] {
        page.assert_says(words);
    }
    page.assert_says("$Env:AWS_SESSION_TOKEN=&quot;");
    assert_guarded(&page.answer, &target);
}

#[test]
fn a_form_without_its_token_does_nothing() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = alice(&organization, &["*"]);
    let account = organization.account.as_str();
    let role = [("account_id", account), ("role_name", "Reader")];
    for (path, fields) in [
        ("/sign-out", &[][..]),
        ("/start/access-keys", &role),
        ("/start/console", &role),
        ("/device", &[("user_code", "BCDF-GHJK")]),
        ("/device/consent", &[("user_code", "BCDF-GHJK"), ("answer", "allow")]),
        ("/authorize", &[("answer", "allow")]),
        ("/sign-in", &[("user_name", "alice"), ("password", "x")]),
        ("/setup", &[("token", "x")]),
        ("/setup/enable", &[]),
        ("/console/sign-out", &[]),
    ] {
        let answer = browser.send(Request::post(path).form(fields));
        assert_eq!(answer.status, 403, "{path}: {answer}");
        let forged = [fields, &[("form_token", "AAAA")]].concat();
        let answer = browser.send(Request::post(path).form(&forged));
        assert_eq!(answer.status, 403, "{path}: {answer}");
    }
    browser.open("/start").assert_says("Reader");
}

#[test]
fn a_form_of_another_session_or_another_site_does_nothing() {
    // A sandbox refuses other sites before their request reaches a page.
    let portico = Portico::serve();
    let organization = Organization::of_server(&portico);
    let mut browser = alice(&organization, &["*"]);
    let page = browser.open("/start");
    let token = page.text().split("name=\"form_token\" value=\"").nth(1).unwrap().to_owned();
    let token = token.split('"').next().unwrap();
    let leave = Request::post("/sign-out").form(&[("form_token", token)]);

    let mut other = organization.sign_in("alice");
    assert_eq!(other.send(leave.clone()).status, 403);
    let from_elsewhere = leave.clone().header("sec-fetch-site", "cross-site");
    assert_eq!(browser.send(from_elsewhere).status, 403);
    let left = browser.send(leave);
    assert_eq!(left.header("location"), Some("/signed-out"));
    // Cookies are dropped by name: to clear all would sign people out of products beside this host.
    assert_eq!(left.header("clear-site-data"), Some("\"cache\", \"storage\""));
    assert_eq!(browser.open("/start").target, "/sign-in?return_to=%2Fstart");
    other.open("/start").assert_says("Reader");
}

#[test]
fn no_link_opens_the_console_by_itself() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = alice(&organization, &["*"]);
    let target = format!("/start/console?{}", role_query(&organization));
    for site in ["same-origin", "same-site", "cross-site", "none", ""] {
        let link = Request::get(&target).header("sec-fetch-site", site);
        let link = link.header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "document");
        let answer = browser.send(link);
        assert_eq!(answer.status, 200, "{answer}");
        assert_eq!(answer.header("set-cookie"), None, "{answer}");
    }
    let page = browser.open(&target);
    page.assert_says("<strong>Reader</strong>");
    page.assert_says(&organization.account);
    let page = browser.press(&page, "/start/console");
    assert_eq!(page.target, "/console");
    page.assert_says("AWSReservedSSO_Reader_");
}

/// The browser says `same-origin` after the sign-in form, whoever made the link.
#[test]
fn a_link_that_led_over_the_sign_in_page_does_not_open_the_console_either() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    drop(alice(&organization, &["*"]));
    let mut browser = Visitor::of(&portico);
    let target = format!("/start/console?{}", role_query(&organization));
    let page = browser.open(&target);
    let page = browser.submit(&page, &[("user_name", "alice"), ("password", PASSWORD)]);
    assert_eq!(page.target, target);
    page.assert_says("Open the console?");
    let click = Request::get(&target).header("sec-fetch-site", "same-origin");
    assert_eq!(browser.send(click).header("set-cookie"), None);
    assert_eq!(browser.open("/console").answer.status, 403);
}

#[test]
fn the_console_shows_what_the_role_may_see_and_why_not_the_rest() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = alice(&organization, &["sso:ListInstances", "identitystore:ListGroups"]);
    organization.create_group("Engineers");
    open_console(&organization, &mut browser);
    browser.open("/console/groups").assert_says("Engineers");
    let page = browser.open("/console/users");
    assert_eq!(page.answer.status, 200, "{}", page.answer);
    page.assert_says("Your role may not see this");
    page.assert_says("is not authorized to perform: identitystore:ListUsers");
    assert!(!page.text().contains("alice@example.com"), "{}", page.answer);
    browser.open("/console").assert_says("is not authorized to perform: s3:ListAllMyBuckets");
}

#[test]
fn the_log_lines_of_pages_have_their_caller() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = alice(&organization, &["*"]);
    browser.open("/start");
    open_console(&organization, &mut browser);
    browser.open("/console/users");
    let log = portico.log();
    for (path, caller) in [("/start", ":user/"), ("/console/users", "assumed-role/")] {
        let is_of_page = |line: &&str| line.contains(&format!("\"path\":\"{path}\""));
        let line = log.lines().rfind(is_of_page).unwrap_or_else(|| panic!("{log}"));
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let logged = line["caller"].as_str().unwrap_or_else(|| panic!("{line}"));
        assert!(logged.contains(caller), "{line}");
    }
}

#[test]
fn lists_of_the_console_go_on_page_by_page() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = alice(&organization, &["*"]);
    for number in 0..55 {
        organization.create_group(&format!("Group {number:02}"));
    }
    open_console(&organization, &mut browser);
    let first = browser.open("/console/groups");
    let (_, rest) = first
        .text()
        .split_once("href=\"/console/groups?next=")
        .map(|(before, rest)| (before.to_owned(), rest.to_owned()))
        .unwrap();
    let token = rest.split('"').next().unwrap();
    let second = browser.open(&format!("/console/groups?next={token}"));
    let shown = |text: &str| text.matches("scope=\"row\"><bdi>Group ").count();
    assert_eq!((shown(&first.text()), shown(&second.text())), (50, 5));
    second.assert_says("First page");
}

#[test]
fn the_portal_finds_accounts_and_roles() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = alice(&organization, &["*"]);
    browser.open("/start?q=READ").assert_says("1 account, 1 role");
    browser.open("/start?q=%3Cscript%3E").assert_says("Nothing found for “&lt;script&gt;”");
}

#[test]
fn sign_in_leads_on_to_pages_of_ours_only() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    alice(&organization, &["*"]);
    for (asked, reached) in [
        ("%2Fdevice%3Fuser_code%3DBCDF-GHJK", "/device?user_code=BCDF-GHJK"),
        ("https%3A%2F%2Fevil.example%2F", "/start"),
        ("%2F%2Fevil.example%2Fstart", "/start"),
        ("%2F%5Cevil.example", "/start"),
        ("%2Fstart%0D%0ASet-Cookie%3A%20a%3Db", "/start"),
    ] {
        let mut browser = Visitor::of(&portico);
        let page = browser.open(&format!("/sign-in?return_to={asked}"));
        let fields = [("user_name", "alice"), ("password", PASSWORD)];
        assert_eq!(browser.submit(&page, &fields).target, reached, "{asked}");
    }
}

#[test]
fn a_wrong_password_is_told_at_the_field_and_never_sent_back() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    alice(&organization, &["*"]);
    let mut browser = Visitor::of(&portico);
    let page = browser.open("/sign-in");
    let of = |browser: &mut Visitor<'_>, name: &str| {
        let fields = [("user_name", name), ("password", "not-the-password")];
        browser.submit(&page, &fields)
    };
    let (known, unknown) = (of(&mut browser, "alice"), of(&mut browser, "nobody"));
    assert_eq!((known.answer.status, unknown.answer.status), (422, 422));
    known.assert_says("role=\"alert\"");
    assert!(!known.text().contains("not-the-password"), "{}", known.answer);
    let known = known.text_without_nonce().replace("alice", "nobody");
    assert_eq!(known, unknown.text_without_nonce());
}

#[test]
fn a_command_line_may_look_whether_the_start_url_is_one() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let answer = portico.send(&Request::new("HEAD", "/start"));
    let id = organization.instance.rsplit('/').next().unwrap();
    let expected = format!("https://{id}.portal.us-east-1.app.aws/");
    assert_eq!((answer.status, answer.header("location")), (302, Some(expected.as_str())));
}

#[test]
fn a_browser_that_came_by_number_is_led_to_the_name() {
    let portico = Portico::sandbox();
    let target = "/authorize?client_id=x";
    let by_number =
        Request::get(target).header("host", &format!("127.0.0.1:{}", portico.address.port()));
    let browser = by_number.clone().header("sec-fetch-site", "none");
    let location = format!("{}{target}", portico.url());
    assert_eq!(portico.send(&browser).header("location"), Some(location.as_str()));
    assert_eq!(portico.send(&by_number).status, 400);
}

#[test]
fn the_sign_in_page_says_what_one_signs_in_to() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = Visitor::of(&portico);
    browser.open("/sign-in").assert_says("to the access portal");
    let named = organization.of_instance(json!({ "Name": "Northwind-Rail" }));
    organization.call("SWBExternalService.UpdateInstance", &named).ok();
    browser.open("/sign-in").assert_says(">to Northwind-Rail<");
    let page = browser.open("/sign-in?return_to=%2Fdevice");
    page.assert_says(">to Northwind-Rail, to answer a program that asks to act for you<");
}

#[test]
fn a_name_that_runs_from_right_to_left_turns_nothing_beside_it() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = alice(&organization, &["*"]);
    let group = organization.create_group("يوسف الخطيب");
    let set = organization.create_permission_set("Planner", &["s3:List*"]);
    organization.assign("GROUP", &group, &organization.account, &set);
    open_console(&organization, &mut browser);
    browser.open("/console/groups").assert_says("<bdi>يوسف الخطيب</bdi>");
    let page = browser.open(&format!("/console/assignments?account_id={}", organization.account));
    page.assert_says("<bdi>يوسف الخطيب</bdi> <small>group</small>");
}

#[test]
fn a_list_that_is_whole_goes_by_name() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = alice(&organization, &["*"]);
    let group = organization.create_group("Everyone");
    let user = json!({ "AttributePath": "userName", "AttributeValue": "alice" });
    let input =
        organization.of_store(json!({ "AlternateIdentifier": { "UniqueAttribute": user } }));
    let found = organization.call("AWSIdentityStore.GetUserId", &input).ok();
    organization.join(found["UserId"].as_str().unwrap(), &group);
    let names = ["zeta", "Beta", "eta", "Delta", "alpha", "gamma"];
    for name in names {
        let set = organization.create_permission_set(name, &["s3:List*"]);
        let account = organization.create_account(name);
        organization.assign("GROUP", &group, &account, &set);
        organization.assign("GROUP", &group, &organization.account, &set);
    }
    open_console(&organization, &mut browser);
    let assignments = format!("/console/assignments?account_id={}", organization.account);
    for (target, before) in [
        ("/start", "<h2>"),
        ("/console/accounts", "\">"),
        ("/console/permission-sets", "\">"),
        (&assignments, "\">"),
    ] {
        let text = browser.open(target).text();
        let place =
            |name| text.find(&format!("{before}{name}<")).unwrap_or_else(|| panic!("{text}"));
        let places = ["alpha", "Beta", "Delta", "eta", "gamma", "zeta"].map(place);
        assert!(places.is_sorted(), "{target}: {places:?}");
    }
}
