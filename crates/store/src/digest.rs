//! Digests of the audit log: each seals a run of events and the previous digest.
//!
//! INVARIANT: a digest is a hash of every column of its events, each prefixed by its length, so
//! different runs of events have different hashes. Each event records the number of its digest. An
//! event that commits after a digest was made belongs to a later digest, so writers never wait for
//! a digest.

use model::Fault;
use sha2::{Digest as _, Sha256};

use crate::engine::Engine;
use crate::logged_event::{event_columns, found, has_readable_id};
use crate::row::{Value, text};
use crate::{FoundEvent, LoggedEvent, Read, Row};

/// The columns of a digest, which [`digest`] reads.
macro_rules! digest_columns {
    () => {
        "number, sealed_at_ms, event_count, hash, signature, format"
    };
}

/// The digests up to a number, newest first. SQLite lets a column hold a text or a number with a fraction.
const BACKWARDS: &str = concat!(
    "SELECT ",
    digest_columns!(),
    " FROM audit_digest WHERE number > 0 AND number <= $1 AND number = CAST(number AS BIGINT)
    ORDER BY number DESC
    LIMIT $2"
);

/// Maximum number of digests per read while the newest one is looked for that can be read.
const BACKWARDS_AT_ONCE: i64 = 10;

/// Maximum number of events in a digest. Earlier versions made digests of that length.
pub const EVENTS_MAX: u16 = 1000;

/// Maximum number of events in a new digest. On SQLite nobody else writes while they are read, proved and marked, which
/// takes 20 µs for each.
pub const NEW_EVENTS_MAX: u16 = 200;

/// Format of digests whose hash covers the columns that events of every version have.
pub const OF_CONTENTS: i64 = 1;

/// Format of digests whose hash also covers the place and the MAC of each event.
pub const OF_PROOFS: i64 = 2;

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
    /// [`OF_CONTENTS`] or [`OF_PROOFS`].
    pub format: i64,
}

impl Digest {
    /// Tells whether the hash is the one of these events, in the order of their ids, after a digest
    /// with the hash `before`.
    #[must_use]
    pub fn has_hash_of(&self, before: &[u8; 32], events: &[LoggedEvent]) -> bool {
        hash(self.format, before, self.number, self.sealed_at_ms, events) == self.hash
    }

    /// Tells whether the digest has this number of events.
    pub(crate) fn has_count(&self, events: u64) -> bool {
        u64::try_from(self.event_count) == Ok(events)
    }
}

/// Computes the hash of a digest of these events, in the order of their ids.
#[must_use]
pub fn hash(
    format: i64,
    before: &[u8; 32],
    number: i64,
    sealed_at_ms: i64,
    events: &[LoggedEvent],
) -> [u8; 32] {
    let mut hasher = Sha256::new_with_prefix(format!("portico audit digest {format}\0"));
    hasher.update(before);
    hasher.update(number.to_be_bytes());
    hasher.update(sealed_at_ms.to_be_bytes());
    hasher.update((events.len() as u64).to_be_bytes());
    let mut add = |part: &[u8]| hasher.update(part);
    for event in events {
        event.add_content(&mut add);
        if format != OF_CONTENTS {
            event.add_proof(&mut add);
        }
    }
    hasher.finalize().into()
}

/// Digest of a row, or the row if it is no digest: somebody who writes to the database can leave one
/// whose columns hold values of other types.
pub type FoundDigest = Result<Digest, UnreadableDigest>;

/// Row that is no digest.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnreadableDigest {
    pub number: i64,
    pub why: Fault,
}

/// End of the digests.
#[derive(Clone, Debug, Default)]
pub(crate) struct End {
    /// Highest number of a row; 0 if there is none.
    pub(crate) number: i64,
    /// Newest digest that can be read.
    pub(crate) digest: Option<Digest>,
}

impl End {
    /// Tells whether the newest digest is there and cannot be read.
    pub(crate) fn is_unreadable(&self) -> bool {
        self.number > self.digest.as_ref().map_or(0, |digest| digest.number)
    }
}

/// Finds the newest digest that can be read.
pub fn find_last(read: &mut Read<'_>) -> Result<Option<Digest>, Fault> {
    Ok(end_of(i64::MAX, |values| read.query(BACKWARDS, values, found_digest))?.digest)
}

