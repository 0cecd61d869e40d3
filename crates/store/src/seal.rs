//! Sealing of events into digests.
//!
//! INVARIANT: a digest vouches for what this server wrote, not for what lies in the table: an event
//! is sealed only if its MAC is right. A row that fails leaves the queue of unsealed events
//! ([`SET_ASIDE`]), so that any number of them delays the others only once.
//! A snapshot is enough for them: of two nodes that seal at the same time, both want the same number and mark the same
//! rows, so one is contended. A lock keeps it from doing the work in vain.
//! INVARIANT: these functions write digests and marks without a permit and without an event. An
//! event about each digest would need the next digest, without end.

use model::Fault;

use crate::digest::{Digest, End, NEW_EVENTS_MAX, NO_HASH, OF_CONTENTS, OF_PROOFS, end, hash};
use crate::engine::Engine;
use crate::logged_event::{event_columns, found, has_readable_id};
use crate::row::{Value, text};
use crate::signals::Changes;
use crate::{AuditRecord, Db, FoundEvent, Lease, LoggedEvent, UnreadableEvent, audit};

/// Digest number of a row that sealing refused. No digest has it, so that verification finds the row.
pub const SET_ASIDE: i64 = -1;

/// Time that an event without a MAC waits for the node of an earlier version that wrote it and that
/// seals within a minute, in milliseconds. Later it is set aside.
pub const EARLIER_VERSION_WAIT_MS: i64 = 15 * 60 * 1000;

/// Number of the lock that a node holds while it seals.
const LOCK: i64 = 7_672_872;

/// Result of one step of sealing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Sealed {
    pub digest: Option<Digest>,
    /// Ids of the rows that were set aside, because this server did not write them as they are.
    pub set_aside: Vec<String>,
    /// True if more events may wait.
    pub has_more: bool,
    pub obstacle: Option<Obstacle>,
}

impl Sealed {
    /// Result of a step that is rolled back, because the database marked other rows than those of its digest.
    fn unmarked(digest: &Digest) -> Self {
        let obstacle = Some(Obstacle::OtherMarks { number: digest.number });
        Self { obstacle, ..Self::default() }
    }
}

/// What is in the way of a digest, and no server leaves there: a row at the end of the digests, or the table itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Obstacle {
    /// It cannot be read. Sealing goes on behind it, from the newest digest that can be read.
    Unreadable { number: i64 },
    /// It has the highest number there is. Sealing stands still until it is removed.
    NoNumberLeft,
    /// The database marked other events than those of the digest `number`, so nothing was sealed. Its table is not
    /// the one that a server makes, or a trigger is on it.
    OtherMarks { number: i64 },
}

impl Obstacle {
    fn at(end: &End) -> Option<Self> {
        if end.number == i64::MAX {
            Some(Self::NoNumberLeft)
        } else {
            end.is_unreadable().then_some(Self::Unreadable { number: end.number })
        }
    }
}

/// Signs the hash of a digest.
pub type Sign<'a> = &'a dyn Fn(&[u8; 32]) -> [u8; 64];

impl Db {
    /// Sets aside all unsealed rows whose id is none of a server. Returns their number.
    pub fn set_odd_aside(&self) -> Result<u64, Fault> {
        let mut lease = self.lease_on_snapshot()?;
        let sql = concat!(
            "UPDATE audit_event SET digest = $1 WHERE digest = 0 AND (id IS NULL OR NOT (",
            has_readable_id!(),
            "))"
        );
        let count = lease.engine()?.execute(sql, &[SET_ASIDE.into()])?;
        if count > 0 {
            lease.commit(Changes::default(), self.signals())?;
        }
        Ok(count)
    }

    /// Sets aside the unsealed events without a MAC that no node of an earlier version will seal any more, at most
    /// [`NEW_EVENTS_MAX`]. Returns their ids.
    pub fn set_abandoned_aside(&self, now_ms: i64) -> Result<Vec<String>, Fault> {
        let mut lease = self.lease_on_snapshot()?;
        let engine = lease.engine()?;
        let abandoned = list_abandoned(engine, now_ms)?;
        let set_aside = set_aside(engine, abandoned)?;
        if !set_aside.is_empty() {
            lease.commit(Changes::default(), self.signals())?;
        }
        Ok(set_aside)
    }

