//! The form of events outside: records of CloudTrail.
//!
//! CloudTrail User Guide, "Record contents for management and data events". `proof` and `digest` are Portico's own.

use model::service::{PORTICO_ADMIN, SSO_ADMIN, SSO_OIDC, SSO_PORTAL, Service};
use protocol::timestamp;
use serde_json::{Map, Value, json};
use store::LoggedEvent;

use super::error;
use crate::Settings;

/// Tells whether an action only reads. Returns `None` for an action that belongs to no operation.
pub type IsRead = fn(action: &str) -> Option<bool>;

/// Returns the record of an event; `None` if its JSON columns hold something else.
pub(crate) fn record(
    settings: &Settings,
    event: &LoggedEvent,
    proof: &'static str,
    is_read: IsRead,
) -> Option<Value> {
    let (service, name) = event.action.split_once(':').unwrap_or(("portico", &event.action));
    let identity: Value = serde_json::from_str(&event.identity).ok()?;
    let details: Map<String, Value> = serde_json::from_str(&event.details).ok()?;
    let is_service = identity.get("type").is_some_and(|kind| kind == "AWSService");
    let account = event.account_id.as_deref();
    let mut record = json!({
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": timestamp::rfc_3339(event.at_ms),
        "eventSource": source(service),
        "eventName": name,
        "awsRegion": settings.region,
        "sourceIPAddress": event.source_address,
        "userAgent": event.user_agent,
        "requestParameters": details_of(&details, "requestParameters"),
        "responseElements": details_of(&details, "responseElements"),
        "requestID": event.request_id,
        "eventID": event.id,
        "eventType": if is_service { "AwsServiceEvent" } else { "AwsApiCall" },
        "managementEvent": service != "s3",
        "recipientAccountId": account.unwrap_or(settings.management_account_id.as_str()),
        "proof": proof,
        "digest": (event.digest > 0).then_some(event.digest),
        "eventCategory": if service == "s3" { "Data" } else { "Management" },
    });
    if let Some(fields) = record.as_object_mut() {
        if let Some(text) = &event.error {
            let (code, message) = error::read(text);
            fields.insert("errorCode".to_owned(), code.into());
            fields.insert("errorMessage".to_owned(), message.into());
        }
        if event.resource.starts_with("arn:") {
            fields.insert("resources".to_owned(), json!([{"ARN": event.resource}]));
        }
        if let Some(is_read) = is_read(&event.action) {
            fields.insert("readOnly".to_owned(), is_read.into());
        }
    }
    Some(record)
}

// AWS: the field is null if the event has no details.
fn details_of(details: &Map<String, Value>, part: &str) -> Value {
    match details.get(part) {
        Some(Value::Object(fields)) if !fields.is_empty() => Value::Object(fields.clone()),
        Some(_) | None => Value::Null,
    }
}

// AWS: CloudTrail names a service by its host; the portal and OAuth share the host of sso.
fn source(action_prefix: &str) -> String {
    let is_of = |service: &Service| service.action_prefix == action_prefix;
    if is_of(&PORTICO_ADMIN) {
        return action_prefix.to_owned();
    }
    let shares_host = is_of(&SSO_PORTAL) || is_of(&SSO_OIDC);
    let host = if shares_host { SSO_ADMIN.action_prefix } else { action_prefix };
    format!("{host}.amazonaws.com")
}
