//! Error pages: the explanation of a mistake, and the link back.

use crate::pages::{alice, open_console};
use crate::support::{Organization, PASSWORD, Portico, Visitor};

#[test]
fn somebody_else_can_answer_the_program_instead() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = alice(&organization, &["*"]);
    let bob = organization.create_user("bob");
    drop(organization.sign_in_first("bob", &bob));
    let page = browser.open("/device?user_code=BCDF-GHJK");
    page.assert_says("Signed in as <strong><bdi>alice</bdi></strong>");
    let page = browser.press(&page, "/sign-out");
    assert_eq!(page.target, "/sign-in?return_to=%2Fdevice%3Fuser_code%3DBCDF-GHJK");
    let page = browser.submit(&page, &[("user_name", "bob"), ("password", PASSWORD)]);
    assert_eq!(page.target, "/device?user_code=BCDF-GHJK");
    page.assert_says("Signed in as <strong><bdi>bob</bdi></strong>");
}

#[test]
fn sign_out_leads_on_to_pages_of_ours_only() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = alice(&organization, &["*"]);
    let page = browser.open("/device");
    let away = [("return_to", "https://evil.example/")];
    assert_eq!(browser.submit(&page, &away).target, "/signed-out");
}

#[test]
fn a_server_without_an_instance_says_how_to_get_one() {
    let portico = Portico::serve();
    let mut browser = Visitor::of(&portico);
    let page = browser.open("/");
    assert_eq!(page.answer.status, 503, "{}", page.answer);
    page.assert_says("This server is not set up yet");

    let link = portico.set_up_path();
    let page = browser.open(&link);
    let page = browser.press(&page, "/setup");
    assert_eq!(page.target, "/setup/next");
    // The line works as it stands: with the program and the folder of this server.
    page.assert_says(&format!(" admin credentials --data {}", portico.data().display()));
    let page = Visitor::of(&portico).open("/");
    page.assert_says("to the access portal");

    let mut late = Visitor::of(&portico);
    let page = late.open(&link);
    assert_eq!(page.answer.status, 403, "{}", page.answer);
    page.assert_says("This set-up link is void");

    let page = browser.open("/console");
    let page = browser.press(&page, "/console/sign-out");
    assert_eq!(page.target, "/console/closed");
    assert_eq!(browser.open("/console").answer.status, 403);
}

#[test]
fn from_the_console_one_comes_back_to_the_portal() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = alice(&organization, &["*"]);
    open_console(&organization, &mut browser);
    let page = browser.open("/console");
    page.assert_says("Close console");
    let page = browser.press(&page, "/console/sign-out");
    assert_eq!(page.target, "/start");
    assert_eq!(browser.open("/console").answer.status, 403);
}

#[test]
fn a_mistake_in_the_console_leads_back_into_it() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut browser = alice(&organization, &["*"]);
    open_console(&organization, &mut browser);
    let page = browser.open("/console/assignments?account_id=999999999999");
    assert_eq!(page.answer.status, 404, "{}", page.answer);
    page.assert_says("href=\"/console\">Go to the account home</a>");
    let list = format!("/console/assignments?account_id={}", organization.account);
    let page = browser.open(&format!("{list}&next=x"));
    assert_eq!(page.answer.status, 400, "{}", page.answer);
    page.assert_says(&format!("href=\"{list}\">Go to its first page</a>"));
    browser.open("/start?next=x").assert_says("href=\"/start\">Go to its first page</a>");
}

#[test]
fn who_tries_too_often_is_told_when_to_try_again() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    alice(&organization, &["*"]);
    let mut browser = Visitor::of(&portico);
    let page = browser.open("/sign-in");
    let wrong = [("user_name", "alice"), ("password", "not-the-password")];
    let last = (0..100).map(|_| browser.submit(&page, &wrong));
    let page = last.into_iter().find(|page| page.answer.status == 429).unwrap();
    page.assert_says("this one was not looked at. Try again in ");
    assert!(page.answer.header("retry-after").is_some(), "{}", page.answer);
}

#[test]
fn a_program_that_asks_wrongly_is_said_to_do_so() {
    let portico = Portico::sandbox();
    let page = Visitor::of(&portico).open("/authorize?client_id=nobody");
    assert_eq!(page.answer.status, 400, "{}", page.answer);
    page.assert_says("The program's request is not complete");
}
