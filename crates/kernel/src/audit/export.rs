//! Export of the audit log as JSON lines in the form of CloudTrail records.
//!
//! CloudTrail User Guide, "Record contents for management and data events".

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Write;

use model::service::{PORTICO_ADMIN, SSO_ADMIN, SSO_OIDC, SSO_PORTAL, Service};
use model::{AuditEvent, Fault};
use protocol::timestamp;
use serde_json::{Map, Value, json};
use store::digest::{self, Digest};
use store::{LoggedEvent, Read};

use super::error;
use super::in_order::{InLog, InOrder};
use super::proved::{hash_before, read_proved};
use crate::Ctx;

/// Time span of the events to export.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from_ms: i64,
    /// End of the span, exclusive.
    pub to_ms: i64,
}

impl Span {
    /// Reads a span from two RFC 3339 timestamps, which the operator gave with `--from` and `--to`. A missing one leaves that end of the span open.
    pub fn between(from: Option<&str>, to: Option<&str>) -> Result<Self, Fault> {
        let read = |field: &'static str, text: Option<&str>, otherwise: i64| {
            let Some(text) = text else { return Ok(otherwise) };
            let moment: jiff::Timestamp = text
                .parse()
                .map_err(|_| Fault::invalid(field, "be a moment such as 2027-01-31T08:00:00Z"))?;
            Ok(moment.as_millisecond())
        };
        let span = Self { from_ms: read("--from", from, 0)?, to_ms: read("--to", to, i64::MAX)? };
        if span.from_ms < span.to_ms {
            Ok(span)
        } else {
            Err(Fault::invalid("--to", "be after --from"))
        }
    }
}

/// Tells whether an action only reads. Returns `None` for an action that belongs to no operation.
pub type IsRead = fn(action: &str) -> Option<bool>;

/// Result of an export.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Exported {
    pub events: u64,
    /// Number of rows that no server writes, and that have no form as a record, and of events in files that cannot be
    /// read.
    pub left_out: u64,
    /// Files of the archive that cannot be read, with the reasons.
    pub flaws: Vec<String>,
}

/// Writes the events of a span, oldest first, one per line. The export leaves an event of its own.
pub fn export(
    ctx: &Ctx<'_>,
    span: Span,
    is_read: IsRead,
    out: &mut dyn Write,
) -> Result<Exported, Fault> {
    let permit = ctx.authorize("portico:ExportAudit", "*")?;
    let event = AuditEvent::new()
        .asked("from", timestamp::rfc_3339(span.from_ms))
        .asked("to", timestamp::rfc_3339(span.to_ms.min(ctx.now_ms())));
    ctx.begin(permit.clone())?.commit(&event)?;

    // Event ids begin with the time in fixed-width hexadecimal, so that text order is time order.
    let id_at = |ms: i64| format!("{:012x}", ms.clamp(0, 0xFFFF_FFFF_FFFF));
    // An open end has ids that are no time, too: somebody else wrote them, so they are marked.
    let after = if span.from_ms == 0 { String::new() } else { id_at(span.from_ms) };
    let end = if span.to_ms == i64::MAX { char::MAX.to_string() } else { id_at(span.to_ms) };
    let mut seals = Seals::default();
    // Rows with an id of nobody have no time.
    let left_out = digest::count_odd_ids(&mut ctx.read(&permit)?)?;
    let left_out = u64::try_from(left_out).unwrap_or_default();
    let mut exported = Exported { events: 0, left_out, flaws: Vec::new() };
    let read = || ctx.read(&permit);
    let mut log = InOrder::new(ctx, after, end);
    while let Some(entry) = log.next(read)? {
        let line = match &entry {
            InLog::Row(Ok(event)) => record(ctx, event, seals.proof(ctx, &read, event)?, is_read),
            InLog::Row(Err(_)) => None,
            InLog::Archived(event, is_sealed) => {
                record(ctx, event, if *is_sealed { "sealed" } else { "none" }, is_read)
            }
        };
        if let Some(line) = line {
            writeln!(out, "{line}")
                .map_err(|why| Fault::broken_at("writing an exported event", why))?;
            exported.events += 1;
        } else {
            exported.left_out += 1;
        }
    }
    exported.left_out += log.unread;
    exported.flaws = log.flaws;
    out.flush().map_err(|why| Fault::broken_at("writing exported events", why))?;
    Ok(exported)
}

/// What was looked up about digests.
#[derive(Default)]
struct Seals {
    /// The digest of the last event, if there is one with that number. Consecutive events often share one.
    last: (i64, Option<Digest>),
    /// Whether a digest of an earlier version holds, by its number.
    earlier: BTreeMap<i64, bool>,
}

impl Seals {
    /// Returns what proves an event: `sealed` if a digest names it, `mac` if its MAC alone does, or
    /// `none`. An event of an earlier version has no MAC: its digest itself must hold. Whether other
    /// digests hold is for the verification to say.
    fn proof<'a>(
        &mut self,
        ctx: &Ctx<'_>,
        read: &impl Fn() -> Result<Read<'a>, Fault>,
        event: &LoggedEvent,
    ) -> Result<&'static str, Fault> {
        if event.digest > 0 && event.digest != self.last.0 {
            self.last = (event.digest, find(&mut read()?, event.digest)?);
        }
        let digest = self.last.1.as_ref().filter(|_| event.digest > 0);
        if ctx.portico.db.proves(event) {
            return Ok(if digest.is_some() { "sealed" } else { "mac" });
        }
        let Some(digest) = digest.filter(|_| event.is_of_earlier_version()) else {
            return Ok("none");
        };
        let holds = match self.earlier.entry(digest.number) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => *place.insert(holds(ctx, &mut read()?, digest)?),
        };
        Ok(if holds { "sealed" } else { "none" })
    }
}

fn find(read: &mut Read<'_>, number: i64) -> Result<Option<Digest>, Fault> {
    Ok(digest::find(read, number)?.and_then(Result::ok))
}

/// Tells whether a digest of an earlier version is signed, and is the one of the events that name it.
fn holds(ctx: &Ctx<'_>, read: &mut Read<'_>, digest: &Digest) -> Result<bool, Fault> {
    if digest.format != digest::OF_CONTENTS {
        return Ok(false);
    }
    let before = hash_before(ctx.portico, read, digest.number)?;
    Ok(read_proved(ctx.portico, read, digest.number, &before)?.is_some())
}

/// Returns the record of an event; `None` if its JSON columns hold something else.
fn record(
    ctx: &Ctx<'_>,
    event: &LoggedEvent,
    proof: &'static str,
    is_read: IsRead,
) -> Option<Value> {
    let settings = &ctx.portico.settings;
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
