//! Journal: a bounded buffer of audit events that belong to no transaction.
//!
//! Events of reads and of unauthenticated requests are buffered for up to a second and written as
//! one batch. Refusals of authenticated callers are on disk before the answer.
//! INVARIANT: the buffer and the number of events per second are bounded. Events of unauthenticated
//! callers have a bound of their own and take no place of the others; `strangers` bounds them by hour
//! and by day. Dropped events are counted, and the count is written as an event.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::{AuditRecord, digest};

/// Maximum number of buffered events of known callers, and of their events per second.
pub const WAITING_MAX: usize = 50_000;

/// Maximum number of buffered events of unauthenticated callers: about an hour of their budgets, for the
/// time in which the database does not answer.
pub const STRANGERS_MAX: usize = 1_000;

/// Number of buffered events that triggers a flush: they fill some digests.
const RUN: usize = digest::EVENTS_MAX as usize;

/// Buffer of events.
#[derive(Debug, Default)]
pub struct Journal {
    waiting: Mutex<Waiting>,
    /// Notified when the flushing thread should not wait any longer.
    due: Condvar,
}

/// Buffered events, to be written.
#[derive(Debug)]
pub struct Taken {
    pub records: Vec<AuditRecord>,
    /// Number of dropped events.
    pub left_out: u64,
    /// True if some of the events were given to the database before, which may have kept them.
    pub has_failed: bool,
}

#[derive(Debug, Default)]
struct Waiting {
    records: Vec<AuditRecord>,
    /// Number of buffered events of unauthenticated callers.
    of_strangers: usize,
    /// Number of events of known callers in the current second.
    this_second: usize,
    left_out: u64,
    /// True after a failed flush. The next flush is not due early.
    failing: bool,
    closing: bool,
}

impl Journal {
    /// Buffers an event until the next flush.
    pub fn note(&self, record: AuditRecord) {
        let mut waiting = self.waiting();
        let has_room = if record.is_strangers() {
            waiting.of_strangers < STRANGERS_MAX
        } else {
            waiting.this_second.max(waiting.of_known()) < WAITING_MAX
        };
        if !has_room {
            waiting.left_out += 1;
            return;
        }
        if record.is_strangers() {
            waiting.of_strangers += 1;
        } else {
            waiting.this_second += 1;
        }
        waiting.records.push(record);
        if waiting.records.len() == RUN {
            self.due.notify_one();
        }
    }

    /// Waits until many events are buffered or `close` is called, for at most `patience`.
    pub fn wait(&self, patience: Duration) {
        let early = |waiting: &mut Waiting| {
            (waiting.records.len() < RUN || waiting.failing) && !waiting.closing
        };
        let waited = self.due.wait_timeout_while(self.waiting(), patience, early);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Wakes the flushing thread and ends all later waits at once.
    pub fn close(&self) {
        self.waiting().closing = true;
        self.due.notify_one();
    }

    /// Resets the count of the current second.
    pub fn begin_second(&self) {
        self.waiting().this_second = 0;
    }

    /// Takes the buffered events.
    pub fn take(&self) -> Taken {
        let mut waiting = self.waiting();
        waiting.of_strangers = 0;
        Taken {
            records: std::mem::replace(&mut waiting.records, Vec::with_capacity(RUN)),
            left_out: std::mem::take(&mut waiting.left_out),
            has_failed: std::mem::take(&mut waiting.failing),
        }
    }

    /// Puts back events that could not be written, for the next flush.
    pub fn put_back(&self, records: impl Iterator<Item = AuditRecord>) {
        let mut waiting = self.waiting();
        waiting.failing = true;
        let room = (WAITING_MAX + STRANGERS_MAX).saturating_sub(waiting.records.len());
        for record in records.take(room) {
            waiting.of_strangers += usize::from(record.is_strangers());
            waiting.records.push(record);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Number of buffered events of known callers.
    fn of_known(&self) -> usize {
        self.records.len().saturating_sub(self.of_strangers)
    }
}