    /// Seals the oldest unsealed events, at most [`NEW_EVENTS_MAX`], and sets aside those among them
    /// whose MAC is wrong. `Contended` if another node is sealing.
    pub fn seal_events(&self, now_ms: i64, sign: Sign<'_>) -> Result<Sealed, Fault> {
        let mut lease = self.lease_on_snapshot()?;
        let engine = lease.engine()?;
        require_lock(engine)?;
        let sql = concat!(
            "SELECT ",
            event_columns!(),
            " FROM audit_event WHERE digest = 0 AND sequence > 0 AND ",
            has_readable_id!(),
            "
            ORDER BY id
            LIMIT $1"
        );
        let rows = engine.query(sql, &[i64::from(NEW_EVENTS_MAX).into()], found)?;
        let has_more = rows.len() >= usize::from(NEW_EVENTS_MAX);
        let (events, others) = split(rows, |event| self.proves(event));
        let set_aside = set_aside(engine, others)?;
        let (mut digest, mut obstacle) = (None, None);
        if let Some(last) = events.last() {
            let end = end(engine)?;
            obstacle = Obstacle::at(&end);
            if obstacle == Some(Obstacle::NoNumberLeft) {
                return self.end_step(lease, Sealed { set_aside, obstacle, ..Sealed::default() });
            }
            let new = insert(engine, end, OF_PROOFS, &events, now_ms, sign)?;
            let sql = concat!(
                "UPDATE audit_event SET digest = $1
                WHERE digest = 0 AND sequence > 0 AND id <= $2 AND ",
                has_readable_id!()
            );
            let marked = engine.execute(sql, &[new.number.into(), text(&last.id)])?;
            if !new.has_count(marked) {
                return Ok(Sealed::unmarked(&new));
            }
            digest = Some(new);
        }
        self.end_step(lease, Sealed { digest, set_aside, has_more, obstacle })
    }

    /// Seals the oldest events that an earlier version left unsealed, at most [`NEW_EVENTS_MAX`]. They
    /// have no MAC. Does nothing once a digest of events with MACs exists, because from then on
    /// anybody who can write to the database could have added them.
    pub fn seal_earlier_events(&self, now_ms: i64, sign: Sign<'_>) -> Result<Sealed, Fault> {
        let mut lease = self.lease_on_snapshot()?;
        let engine = lease.engine()?;
        let sql = "SELECT number FROM audit_digest WHERE format <> $1
            ORDER BY number DESC
            LIMIT 1";
        if !engine.query(sql, &[OF_CONTENTS.into()], |_| Ok(()))?.is_empty() {
            return Ok(Sealed::default());
        }
        let sql = concat!(
            "SELECT ",
            event_columns!(),
            " FROM audit_event WHERE digest = 0 AND sequence = 0 AND ",
            has_readable_id!(),
            "
            ORDER BY id
            LIMIT $1"
        );
        let rows = engine.query(sql, &[i64::from(NEW_EVENTS_MAX).into()], found)?;
        let has_more = rows.len() >= usize::from(NEW_EVENTS_MAX);
        let (events, others) = split(rows, LoggedEvent::is_of_earlier_version);
        let set_aside = set_aside(engine, others)?;
        let mut digest = None;
        if let Some(last) = events.last() {
            let end = end(engine)?;
            let new = insert(engine, end, OF_CONTENTS, &events, now_ms, sign)?;
            let sql = concat!(
                "UPDATE audit_event SET digest = $1
                WHERE digest = 0 AND sequence = 0 AND id <= $2 AND ",
                has_readable_id!()
            );
            let marked = engine.execute(sql, &[new.number.into(), text(&last.id)])?;
            if !new.has_count(marked) {
                return Ok(Sealed::unmarked(&new));
            }
            digest = Some(new);
        }
        self.end_step(lease, Sealed { digest, set_aside, has_more, obstacle: None })
    }

    fn end_step(&self, lease: Lease<'_>, sealed: Sealed) -> Result<Sealed, Fault> {
        if sealed.digest.is_none() && sealed.set_aside.is_empty() {
            // A step that changed nothing would find the same rows again.
            return Ok(Sealed { has_more: false, ..sealed });
        }
        lease.commit(Changes::default(), self.signals())?;
        Ok(sealed)
    }

