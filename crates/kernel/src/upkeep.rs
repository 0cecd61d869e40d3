//! Periodic maintenance of a server, every second and every minute.

use std::sync::Arc;

use model::{AuditEvent, Fault};
use policy::Caller;
use protocol::timestamp;
use store::{AuditRecord, digest};

use crate::audit::{error, keep, seal};
use crate::hash_renewal::seal_hashes;
use crate::health::clock_complaint;
use crate::journal::Taken;
use crate::renewal::{renew_copies, renew_likenesses};
use crate::sessions::sweep::sweep;
use crate::sessions::uses::write_uses;
use crate::strangers::{LeftOut, REJECTED_CREDENTIALS, StrangerKind};
use crate::unwinding::contained;
use crate::{Portico, RequestInfo};

/// Minimum number of events that are sealed when they are written. Fewer events are sealed within a
/// minute, to avoid many small digests.
const SEALED_AT_ONCE_MIN: usize = 100;

/// Writes the buffered events. Events that cannot be written stay buffered.
pub fn flush_journal(portico: &Portico) -> Result<(), Fault> {
    let now_ms = portico.clock.now_ms();
    note_left_out(portico, portico.strangers.take_ended(now_ms));
    note_beyond(portico, now_ms, false);
    let Taken { records, left_out, has_failed } = portico.journal.take();
    let summary = (left_out > 0).then(|| {
        let event = AuditEvent::new().asked("kind", "FULL_JOURNAL");
        leave_out(portico, &Portico::itself(), event.answered("eventsLeftOut", left_out))
    });
    let mut rest = records.into_iter().chain(summary);
    loop {
        let run: Vec<AuditRecord> =
            rest.by_ref().take(usize::from(digest::NEW_EVENTS_MAX)).collect();
        if run.is_empty() {
            return Ok(());
        }
        let written = if has_failed { record_again(portico, &run) } else { record(portico, &run) };
        if let Err(fault) = written {
            portico.journal.put_back(run.into_iter().chain(rest));
            return Err(fault);
        }
    }
}

/// Buffers the events that tell what strangers and holders of rejected credentials did so far beyond their budgets. A server that stops
/// calls this before it writes the buffered events.
pub fn note_all_left_out(portico: &Portico) {
    let now_ms = portico.clock.now_ms();
    note_left_out(portico, portico.strangers.take_all(now_ms));
    note_beyond(portico, now_ms, true);
}

fn note_left_out(portico: &Portico, left_out: Vec<(StrangerKind, LeftOut)>) {
    for (kind, left_out) in left_out {
        let event = AuditEvent::new()
            .asked("kind", kind.as_str())
            .asked("from", timestamp::rfc_3339(left_out.from_ms))
            .asked("to", timestamp::rfc_3339(left_out.to_ms))
            .answered("eventsLeftOut", left_out.count)
            .answered_list("loudestAddresses", left_out.loudest_addresses)
            .answered_list("loudestNetworks", left_out.loudest_networks);
        portico.journal.note(leave_out(portico, &Portico::itself(), event));
    }
}

fn note_beyond(portico: &Portico, now_ms: i64, is_last: bool) {
    for beyond in portico.strangers.rejected().take(now_ms, is_last) {
        let event = AuditEvent::new()
            .asked("kind", REJECTED_CREDENTIALS)
            .asked("from", timestamp::rfc_3339(beyond.from_ms))
            .asked("to", timestamp::rfc_3339(now_ms))
            .answered("eventsLeftOut", beyond.count);
        let caller = beyond.caller.unwrap_or_else(Portico::itself);
        portico.journal.note(leave_out(portico, &caller, event));
    }
}

/// Makes an event that tells how many others of a caller were left out. Those of strangers are Portico's.
fn leave_out(portico: &Portico, caller: &Arc<Caller>, event: AuditEvent) -> AuditRecord {
    let random = &*portico.random;
    let stamp = RequestInfo::own(random).stamp(portico.clock.now_ms(), random);
    let error = Some(error::written(&Fault::Busy));
    let (action, resource) = ("portico:LeaveOut", "*".to_owned());
    AuditRecord::new(caller, stamp, action, resource, error, event)
}

/// Writes events of which the database may have kept some. A commit whose outcome was not told, because the
/// connection ended, may have taken effect.
fn record_again(portico: &Portico, run: &[AuditRecord]) -> Result<(), Fault> {
    let left = portico.db.without_recorded(run.to_vec())?;
    if left.is_empty() { Ok(()) } else { record(portico, &left) }
}

fn record(portico: &Portico, run: &[AuditRecord]) -> Result<(), Fault> {
    if run.len() >= SEALED_AT_ONCE_MIN {
        match seal::record_sealed(portico, run) {
            // Another node made a digest at the same time. The next digest seals these events.
            Err(Fault::Contended) => {}
            sealed => return sealed,
        }
    }
    portico.db.record(run)
}

/// Runs the work of every second: seals events if there are too many to wait for the minute, writes
/// which sessions were used, and keeps the head of the log.
pub fn every_second(portico: &Portico) -> Result<(), Fault> {
    portico.journal.begin_second();
    run_each(&[
        ("sealing of many audit events", &|| seal::seal_if_many(portico)),
        ("uses of sessions", &|| write_uses(portico)),
        ("the head of the audit log", &|| keep::every_second(portico)),
    ])
}

/// Runs the work of every minute.
pub fn every_minute(portico: &Portico) -> Result<(), Fault> {
    if let Some(complaint) = clock_complaint(portico) {
        tracing::warn!("{complaint}");
    }
    run_each(&[
        ("removal of what has expired", &|| sweep(portico).map(drop)),
        ("sealing of audit events", &|| seal::seal_due(portico)),
        ("rotation of keys", &|| {
            portico.keys.keep_fresh(&portico.db, &*portico.random, portico.clock.now_ms())
        }),
        ("renewal of copies", &|| renew_copies(portico).map(drop)),
        ("renewal of likenesses", &|| renew_likenesses(portico).map(drop)),
        ("sealing of password hashes", &|| seal_hashes(portico).map(drop)),
        ("comparison of the audit log", &|| keep::every_minute(portico)),
    ])
}

/// Name of a duty, and its work.
pub type Duty<'a> = (&'static str, &'a dyn Fn() -> Result<(), Fault>);

/// Runs all duties in this order, also after one has failed or panicked, and logs each failure. Returns the first fault.
pub fn run_each(duties: &[Duty<'_>]) -> Result<(), Fault> {
    let mut first = Ok(());
    for (duty, work) in duties {
        let outcome = contained(*work);
        if let Err(fault) = &outcome
            // The store tells of an outage, once.
            && !matches!(fault, Fault::Unavailable(_))
        {
            tracing::error!(duty, ?fault, "a duty of upkeep failed; it is tried again");
        }
        first = first.and(outcome);
    }
    first
}
