//! Removes files of the archive that are older than the log is kept, oldest first.
//!
//! The log then begins behind the last digest that was removed, whose number and hash are signed: nobody else can let
//! it begin later. A kill at any point leaves an entry that says what is still to be done.

use std::collections::BTreeMap;

use ed25519_dalek::Signer;
use model::{AuditEvent, Fault};
use store::archive::{self, ArchiveFile, ArchiveState, Beginning};
use store::{Read, Tx, digest, forward};

use super::Stopping;
use super::due::DIGESTS_MAX;
use crate::Portico;
use crate::audit::archived::{Archived, Found};
use crate::steps::Steps;

/// Maximum number of rows that are deleted in a transaction. On SQLite all other writers wait for it.
const ROWS_AT_ONCE: i64 = 200;

/// Deletes at most some number of rows up to a digest.
type Delete = fn(&mut Tx<'_>, i64, i64) -> Result<u64, Fault>;

/// Removes all files that are too old, until none is left or the process ends.
pub fn remove_due(portico: &Portico, stopping: Stopping<'_>) -> Result<(), Fault> {
    if !portico.archive.is_there() {
        return Ok(());
    }
    let steps = Steps::new(portico, "portico:RemoveAudit");
    while !stopping() {
        match steps.read(|read| archive::list(read, 0, 1))?.pop() {
            Some(file) if file.state == ArchiveState::Removing => remove(steps, &file)?,
            Some(file) if is_due(portico, &file) => begin(steps, &file)?,
            Some(_) | None => break,
        }
    }
    Ok(())
}

fn is_due(portico: &Portico, file: &ArchiveFile) -> bool {
    let is_at_rest = match file.state {
        ArchiveState::Moved | ArchiveState::Left => true,
        ArchiveState::Writing | ArchiveState::Moving | ArchiveState::Removing => false,
    };
    let oldest_ms = portico.settings.audit_keep_ms.map(|keep_ms| portico.clock.now_ms() - keep_ms);
    is_at_rest && oldest_ms.is_some_and(|oldest_ms| file.sealed_at_ms <= oldest_ms)
}

/// Writes down that the log begins behind a file. From then on its events are no longer part of the log.
fn begin(steps: Steps<'_>, file: &ArchiveFile) -> Result<(), Fault> {
    let lanes = lanes_of(steps.portico, file);
    let missed = steps.read(|read| missed(steps.portico, read, file.last_digest))?;
    let removing = ArchiveFile { state: ArchiveState::Removing, ..file.clone() };
    let is_done = steps.commit(|tx| {
        if !archive::update(tx, file.state, &removing)? {
            return Ok(None);
        }
        let Some(Ok(last)) = digest::find(tx, file.last_digest)? else {
            return Err(Fault::Broken(format!(
                "digest {} of the audit log is missing or cannot be read, so no older events are removed: run \
                 `portico audit verify`",
                file.last_digest
            )));
        };
        let before = archive::find_beginning(tx)?.map_or(String::new(), |it| it.highest_id);
        let mut beginning = Beginning {
            number: last.number,
            hash: last.hash,
            highest_id: before.max(file.highest_id.clone()),
            lanes: lanes.clone(),
            signature: [0; 64],
        };
        beginning.signature = steps.portico.keys.audit().sign(&beginning.bytes()).to_bytes();
        archive::put_beginning(tx, &beginning)?;
        let event = AuditEvent::new()
            .asked("firstDigest", file.first_digest)
            .asked("lastDigest", file.last_digest)
            .answered("file", &file.name)
            .answered("events", file.event_count);
        let targets = missed.iter().map(|(target, events)| format!("{target}: {events}"));
        Ok(Some(event.answered_list("missedByTargets", targets)))
    })?;
    if is_done {
        let (file, events) = (&file.name, file.event_count);
        tracing::info!(file, events, "audit events are older than the log is kept: removing them");
        for (target, events) in missed {
            steps.portico.watch.add_findings(1);
            tracing::error!(
                target_name = target,
                events,
                "audit events were removed for their age before a target of --audit-forward had taken them"
            );
        }
    }
    Ok(())
}

/// Returns the targets that have not taken all events up to a digest, with the number of those that they lack.
fn missed(portico: &Portico, read: &mut Read<'_>, until: i64) -> Result<Vec<(String, i64)>, Fault> {
    let mut missed = Vec::new();
    for target in &portico.settings.audit_forward {
        let taken = forward::find(read, target)?.map_or(0, |found| found.digest);
        let events = forward::backlog(read, taken, until, DIGESTS_MAX)?.events;
        if events > 0 {
            missed.push((target.clone(), events));
        }
    }
    Ok(missed)
}

/// Returns the highest number of each writer in a file. What cannot be read has none.
fn lanes_of(portico: &Portico, file: &ArchiveFile) -> BTreeMap<String, i64> {
    let mut lanes: BTreeMap<String, i64> = BTreeMap::new();
    if file.state == ArchiveState::Left {
        return lanes;
    }
    let mut archived = Archived::new(portico);
    for number in file.first_digest..=file.last_digest {
        let Found::Block(block) = archived.read(file, number) else { break };
        for event in block.events.into_iter().filter(|event| event.sequence > 0) {
            let last = lanes.entry(event.writer).or_default();
            *last = event.sequence.max(*last);
        }
    }
    lanes
}

/// Removes the file, then the rows of its digests, and last the entry.
fn remove(steps: Steps<'_>, file: &ArchiveFile) -> Result<(), Fault> {
    let archive = &steps.portico.archive;
    if !file.name.is_empty() {
        let removed = archive.remove(&file.name);
        removed.map_err(|why| Fault::Broken(format!("{}: {why}", archive.shown(&file.name))))?;
    }
    let deletes: [Delete; 2] = [archive::delete_events, archive::delete_digests];
    for delete in deletes {
        while steps.commit_silently(|tx| delete(tx, file.last_digest, ROWS_AT_ONCE))? > 0 {}
    }
    steps.commit_silently(|tx| archive::delete(tx, file.first_digest))
}
