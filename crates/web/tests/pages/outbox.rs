//! The outbox in the console: messages are listed, handed over once, and deleted, as far as the role may.

use serde_json::json;
use testing::center::{Center, text};

use crate::browser::{Browser, hidden_fields};

const SHOW: &str = "/console/outbox/show";
const DELETE: &str = "/console/outbox/delete";

/// Posts a test message. Returns its id.
fn post(center: &Center, address: &str) -> String {
    let body = json!({"IdentityStoreId": center.bench.store_id(), "EmailAddress": address});
    text(&center.bench.call("PorticoAdmin.SendTestMessage", &body).unwrap(), "/MessageId")
}

#[test]
fn a_message_is_handed_over_once_and_deleted() {
    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["*"]);
    let page = browser.open("/console/outbox");
    assert!(page.body.contains("No messages"), "{}", page.body);
    post(&center, "ops@example.com");
    let page = browser.open("/console/outbox");
    assert!(
        page.body.contains("ops@example.com") && page.body.contains("Waiting"),
        "{}",
        page.body
    );
    let fields = hidden_fields(&page, SHOW);
    let shown = browser.submit(SHOW, &fields);
    assert_eq!(shown.status, 200, "{}", shown.body);
    assert!(shown.body.contains("Test message"), "{}", shown.body);
    let again = browser.submit(SHOW, &fields);
    assert_eq!(again.status, 409, "{}", again.body);
    let page = browser.open("/console/outbox");
    assert!(page.body.contains("Handed over") && !page.body.contains(SHOW), "{}", page.body);
    let deleted = browser.submit(DELETE, &hidden_fields(&page, DELETE));
    assert_eq!(deleted.header("location"), Some("/console/outbox?done=deleted"));
    let page = browser.open("/console/outbox?done=deleted");
    assert!(page.body.contains("The message is deleted."), "{}", page.body);
    assert!(page.body.contains("No messages"), "{}", page.body);
}

#[test]
fn a_role_that_may_not_sees_the_reason_and_changes_nothing() {
    let center = Center::new();
    let actions = ["sso:ListInstances", "sso:DescribeInstance", "portico:ListMessages"];
    let mut browser = Browser::of_console(&center, &actions);
    post(&center, "ops@example.com");
    let page = browser.open("/console/outbox");
    for path in [SHOW, DELETE] {
        let refused = browser.submit(path, &hidden_fields(&page, path));
        assert_eq!(refused.status, 403, "{}", refused.body);
    }
    assert!(browser.open("/console/outbox").body.contains("Waiting"));

    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["sso:ListInstances", "sso:DescribeInstance"]);
    let page = browser.open("/console/outbox");
    assert!(page.body.contains("Your role may not see this"), "{}", page.body);
}
