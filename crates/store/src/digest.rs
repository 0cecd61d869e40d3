//! Digests of the audit log: each seals a run of events and the previous digest.
//!
//! INVARIANT: a digest is a hash of every column of its events, each prefixed by its length, so
//! different runs of events have different hashes. Each event records the number of its digest. An
//! event that commits after a digest was made belongs to a later digest, so writers never wait for
//! a digest.

use model::Fault;
use sha2::{Digest as _, Sha256};

use crate::audit::{self, LoggedEvent, event, event_columns};
use crate::engine::Engine;
use crate::row::{Value, text};
use crate::signals::News;
use crate::{AuditRecord, Db, Read, Row};

/// The columns of a digest, which [`digest`] reads.
macro_rules! digest_columns {
    () => {
        "number, sealed_at_ms, event_count, hash, signature"
    };
}

/// Maximum number of events in a digest.
pub const EVENTS_MAX: u16 = 1000;

/// Previous hash of the first digest.
pub const NO_HASH: [u8; 32] = [0; 32];

/// Seal over a run of events.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Digest {
    /// From 1, without a gap.
    pub number: i64,
    pub sealed_at_ms: i64,
    pub event_count: i64,
    pub hash: [u8; 32],
    /// Ed25519 over the hash.
    pub signature: [u8; 64],
}

/// Computes the hash of a digest of these events, in the order of their ids.
#[must_use]
pub fn hash(before: &[u8; 32], number: i64, sealed_at_ms: i64, events: &[LoggedEvent]) -> [u8; 32] {
    let mut hasher = Sha256::new_with_prefix(b"portico audit digest 1\0");
    hasher.update(before);
    hasher.update(number.to_be_bytes());
    hasher.update(sealed_at_ms.to_be_bytes());
    hasher.update((events.len() as u64).to_be_bytes());
    for event in events {
        add(&mut hasher, &event.id);
        hasher.update(event.at_ms.to_be_bytes());
        add(&mut hasher, &event.request_id);
        add_or_none(&mut hasher, event.account_id.as_deref());
        add(&mut hasher, &event.caller_arn);
        add(&mut hasher, &event.identity);
        add(&mut hasher, &event.action);
        add(&mut hasher, &event.resource);
        add(&mut hasher, &event.source_address);
        add(&mut hasher, &event.user_agent);
        add_or_none(&mut hasher, event.error.as_deref());
        add(&mut hasher, &event.details);
    }
    hasher.finalize().into()
}

fn add(hasher: &mut Sha256, field: &str) {
    hasher.update((field.len() as u64).to_be_bytes());
    hasher.update(field.as_bytes());
}

fn add_or_none(hasher: &mut Sha256, field: Option<&str>) {
    hasher.update([u8::from(field.is_some())]);
    if let Some(field) = field {
        add(hasher, field);
    }
}

impl Db {
    /// Seals the oldest unsealed events, at most [`EVENTS_MAX`], if there are any.
    ///
    /// INVARIANT: this function writes only digests, without a permit and without an event. An
    /// event about each digest would need the next digest, without end.
    pub fn seal_events(
        &self,
        now_ms: i64,
        sign: &dyn Fn(&[u8; 32]) -> [u8; 64],
    ) -> Result<Option<Digest>, Fault> {
        let mut lease = self.lease_to_write()?;
        let engine = lease.engine()?;
        let sql = concat!(
            "SELECT ",
            event_columns!(),
            " FROM audit_event WHERE digest = 0
            ORDER BY id
            LIMIT $1"
        );
        let events = engine.query(sql, &[i64::from(EVENTS_MAX).into()], event)?;
        let Some(last) = events.last() else { return Ok(None) };
        let new = insert(engine, &events, now_ms, sign)?;
        let sql = "UPDATE audit_event SET digest = $1 WHERE digest = 0 AND id <= $2";
        let marked = engine.execute(sql, &[new.number.into(), text(&last.id)])?;
        // The transaction reads one snapshot, so these are the events that were read above.
        if i64::try_from(marked).ok() != Some(new.event_count) {
            return Err(Fault::broken("other events were marked than those that were sealed"));
        }
        lease.commit(News::default(), self.signals())?;
        Ok(Some(new))
    }

    /// Writes at most [`EVENTS_MAX`] events without a transaction, in a digest of their own.
    /// Returns when they are on disk.
    pub fn record_sealed(
        &self,
        records: &[AuditRecord],
        now_ms: i64,
        sign: &dyn Fn(&[u8; 32]) -> [u8; 64],
    ) -> Result<Digest, Fault> {
        let mut last = None;
        let columns = records.iter().map(|record| audit::columns(record, &mut last));
        let mut events: Vec<LoggedEvent> = columns.collect::<Result<_, _>>()?;
        events.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        let mut lease = self.lease_to_write()?;
        let new = insert(lease.engine()?, &events, now_ms, sign)?;
        for event in events {
            audit::insert(lease.engine()?, event, new.number)?;
        }
        lease.commit(News::default(), self.signals())?;
        Ok(new)
    }
}

/// Writes the digest of these events, in the order of their ids.
fn insert(
    engine: &mut Engine,
    events: &[LoggedEvent],
    now_ms: i64,
    sign: &dyn Fn(&[u8; 32]) -> [u8; 64],
) -> Result<Digest, Fault> {
    let sql =
        concat!("SELECT ", digest_columns!(), " FROM audit_digest ORDER BY number DESC LIMIT 1");
    let before = engine.query(sql, &[], digest)?.pop();
    let (before_number, before_hash) =
        before.map_or((0, NO_HASH), |digest| (digest.number, digest.hash));
    let number = before_number + 1;
    let hash = hash(&before_hash, number, now_ms, events);
    let event_count = i64::try_from(events.len())
        .map_err(|why| Fault::broken_at("counting the events of a digest", why))?;
    let signature = sign(&hash);
    let sql = "INSERT INTO audit_digest (number, sealed_at_ms, event_count, hash, signature)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING";
    let values = [
        number.into(),
        now_ms.into(),
        event_count.into(),
        Value::from(hash.as_slice()),
        Value::from(signature.as_slice()),
    ];
    if engine.execute(sql, &values)? == 0 {
        // Another node inserted this number first.
        return Err(Fault::Contended);
    }
    Ok(Digest { number, sealed_at_ms: now_ms, event_count, hash, signature })
}

