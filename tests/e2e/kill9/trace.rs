//! The events of the writes in the audit log.

use std::collections::BTreeSet;

use serde_json::Value;

use super::kind::Kind;
use crate::support::text;

/// The successful writes of a kind: the id of the result, and the id of the request.
pub fn requested(events: &[Value], kind: &Kind) -> Vec<(String, String)> {
    let done = of_kind(events, kind);
    done.filter_map(|event| Some((text(event.pointer(kind.event_id)?), text(&event["requestID"]))))
        .collect()
}

/// The bare ids of the requests whose work is done: by a job, which has an event of its own, or at once, which the event of
/// the request says. Work that was done twice has two events.
pub fn worked(events: &[Value], kind: &Kind) -> Vec<String> {
    let id = |event: &Value| {
        let at_once = event.pointer("/responseElements/roleName").and(event.pointer(kind.event_id));
        event.pointer("/requestParameters/requestId").or(at_once).map(|id| bare(&text(id)))
    };
    of_kind(events, kind).filter_map(id).collect()
}

/// A job's id without the prefix that organizations adds and without dashes.
pub fn bare(id: &str) -> String {
    id.strip_prefix("car-").unwrap_or(id).replace('-', "")
}

/// The set of the texts, each of which must occur once.
#[track_caller]
pub fn once(texts: impl IntoIterator<Item = String>, what: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for text in texts {
        assert!(seen.insert(text.clone()), "{what}: {text} twice");
    }
    seen
}

fn of_kind<'a>(events: &'a [Value], kind: &Kind) -> impl Iterator<Item = &'a Value> {
    let name = kind.create.rsplit('.').next().unwrap();
    events.iter().filter(move |event| event["eventName"] == name && event["errorCode"].is_null())
}
