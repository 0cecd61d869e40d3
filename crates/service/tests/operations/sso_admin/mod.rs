//! Operations of sso-admin, from the JSON of the request to the JSON of the reply, in memory, with
//! their jobs.

mod access;
mod assignments;
mod deletion;
mod instances;
mod permission_sets;
mod policies;
mod provisioning;
mod tags;

use model::Fault;
use serde_json::Value;
use testing::center::{Center, assignment, for_user, text};

/// Returns the texts of a list, or of a field of all its items.
fn each(reply: &Value, list: &str, field: Option<&str>) -> Vec<String> {
    let items = reply.get(list).and_then(Value::as_array).unwrap();
    let item = |item: &Value| field.map_or(item, |field| &item[field]).as_str().unwrap().to_owned();
    items.iter().map(item).collect()
}

/// Returns the invalid field of a refused request.
fn wrong_field(reply: Result<Value, Fault>) -> String {
    match reply {
        Err(Fault::Invalid { field, .. }) => field.into_owned(),
        other => format!("{other:?}"),
    }
}

/// Returns the kind of the entity that a request did not find.
fn missing(reply: Result<Value, Fault>) -> String {
    match reply {
        Err(Fault::NotFound { entity, .. }) => entity.to_string(),
        other => format!("{other:?}"),
    }
}

fn is_conflict(reply: &Result<Value, Fault>) -> bool {
    matches!(reply, Err(Fault::Conflict { .. }))
}

/// Lists all pages of a list with page size one, and returns the texts.
fn one_by_one(center: &Center, operation: &str, body: &Value, list: &str) -> Vec<String> {
    let (mut all, mut token) = (Vec::new(), Value::Null);
    loop {
        let mut page = body.clone();
        let fields = page.as_object_mut().unwrap();
        fields.insert("MaxResults".to_owned(), 1.into());
        fields.insert("NextToken".to_owned(), token);
        let reply = center.call(operation, page).unwrap();
        let items = reply.get(list).and_then(Value::as_array).unwrap();
        assert!(items.len() <= 1, "{reply}");
        all.extend(items.iter().map(ToString::to_string));
        token = reply["NextToken"].clone();
        if token.is_null() {
            return all;
        }
    }
}
