//! Events of operations in the audit log.

use kernel::Portico;
use serde_json::json;
use store::LoggedEvent;
use store::digest::list_log;

use super::{Store, a_user_with};

fn last_event(store: &Store) -> LoggedEvent {
    let events = store.bench.as_caller(&Portico::itself(), |ctx| {
        let permit = ctx.authorize("portico:ReadStanding", "*").unwrap();
        list_log(&mut ctx.read(&permit).unwrap(), "", "~", 1000).unwrap()
    });
    let events = events.into_iter().map(Result::unwrap);
    // Ids sort by time first and then randomly.
    events.max_by_key(|event| event.at_ms).unwrap()
}

#[test]
fn a_change_is_logged_with_its_names_and_without_what_is_personal() {
    let store = Store::new();
    store.bench.clock.advance(1);
    let more = json!({"Emails": [{"Value": "jane@example.com"}], "Birthdate": "2000-02-29"});
    let created = store.call("CreateUser", a_user_with("jane", &more)).unwrap();
    let event = last_event(&store);
    assert_eq!(event.action, "identitystore:CreateUser");
    let user_id = super::text(&created, "UserId");
    for told in [store.id.as_str(), "jane", "The jane", user_id.as_str()] {
        assert!(event.details.contains(told), "{told}: {}", event.details);
    }

    store.bench.clock.advance(1);
    let operations = json!([{"AttributePath": "title", "AttributeValue": "Spy"}]);
    let body = json!({"UserId": user_id, "Operations": operations});
    store.call("UpdateUser", body).unwrap();
    let changed = last_event(&store);
    assert_eq!(changed.action, "identitystore:UpdateUser");
    assert!(changed.details.contains("title"), "{}", changed.details);
    for hidden in ["jane@example.com", "2000-02-29", "Doe", "Spy"] {
        assert!(!event.details.contains(hidden) && !changed.details.contains(hidden), "{hidden}");
    }
}
