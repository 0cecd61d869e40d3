//! Both server commands start, print the promised lines, answer requests, and stop.

use serde_json::json;

use crate::support::{Portico, Request, Visitor};

#[test]
fn the_sandbox_answers_a_signed_call() {
    let portico = Portico::sandbox();
    let reply = portico.call("SWBExternalService.ListInstances", &json!({})).ok();
    assert_eq!(reply["Instances"].as_array().unwrap().len(), 1, "{reply}");
}

#[test]
fn a_sandbox_prints_what_a_clients_shell_needs() {
    let portico = Portico::sandbox_with(&["--access-key", "ci:hush"]);
    let found = portico.environment();
    for (name, value) in [
        ("AWS_ENDPOINT_URL", &*portico.endpoint()),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "ci"),
        ("AWS_SECRET_ACCESS_KEY", "hush"),
    ] {
        assert!(found.contains(&(name.to_owned(), value.to_owned())), "{found:#?}");
    }
}

#[test]
fn an_account_given_to_the_sandbox_is_the_management_account() {
    let portico = Portico::sandbox_with(&["--account", "210987654321"]);
    let reply = portico.call("AWSOrganizationsV20161128.DescribeOrganization", &json!({})).ok();
    assert_eq!(reply["Organization"]["MasterAccountId"], "210987654321");
}

#[test]
fn a_reset_forgets_what_was_made() {
    let portico = Portico::sandbox();
    let instances = portico.call("SWBExternalService.ListInstances", &json!({})).ok();
    let store = &instances["Instances"][0]["IdentityStoreId"];
    let group = json!({ "IdentityStoreId": store, "DisplayName": "Engineers" });
    portico.call("AWSIdentityStore.CreateGroup", &group).ok();
    portico.reset();
    let instances = portico.call("SWBExternalService.ListInstances", &json!({})).ok();
    let store = json!({ "IdentityStoreId": instances["Instances"][0]["IdentityStoreId"] });
    assert_eq!(portico.call("AWSIdentityStore.ListGroups", &store).ok()["Groups"], json!([]));
}

#[test]
fn the_mail_of_a_sandbox_is_a_list_and_no_page_of_another_origin_gets_it() {
    let portico = Portico::sandbox();
    assert_eq!(portico.get("/_sandbox/mail").ok(), json!([]));
    let foreign = Request::get("/_sandbox/mail").header("origin", "http://example.com");
    assert_eq!(portico.send(&foreign).status, 403);
}

#[test]
fn a_request_of_an_hour_ago_is_refused_when_the_clock_moved() {
    let portico = Portico::sandbox();
    let keys = crate::support::Keys::sandbox();
    let stale = keys.sign_call("SWBExternalService.ListInstances", &json!({}), &portico);
    portico.advance(3600);
    assert_eq!(portico.send(&stale).error(), "InvalidSignatureException");
    portico.call("SWBExternalService.ListInstances", &json!({})).ok();
}

#[test]
fn the_first_start_prints_what_a_person_needs() {
    let portico = Portico::serve();
    let page = Visitor::of(&portico).open(&portico.set_up_path());
    page.assert_says("Enable");
    assert!(portico.start_url().starts_with("https://d-"), "{}", portico.start_url());
    let endpoint = portico.environment().into_iter().find(|(name, _)| name == "AWS_ENDPOINT_URL");
    assert!(endpoint.is_some(), "{:#?}", portico.printed);
}

#[test]
fn a_server_that_is_told_to_stop_ends_well() {
    let portico = Portico::serve();
    assert_eq!(portico.get("/healthz").status, 200);
    assert!(portico.terminate().success());
}