/// Tells whether the unsealed events fill a digest.
pub fn is_due(read: &mut Read<'_>) -> Result<bool, Fault> {
    let sql = "SELECT id FROM audit_event WHERE digest = 0 LIMIT $1";
    let waiting = read.query(sql, &[i64::from(EVENTS_MAX).into()], |_| Ok(()))?.len();
    Ok(waiting >= usize::from(EVENTS_MAX))
}

/// Lists digests by number: at most `limit` after the number `after`.
pub fn list(read: &mut Read<'_>, after: i64, limit: i64) -> Result<Vec<Digest>, Fault> {
    let sql = concat!(
        "SELECT ",
        digest_columns!(),
        " FROM audit_digest WHERE number > $1
        ORDER BY number
        LIMIT $2"
    );
    read.query(sql, &[after.into(), limit.into()], digest)
}

/// Lists the events of a digest: at most [`EVENTS_MAX`] and one, which shows that there are too
/// many.
pub fn list_events(read: &mut Read<'_>, number: i64) -> Result<Vec<LoggedEvent>, Fault> {
    let sql = concat!(
        "SELECT ",
        event_columns!(),
        " FROM audit_event WHERE digest = $1 AND digest > 0
        ORDER BY id
        LIMIT $2"
    );
    read.query(sql, &[number.into(), (i64::from(EVENTS_MAX) + 1).into()], event)
}

/// Finds the lowest digest number above `after` that an event records.
pub fn find_sealed_after(read: &mut Read<'_>, after: i64) -> Result<Option<i64>, Fault> {
    let sql = "SELECT digest FROM audit_event WHERE digest > $1 AND digest > 0
        ORDER BY digest
        LIMIT 1";
    read.query_one(sql, &[after.into()], |row| row.integer("digest"))
}

/// Lists events by id, and so by time: at most `limit` after the id `after` and before the id
/// `end`.
pub fn list_log(
    read: &mut Read<'_>,
    after: &str,
    end: &str,
    limit: i64,
) -> Result<Vec<LoggedEvent>, Fault> {
    let sql = concat!(
        "SELECT ",
        event_columns!(),
        " FROM audit_event WHERE id > $1 AND id < $2
        ORDER BY id
        LIMIT $3"
    );
    read.query(sql, &[text(after), text(end), limit.into()], event)
}

fn digest(row: &Row) -> Result<Digest, Fault> {
    Ok(Digest {
        number: row.integer("number")?,
        sealed_at_ms: row.integer("sealed_at_ms")?,
        event_count: row.integer("event_count")?,
        hash: row.byte_array("hash")?,
        signature: row.byte_array("signature")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some_event() -> LoggedEvent {
        LoggedEvent {
            id: "a".to_owned(),
            at_ms: 1,
            request_id: "r".to_owned(),
            account_id: Some("123456789012".to_owned()),
            caller_arn: "c".to_owned(),
            identity: "{}".to_owned(),
            action: "sso:X".to_owned(),
            resource: "*".to_owned(),
            source_address: "127.0.0.1".to_owned(),
            user_agent: "u".to_owned(),
            error: None,
            details: "{}".to_owned(),
        }
    }

    fn hash_of(event: LoggedEvent) -> [u8; 32] {
        hash(&NO_HASH, 1, 2, &[event])
    }

    #[test]
    fn every_column_changes_the_hash() {
        let same = hash_of(some_event());
        assert_eq!(same, hash_of(some_event()));
        let x = || "x".to_owned();
        for other in [
            LoggedEvent { id: x(), ..some_event() },
            LoggedEvent { at_ms: 2, ..some_event() },
            LoggedEvent { request_id: x(), ..some_event() },
            LoggedEvent { account_id: Some(x()), ..some_event() },
            LoggedEvent { account_id: None, ..some_event() },
            LoggedEvent { caller_arn: x(), ..some_event() },
            LoggedEvent { identity: x(), ..some_event() },
            LoggedEvent { action: x(), ..some_event() },
            LoggedEvent { resource: x(), ..some_event() },
            LoggedEvent { source_address: x(), ..some_event() },
            LoggedEvent { user_agent: x(), ..some_event() },
            LoggedEvent { error: Some(String::new()), ..some_event() },
            LoggedEvent { details: x(), ..some_event() },
        ] {
            assert_ne!(hash_of(other.clone()), same, "{other:?}");
        }
        assert_ne!(hash(&[1; 32], 1, 2, &[some_event()]), same);
        assert_ne!(hash(&NO_HASH, 2, 2, &[some_event()]), same);
        assert_ne!(hash(&NO_HASH, 1, 3, &[some_event()]), same);
        assert_ne!(hash(&NO_HASH, 1, 2, &[some_event(), some_event()]), same);
    }

    #[test]
    fn no_column_can_lend_its_end_to_the_next() {
        let one = LoggedEvent { action: "ab".to_owned(), resource: "c".to_owned(), ..some_event() };
        let two = LoggedEvent { action: "a".to_owned(), resource: "bc".to_owned(), ..some_event() };
        assert_ne!(hash_of(one), hash_of(two));
    }
}
