//! Files of the audit archive: which digests have their events in a file, and how far each move is.
//!
//! INVARIANT: the files cover the digests from the oldest one on without a gap, and only the newest file is being
//! written or moved. A digest that is not as it was sealed stays in the database, with an entry of its own.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use model::Fault;

use crate::column::{json, parse_json};
use crate::row::text;
use crate::{Read, Row, Tx, Value};

macro_rules! archive_columns {
    () => {
        "first_digest, last_digest, name, state, event_count, lowest_id, highest_id, sealed_at_ms"
    };
}

/// File of the archive, by the digests whose events are in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ArchiveFile {
    pub first_digest: i64,
    pub last_digest: i64,
    /// Path below the folder of the archive; empty if the digests stay in the database.
    pub name: String,
    pub state: ArchiveState,
    pub event_count: i64,
    pub lowest_id: String,
    pub highest_id: String,
    /// When its last digest was sealed.
    pub sealed_at_ms: i64,
}

/// How far a move is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ArchiveState {
    /// The file may be missing or incomplete. The events are in the database.
    Writing,
    /// The file is complete. Rows of its events may still be in the database.
    Moving,
    /// Only the file has the events.
    Moved,
    /// The digest stays in the database, because it is not as it was sealed.
    Left,
    /// The events are too old to be kept, and the file may be gone.
    Removing,
}

impl ArchiveState {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Writing, "WRITING"),
        (Self::Moving, "MOVING"),
        (Self::Moved, "MOVED"),
        (Self::Left, "LEFT"),
        (Self::Removing, "REMOVING"),
    ];
}

impl fmt::Display for ArchiveState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = Self::ALL.iter().find(|(state, _)| state == self);
        f.write_str(named.map_or("", |(_, name)| name))
    }
}

impl FromStr for ArchiveState {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.iter().find(|(_, name)| *name == text);
        named.map(|(state, _)| *state).ok_or("be a state of a file of the archive")
    }
}

/// Claim of a server on a move.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    pub holder: &'a str,
    pub now_ms: i64,
    /// Claims of others from before this moment have ended.
    pub stale_before_ms: i64,
}

/// Finds the newest file.
pub fn find_newest(read: &mut Read<'_>) -> Result<Option<ArchiveFile>, Fault> {
    let sql = concat!(
        "SELECT ",
        archive_columns!(),
        " FROM audit_archive ORDER BY first_digest DESC LIMIT 1"
    );
    read.query_one(sql, &[], file)
}

/// Finds the file that has a digest, or the entry of one that stays.
pub fn find_of_digest(read: &mut Read<'_>, number: i64) -> Result<Option<ArchiveFile>, Fault> {
    let sql = concat!(
        "SELECT ",
        archive_columns!(),
        " FROM audit_archive WHERE first_digest <= $1 ORDER BY first_digest DESC LIMIT 1"
    );
    let found = read.query_one(sql, &[number.into()], file)?;
    Ok(found.filter(|file| file.last_digest >= number))
}

/// Lists files, oldest first: at most `limit` after the one that begins with the digest `after`.
pub fn list(read: &mut Read<'_>, after: i64, limit: i64) -> Result<Vec<ArchiveFile>, Fault> {
    let sql = concat!(
        "SELECT ",
        archive_columns!(),
        " FROM audit_archive WHERE first_digest > $1 ORDER BY first_digest LIMIT $2"
    );
    read.query(sql, &[after.into(), limit.into()], file)
}