    /// Writes at most [`NEW_EVENTS_MAX`] events without a transaction, in a digest of their own.
    /// Returns when they are on disk. `Contended` if another node is sealing.
    pub fn record_sealed(
        &self,
        records: &[AuditRecord],
        now_ms: i64,
        sign: Sign<'_>,
    ) -> Result<Digest, Fault> {
        let mut actor = None;
        let columns = records.iter().map(|record| audit::columns(record, &mut actor));
        let mut events: Vec<LoggedEvent> = columns.collect::<Result<_, _>>()?;
        events.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        let mut lease = self.lease_on_snapshot()?;
        let engine = lease.engine()?;
        require_lock(engine)?;
        for event in &mut events {
            engine.lane().place(event);
        }
        let end = end(engine)?;
        if Obstacle::at(&end).is_some() {
            // Sealing tells of it. These events are written unsealed.
            return Err(Fault::Contended);
        }
        let new = insert(engine, end, OF_PROOFS, &events, now_ms, sign)?;
        for event in events {
            audit::insert(engine, LoggedEvent { digest: new.number, ..event })?;
        }
        lease.commit(Changes::default(), self.signals())?;
        Ok(new)
    }
}

/// Takes the lock of sealing until the transaction ends.
fn require_lock(engine: &mut Engine) -> Result<(), Fault> {
    if engine.try_lock(LOCK)? { Ok(()) } else { Err(Fault::Contended) }
}

/// Splits rows into the events that may be sealed and the ids of the others.
fn split(
    rows: Vec<FoundEvent>,
    may_be_sealed: impl Fn(&LoggedEvent) -> bool,
) -> (Vec<LoggedEvent>, Vec<String>) {
    let (mut events, mut others) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        match row {
            Ok(event) if may_be_sealed(&event) => events.push(event),
            Ok(event) => others.push(event.id),
            Err(UnreadableEvent { id, .. }) => others.push(id),
        }
    }
    (events, others)
}

/// Takes rows out of the queue of unsealed events. Returns the ids of those that were taken.
fn set_aside(engine: &mut Engine, ids: Vec<String>) -> Result<Vec<String>, Fault> {
    let mut taken = Vec::new();
    for id in ids {
        let sql = "UPDATE audit_event SET digest = $1 WHERE id = $2 AND digest = 0";
        if engine.execute(sql, &[SET_ASIDE.into(), text(&id)])? > 0 {
            taken.push(id);
        }
    }
    Ok(taken)
}

/// Lists unsealed events without a MAC that no node of an earlier version will seal any more.
fn list_abandoned(engine: &mut Engine, now_ms: i64) -> Result<Vec<String>, Fault> {
    let sql = concat!(
        "SELECT id FROM audit_event
        WHERE digest = 0 AND sequence <= 0 AND (at_ms < $1 OR at_ms > $2) AND ",
        has_readable_id!(),
        "
        ORDER BY id
        LIMIT $3"
    );
    let wait = EARLIER_VERSION_WAIT_MS;
    let values = [(now_ms - wait).into(), (now_ms + wait).into(), i64::from(NEW_EVENTS_MAX).into()];
    engine.query(sql, &values, |row| row.text("id").map(str::to_owned))
}

/// Writes the digest of these events, in the order of their ids, behind the end of the digests.
fn insert(
    engine: &mut Engine,
    end: End,
    format: i64,
    events: &[LoggedEvent],
    now_ms: i64,
    sign: Sign<'_>,
) -> Result<Digest, Fault> {
    let before_hash = end.digest.map_or(NO_HASH, |digest| digest.hash);
    let number = end
        .number
        .checked_add(1)
        .ok_or_else(|| Fault::broken("the newest digest has the highest number there is"))?;
    let hash = hash(format, &before_hash, number, now_ms, events);
    let event_count = i64::try_from(events.len())
        .map_err(|why| Fault::broken_at("counting the events of a digest", why))?;
    let signature = sign(&hash);
    let sql = "INSERT INTO audit_digest
            (number, sealed_at_ms, event_count, hash, signature, format)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING";
    let values = [
        number.into(),
        now_ms.into(),
        event_count.into(),
        Value::from(hash.as_slice()),
        Value::from(signature.as_slice()),
        format.into(),
    ];
    if engine.execute(sql, &values)? == 0 {
        // Another node inserted this number first.
        return Err(Fault::Contended);
    }
    Ok(Digest { number, sealed_at_ms: now_ms, event_count, hash, signature, format })
}