/// Finds the end of the digests, for the one that follows.
pub(crate) fn end(engine: &mut Engine) -> Result<End, Fault> {
    end_of(i64::MAX, |values| engine.query(BACKWARDS, values, found_digest))
}

fn end_of(
    mut until: i64,
    mut read: impl FnMut(&[Value]) -> Result<Vec<FoundDigest>, Fault>,
) -> Result<End, Fault> {
    let mut end = End::default();
    loop {
        let rows = read(&[until.into(), BACKWARDS_AT_ONCE.into()])?;
        let number = |row: &FoundDigest| row.as_ref().map_or_else(|it| it.number, |it| it.number);
        let (Some(first), Some(last)) = (rows.first().map(number), rows.last().map(number)) else {
            return Ok(end);
        };
        end.number = end.number.max(first);
        until = last - 1;
        end.digest = rows.into_iter().flatten().next();
        if end.digest.is_some() {
            return Ok(end);
        }
    }
}

/// Finds the digest with a number.
pub fn find(read: &mut Read<'_>, number: i64) -> Result<Option<FoundDigest>, Fault> {
    let found = list(read, number.saturating_sub(1).max(0), 1)?.pop();
    let number_of = |row: &FoundDigest| row.as_ref().map_or_else(|it| it.number, |it| it.number);
    Ok(found.filter(|row| number_of(row) == number))
}

/// Finds the newest digest before a number that can be read.
pub fn find_before(read: &mut Read<'_>, number: i64) -> Result<Option<Digest>, Fault> {
    Ok(end_of(number.saturating_sub(1), |values| read.query(BACKWARDS, values, found_digest))?
        .digest)
}

/// Counts the rows whose number no digest can have.
pub fn count_odd(read: &mut Read<'_>) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) AS count FROM audit_digest
        WHERE number IS NULL OR number < 1 OR number <> CAST(number AS BIGINT)";
    Ok(read.query_one(sql, &[], |row| row.integer("count"))?.unwrap_or_default())
}

/// Counts the rows of the log whose id is none of a server, which no list has.
pub fn count_odd_ids(read: &mut Read<'_>) -> Result<i64, Fault> {
    let sql = concat!(
        "SELECT COUNT(*) AS count FROM audit_event WHERE id IS NULL OR NOT (",
        has_readable_id!(),
        ")"
    );
    Ok(read.query_one(sql, &[], |row| row.integer("count"))?.unwrap_or_default())
}

/// Tells whether the unsealed events fill a new digest.
pub fn is_due(read: &mut Read<'_>) -> Result<bool, Fault> {
    let sql = "SELECT digest FROM audit_event WHERE digest = 0 AND sequence > 0 LIMIT $1";
    let waiting = read.query(sql, &[i64::from(NEW_EVENTS_MAX).into()], |_| Ok(()))?.len();
    Ok(waiting >= usize::from(NEW_EVENTS_MAX))
}

/// Lists digests by number: at most `limit` after the number `after`.
///
/// `after` is not negative. Rows whose number no digest can have are not listed.
pub fn list(read: &mut Read<'_>, after: i64, limit: i64) -> Result<Vec<FoundDigest>, Fault> {
    let sql = concat!(
        "SELECT ",
        digest_columns!(),
        " FROM audit_digest WHERE number > $1 AND number = CAST(number AS BIGINT)
        ORDER BY number
        LIMIT $2"
    );
    read.query(sql, &[after.into(), limit.into()], found_digest)
}

/// Lists the events that name a digest: at most `limit` after the id `after`.
pub fn list_events(
    read: &mut Read<'_>,
    number: i64,
    after: &str,
    limit: i64,
) -> Result<Vec<FoundEvent>, Fault> {
    let sql = concat!(
        "SELECT ",
        event_columns!(),
        " FROM audit_event WHERE digest = $1 AND digest > 0 AND id > $2 AND ",
        has_readable_id!(),
        "
        ORDER BY id
        LIMIT $3"
    );
    read.query(sql, &[number.into(), text(after), limit.into()], found)
}

