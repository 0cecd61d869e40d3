//! Cookies that are good no more: the browser is led away, and the log names their holder.

use serde_json::{Value, json};
use testing::center::Center;

use crate::browser::Browser;

/// The identities in the events of refused pages that are on disk by now.
fn refused(center: &Center) -> Vec<Value> {
    let events = center.bench.logged("portico:OpenPage");
    events.iter().map(|event| serde_json::from_str(&event.identity).unwrap()).collect()
}

#[test]
fn a_cookie_of_somebody_disabled_is_in_the_log_under_their_name() {
    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["*"]);
    assert_eq!(browser.open("/console").status, 200);
    let users = center
        .bench
        .call("AWSIdentityStore.ListUsers", &json!({"IdentityStoreId": center.bench.store_id()}));
    let alice = users.unwrap()["Users"][0]["UserId"].as_str().unwrap().parse().unwrap();
    center.bench.admin("DisableUser", &alice, json!({})).unwrap();
    assert_eq!(refused(&center), [json!(null); 0]);

    let page = browser.open("/start");
    assert_eq!(page.header("location"), Some("/sign-in?return_to=%2Fstart"));
    let [person] = refused(&center).try_into().unwrap();
    assert_eq!(person["type"], "IdentityCenterUser");
    assert_eq!(person["onBehalfOf"]["userId"], alice.as_str());
    // The sign-in page only looks whether somebody is signed in.
    assert_eq!(browser.open("/sign-in").status, 200);
    assert_eq!(refused(&center).len(), 1);

    center.bench.clock.advance(1);
    browser.open("/console/users");
    let [_, role] = refused(&center).try_into().unwrap();
    assert_eq!(role["type"], "AssumedRole");
    assert_eq!(role["onBehalfOf"]["userId"], alice.as_str());
}

#[test]
fn a_browser_without_cookies_leaves_no_event() {
    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["*"]);
    for name in ["portico-session-8080", "portico-console-8080"] {
        browser.forget(name);
    }
    browser.open("/start");
    browser.open("/console");
    assert_eq!(center.bench.events("portico:OpenPage").len(), 0);
}
