//! The audit log against the requests that were made.

use std::collections::BTreeMap;

use serde_json::Value;
use service::find;

use crate::support::text;

/// A request, as the audit log must have it.
pub struct Asked {
    pub operation: String,
    pub is_refused: bool,
}

/// What strangers may do without an event, because it names nobody and changes nothing
/// that lasts.
const SILENT: [&str; 2] = ["SSOOIDC.RegisterClient", "SSOOIDC.StartDeviceAuthorization"];

/// Each request, by its id, has an event with its operation and its outcome, or none if it is silent.
pub fn compare(asked: &BTreeMap<String, Asked>, exported: &str) {
    let mut events: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in exported.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        events.entry(text(&event["requestID"])).or_default().push(event);
    }
    let mut missing = Vec::new();
    for (id, Asked { operation, is_refused }) in asked {
        let (service, name) = find(operation).unwrap().action().split_once(':').unwrap();
        if !is_refused && SILENT.contains(&operation.as_str()) {
            assert_eq!(events.get(id), None, "{operation}");
            continue;
        }
        let found = events.get(id).is_some_and(|events| {
            events.iter().any(|event| {
                event["eventName"] == name && event["errorCode"].is_string() == *is_refused
            })
        });
        if !found {
            let instead = events.get(id);
            missing.push(format!("{service}:{name} refused={is_refused} {instead:?}"));
        }
    }
    assert!(missing.is_empty(), "not in the audit log: {missing:#?}");
}