/// Lists the events that no digest seals yet: at most `limit` after the id `after`.
pub fn list_unsealed(
    read: &mut Read<'_>,
    after: &str,
    limit: i64,
) -> Result<Vec<FoundEvent>, Fault> {
    let sql = concat!(
        "SELECT ",
        event_columns!(),
        " FROM audit_event WHERE digest = 0 AND id > $1 AND ",
        has_readable_id!(),
        "
        ORDER BY id
        LIMIT $2"
    );
    read.query(sql, &[text(after), limit.into()], found)
}

/// Lists the rows whose digest number no digest can have: at most `limit` after the id `after`.
pub fn list_parked(read: &mut Read<'_>, after: &str, limit: i64) -> Result<Vec<FoundEvent>, Fault> {
    // SQLite lets a column hold a text or a number with a fraction.
    let sql = concat!(
        "SELECT ",
        event_columns!(),
        " FROM audit_event
        WHERE (digest < 0 OR digest IS NULL OR digest <> CAST(digest AS BIGINT)) AND id > $1 AND ",
        has_readable_id!(),
        "
        ORDER BY id
        LIMIT $2"
    );
    read.query(sql, &[text(after), limit.into()], found)
}

/// Finds the lowest digest number above `after` that an event records.
pub fn find_sealed_after(read: &mut Read<'_>, after: i64) -> Result<Option<i64>, Fault> {
    let sql = "SELECT digest FROM audit_event
        WHERE digest > $1 AND digest > 0 AND digest = CAST(digest AS BIGINT)
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
) -> Result<Vec<FoundEvent>, Fault> {
    let sql = concat!(
        "SELECT ",
        event_columns!(),
        " FROM audit_event WHERE id > $1 AND id < $2 AND ",
        has_readable_id!(),
        "
        ORDER BY id
        LIMIT $3"
    );
    read.query(sql, &[text(after), text(end), limit.into()], found)
}

/// Reads a row. A row that is no digest does not fail the statement, so that it stops neither sealing nor
/// verification.
fn found_digest(row: &Row) -> Result<FoundDigest, Fault> {
    let number = row.integer("number")?;
    Ok(digest(row).map_err(|why| UnreadableDigest { number, why }))
}

fn digest(row: &Row) -> Result<Digest, Fault> {
    Ok(Digest {
        number: row.integer("number")?,
        sealed_at_ms: row.integer("sealed_at_ms")?,
        event_count: row.integer("event_count")?,
        hash: row.byte_array("hash")?,
        signature: row.byte_array("signature")?,
        format: row.integer("format")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logged_event::tests::{other_contents, other_places, some_event};

    fn hash_of(format: i64, event: LoggedEvent) -> [u8; 32] {
        hash(format, &NO_HASH, 1, 2, &[event])
    }

    #[test]
    fn every_column_changes_the_hash() {
        for format in [OF_CONTENTS, OF_PROOFS] {
            let same = hash_of(format, some_event());
            for other in other_contents() {
                assert_ne!(hash_of(format, other.clone()), same, "{other:?}");
            }
            let mac = LoggedEvent { mac: vec![5; 32], ..some_event() };
            for other in other_places().into_iter().chain([mac]) {
                let is_same = hash_of(format, other.clone()) == same;
                assert_eq!(is_same, format == OF_CONTENTS, "{other:?}");
            }
            assert_ne!(hash(format, &[1; 32], 1, 2, &[some_event()]), same);
            assert_ne!(hash(format, &NO_HASH, 2, 2, &[some_event()]), same);
            assert_ne!(hash(format, &NO_HASH, 1, 3, &[some_event()]), same);
            assert_ne!(hash(format, &NO_HASH, 1, 2, &[some_event(), some_event()]), same);
        }
        assert_ne!(hash_of(OF_CONTENTS, some_event()), hash_of(OF_PROOFS, some_event()));
    }

    #[test]
    fn no_column_can_lend_its_end_to_the_next() {
        let one = LoggedEvent { action: "ab".to_owned(), resource: "c".to_owned(), ..some_event() };
        let two = LoggedEvent { action: "a".to_owned(), resource: "bc".to_owned(), ..some_event() };
        assert_ne!(hash_of(OF_PROOFS, one), hash_of(OF_PROOFS, two));
    }
}
