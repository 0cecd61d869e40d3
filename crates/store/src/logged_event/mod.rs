//! Event as stored in the log, and the bytes that its MAC and its digest cover.

use model::Fault;

use crate::Row;

/// The columns of an event, which [`found`] reads.
macro_rules! event_columns {
    () => {
        "id, at_ms, request_id, account_id, caller_arn, identity, action, resource, \
         source_address, user_agent, error, details, digest, writer, sequence, mac"
    };
}
pub(crate) use event_columns;

/// Condition of rows whose id can be read, and so can be the place where the next part of a list begins. Ids of
/// servers have only these characters. SQLite lets an id be NULL, bytes, or text that is no UTF-8, which sorts between
/// others. PostgreSQL expects few rows of an equality with an expression, and then sorts all instead of following
/// the index; of `<> 0` it expects nearly all.
macro_rules! has_readable_id {
    () => {
        "CASE WHEN id > '' AND id < '{' AND LTRIM(id, '0123456789abcdefghijklmnopqrstuvwxyz-') = ''
            THEN 1 ELSE 0 END <> 0"
    };
}
pub(crate) use has_readable_id;

/// Label of the bytes under the MAC of an event. A change of what they hold is another label.
const MAC_LABEL: &[u8] = b"portico audit event 1\0";

/// Event as stored in the log.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LoggedEvent {
    pub id: String,
    pub at_ms: i64,
    pub request_id: String,
    pub account_id: Option<String>,
    pub caller_arn: String,
    /// JSON: userIdentity.
    pub identity: String,
    pub action: String,
    pub resource: String,
    pub source_address: String,
    pub user_agent: String,
    pub error: Option<String>,
    /// JSON: requestParameters, responseElements.
    pub details: String,
    /// Number of the digest that seals it; 0 until one does.
    pub digest: i64,
    /// Lane of running numbers on which it was written; empty for events of earlier versions.
    pub writer: String,
    /// Place on that lane, from 1 without a gap; 0 for events of earlier versions.
    pub sequence: i64,
    /// MAC of the event; empty for events of earlier versions.
    pub mac: Vec<u8>,
}

impl LoggedEvent {
    /// Tells whether the event claims neither a place nor a MAC, like those of earlier versions.
    #[must_use]
    pub fn is_of_earlier_version(&self) -> bool {
        self.writer.is_empty() && self.sequence == 0 && self.mac.is_empty()
    }

    /// Returns the bytes that the MAC of the event covers: every column except the digest, which
    /// is written later, and the MAC itself.
    #[must_use]
    pub fn bytes_under_mac(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(1024);
        bytes.extend_from_slice(MAC_LABEL);
        let mut add = |part: &[u8]| bytes.extend_from_slice(part);
        self.add_place(&mut add);
        self.add_content(&mut add);
        bytes
    }

    /// Adds what events of every version have.
    pub(crate) fn add_content(&self, add: &mut dyn FnMut(&[u8])) {
        add_text(add, &self.id);
        add(&self.at_ms.to_be_bytes());
        add_text(add, &self.request_id);
        add_text_or_none(add, self.account_id.as_deref());
        add_text(add, &self.caller_arn);
        add_text(add, &self.identity);
        add_text(add, &self.action);
        add_text(add, &self.resource);
        add_text(add, &self.source_address);
        add_text(add, &self.user_agent);
        add_text_or_none(add, self.error.as_deref());
        add_text(add, &self.details);
    }

    /// Adds the place of the event on its lane.
    pub(crate) fn add_place(&self, add: &mut dyn FnMut(&[u8])) {
        add_text(add, &self.writer);
        add(&self.sequence.to_be_bytes());
    }

    /// Adds the place and the MAC.
    pub(crate) fn add_proof(&self, add: &mut dyn FnMut(&[u8])) {
        self.add_place(add);
        add_bytes(add, &self.mac);
    }
}

// INVARIANT: each part of variable length begins with its length, so no column can lend its end to
// the next.
fn add_bytes(add: &mut dyn FnMut(&[u8]), bytes: &[u8]) {
    add(&(bytes.len() as u64).to_be_bytes());
    add(bytes);
}

fn add_text(add: &mut dyn FnMut(&[u8]), text: &str) {
    add_bytes(add, text.as_bytes());
}

fn add_text_or_none(add: &mut dyn FnMut(&[u8]), text: Option<&str>) {
    add(&[u8::from(text.is_some())]);
    if let Some(text) = text {
        add_text(add, text);
    }
}

/// Event of a row, or the row if it is no event: somebody who writes to the database can leave one
/// whose columns hold values of other types.
pub type FoundEvent = Result<LoggedEvent, UnreadableEvent>;

/// Row of the log that is no event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnreadableEvent {
    pub id: String,
    pub why: Fault,
}

/// Reads a row of the log. A row that is no event does not fail the statement, so that one such row
/// stops neither sealing nor verification. The statement lists only rows of which [`has_readable_id`] holds.
pub(crate) fn found(row: &Row) -> Result<FoundEvent, Fault> {
    let id = row.text("id")?;
    Ok(event(row).map_err(|why| UnreadableEvent { id: id.to_owned(), why }))
}

fn event(row: &Row) -> Result<LoggedEvent, Fault> {
    let owned = |column: &str| row.text(column).map(str::to_owned);
    let owned_or_null = |column: &str| Ok(row.text_or_null(column)?.map(str::to_owned));
    Ok(LoggedEvent {
        id: owned("id")?,
        at_ms: row.integer("at_ms")?,
        request_id: owned("request_id")?,
        account_id: owned_or_null("account_id")?,
        caller_arn: owned("caller_arn")?,
        identity: owned("identity")?,
        action: owned("action")?,
        resource: owned("resource")?,
        source_address: owned("source_address")?,
        user_agent: owned("user_agent")?,
        error: owned_or_null("error")?,
        details: owned("details")?,
        digest: row.integer("digest")?,
        writer: owned("writer")?,
        sequence: row.integer("sequence")?,
        mac: row.bytes_or_null("mac")?.unwrap_or_default().to_owned(),
    })
}

#[cfg(test)]
pub(crate) mod tests;