/// Adds a file. Returns false if another server added one that begins with the same digest.
pub fn insert(tx: &mut Tx<'_>, file: &ArchiveFile, claim: Claim<'_>) -> Result<bool, Fault> {
    let sql = "INSERT INTO audit_archive
            (first_digest, last_digest, name, state, event_count, lowest_id, highest_id, sealed_at_ms,
             claimed_by, claimed_at_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT DO NOTHING";
    let values = [
        file.first_digest.into(),
        file.last_digest.into(),
        text(&file.name),
        text(&file.state),
        file.event_count.into(),
        text(&file.lowest_id),
        text(&file.highest_id),
        file.sealed_at_ms.into(),
        text(claim.holder),
        claim.now_ms.into(),
    ];
    Ok(tx.execute(sql, &values)? == 1)
}

/// Takes the move of a file over, or renews the claim on it. Returns false if another server has it.
pub fn claim(tx: &mut Tx<'_>, first_digest: i64, claim: Claim<'_>) -> Result<bool, Fault> {
    let sql = "UPDATE audit_archive SET claimed_by = $2, claimed_at_ms = $3
        WHERE first_digest = $1 AND (claimed_by = $2 OR claimed_at_ms < $4)";
    let values = [
        first_digest.into(),
        text(claim.holder),
        claim.now_ms.into(),
        claim.stale_before_ms.into(),
    ];
    Ok(tx.execute(sql, &values)? == 1)
}

/// Writes down how far the move of a file is, if it still is at `before`.
pub fn update(tx: &mut Tx<'_>, before: ArchiveState, file: &ArchiveFile) -> Result<bool, Fault> {
    let sql = "UPDATE audit_archive
        SET last_digest = $3, name = $4, state = $5, event_count = $6, lowest_id = $7, highest_id = $8,
            sealed_at_ms = $9
        WHERE first_digest = $1 AND state = $2";
    let values = [
        file.first_digest.into(),
        text(&before),
        file.last_digest.into(),
        text(&file.name),
        text(&file.state),
        file.event_count.into(),
        text(&file.lowest_id),
        text(&file.highest_id),
        file.sealed_at_ms.into(),
    ];
    Ok(tx.execute(sql, &values)? == 1)
}

/// Removes the entry of a file.
pub fn delete(tx: &mut Tx<'_>, first_digest: i64) -> Result<(), Fault> {
    let sql = "DELETE FROM audit_archive WHERE first_digest = $1";
    tx.write(sql, &[first_digest.into()])
}

/// Deletes the row of an event that a file has.
pub fn delete_event(tx: &mut Tx<'_>, id: &str, digest: i64) -> Result<(), Fault> {
    let sql = "DELETE FROM audit_event WHERE id = $1 AND digest = $2";
    tx.write(sql, &[text(id), digest.into()])
}

/// Deletes at most `limit` events of digests up to a number. Returns how many.
pub fn delete_events(tx: &mut Tx<'_>, until: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM audit_event WHERE id IN (
            SELECT id FROM audit_event WHERE digest > 0 AND digest <= $1 ORDER BY digest, id LIMIT $2)";
    tx.execute(sql, &[until.into(), limit.into()])
}

/// Deletes at most `limit` digests up to a number. Returns how many.
pub fn delete_digests(tx: &mut Tx<'_>, until: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM audit_digest WHERE number IN (
            SELECT number FROM audit_digest WHERE number > 0 AND number <= $1 ORDER BY number LIMIT $2)";
    tx.execute(sql, &[until.into(), limit.into()])
}

fn file(row: &Row) -> Result<ArchiveFile, Fault> {
    Ok(ArchiveFile {
        first_digest: row.integer("first_digest")?,
        last_digest: row.integer("last_digest")?,
        name: row.text("name")?.to_owned(),
        state: row.parse("state")?,
        event_count: row.integer("event_count")?,
        lowest_id: row.text("lowest_id")?.to_owned(),
        highest_id: row.text("highest_id")?.to_owned(),
        sealed_at_ms: row.integer("sealed_at_ms")?,
    })
}

/// Beginning of a log whose oldest files were removed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Beginning {
    /// The last digest that was removed.
    pub number: i64,
    /// Its hash, which the next digest covers.
    pub hash: [u8; 32],
    /// The highest id of an event that was removed.
    pub highest_id: String,
    /// The highest number that was removed of each writer in the last file. Numbers below it can be of digests that stay.
    pub lanes: BTreeMap<String, i64>,
    /// Ed25519 over [`Beginning::bytes`].
    pub signature: [u8; 64],
}

impl Beginning {
    /// Returns the bytes that the signature covers.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"portico audit beginning 1\0".to_vec();
        bytes.extend(self.number.to_be_bytes());
        bytes.extend(self.hash);
        let mut add = |text: &str| {
            bytes.extend((text.len() as u64).to_be_bytes());
            bytes.extend(text.as_bytes());
        };
        add(&self.highest_id);
        for (writer, number) in &self.lanes {
            add(writer);
            add(&number.to_string());
        }
        bytes
    }
}

/// Finds the beginning of the log, if its oldest files were removed.
pub fn find_beginning(read: &mut Read<'_>) -> Result<Option<Beginning>, Fault> {
    let sql = "SELECT number, hash, highest_id, lanes, signature FROM audit_beginning
        ORDER BY number DESC LIMIT 1";
    read.query_one(sql, &[], |row| {
        Ok(Beginning {
            number: row.integer("number")?,
            hash: row.byte_array("hash")?,
            highest_id: row.text("highest_id")?.to_owned(),
            lanes: parse_json(row, "lanes", "reading the lanes of a beginning")?,
            signature: row.byte_array("signature")?,
        })
    })
}

/// Writes down another beginning.
pub fn put_beginning(tx: &mut Tx<'_>, beginning: &Beginning) -> Result<(), Fault> {
    tx.execute("DELETE FROM audit_beginning", &[])?;
    let sql = "INSERT INTO audit_beginning (number, hash, highest_id, lanes, signature)
        VALUES ($1, $2, $3, $4, $5)";
    let values = [
        beginning.number.into(),
        Value::from(beginning.hash.as_slice()),
        text(&beginning.highest_id),
        json(&beginning.lanes, "writing the lanes of a beginning")?,
        Value::from(beginning.signature.as_slice()),
    ];
    tx.write(sql, &values)
}
