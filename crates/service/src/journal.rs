//! Audit events that belong to no transaction of an operation.
//!
//! Plain reads and the knocking of strangers wait here for up to a second and are written together;
//! refusals of known callers are on disk before the answer.
//! INVARIANT: what waits is bounded. When strangers make more events than fit, the rest are counted,
//! and the count is written as an event, so that nobody can fill the disk or hide among noise.

use std::sync::{Mutex, PoisonError};

use model::{AuditEvent, Fault};
use store::{AuditRecord, Db};

/// Events that may wait. At a flush a second this is also the most a second can leave.
const WAITING_MAX: usize = 50_000;

/// The events that wait.
#[derive(Debug, Default)]
pub struct Journal {
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    records: Vec<AuditRecord>,
    left_out: u64,
}

impl Journal {
    /// Keeps an event until the next flush.
    pub fn note(&self, record: AuditRecord) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.records.len() < WAITING_MAX {
            waiting.records.push(record);
        } else {
            waiting.left_out += 1;
        }
    }

    /// Writes what waits. What cannot be written waits on.
    pub fn flush(
        &self,
        db: &Db,
        summary: impl FnOnce(AuditEvent) -> AuditRecord,
    ) -> Result<(), Fault> {
        let Waiting { mut records, left_out } =
            std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        if left_out > 0 {
            records.push(summary(AuditEvent::new().answered("eventsLeftOut", left_out)));
        }
        if records.is_empty() {
            return Ok(());
        }
        let written = db.record(&records);
        if written.is_err() {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let room = WAITING_MAX.saturating_sub(waiting.records.len());
            waiting.records.extend(records.into_iter().take(room));
        }
        written
    }
}
