//! Audit events that belong to no transaction of an operation.
//!
//! Plain reads and the knocking of strangers wait here for up to a second and are written together;
//! refusals of known callers are on disk before the answer.
//! INVARIANT: what waits is bounded, and so is what a second can leave; of both, strangers have a
//! small part, so that nobody can fill the disk, hide among noise, or drown what a known caller does.
//! What is left out is counted, and the count is written as an event.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::{AuditRecord, digest};

/// Events that a second can leave, and that may wait.
const WAITING_MAX: usize = 50_000;

/// The part of them that strangers have.
pub const STRANGERS_MAX: usize = 1_000;

/// So many events are not kept waiting: they fill a digest.
const RUN: usize = digest::EVENTS_MAX as usize;

/// The events that wait.
#[derive(Debug, Default)]
pub struct Journal {
    waiting: Mutex<Waiting>,
    /// Rung when the one who writes has no reason to wait any longer.
    due: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    records: Vec<AuditRecord>,
    /// How many of them strangers left.
    of_strangers: usize,
    /// How many events came in this second.
    this_second: usize,
    /// How many of those strangers left.
    of_strangers_this_second: usize,
    left_out: u64,
    /// Whether the last flush failed: the next one is not due early.
    failing: bool,
    closing: bool,
}

impl Journal {
    /// Keeps an event until the next flush.
    pub fn note(&self, record: AuditRecord) {
        let mut waiting = self.waiting();
        let is_strangers = record.is_strangers();
        let most = waiting.this_second.max(waiting.records.len());
        let most_of_strangers = waiting.of_strangers_this_second.max(waiting.of_strangers);
        if most >= WAITING_MAX || (is_strangers && most_of_strangers >= STRANGERS_MAX) {
            waiting.left_out += 1;
            return;
        }
        waiting.this_second += 1;
        waiting.of_strangers += usize::from(is_strangers);
        waiting.of_strangers_this_second += usize::from(is_strangers);
        waiting.records.push(record);
        if waiting.records.len() == RUN {
            self.due.notify_one();
        }
    }

    /// Waits until many events do, or `close` was called, at most `patience`.
    pub fn wait(&self, patience: Duration) {
        let early = |waiting: &mut Waiting| {
            (waiting.records.len() < RUN || waiting.failing) && !waiting.closing
        };
        let waited = self.due.wait_timeout_while(self.waiting(), patience, early);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Lets nobody wait any more.
    pub fn close(&self) {
        self.waiting().closing = true;
        self.due.notify_one();
    }

    /// Lets as many events come again as a second may have.
    pub fn begin_second(&self) {
        let mut waiting = self.waiting();
        (waiting.this_second, waiting.of_strangers_this_second) = (0, 0);
    }

    /// Takes what waits, and how many events found no room.
    pub fn take(&self) -> (Vec<AuditRecord>, u64) {
        let mut waiting = self.waiting();
        (waiting.failing, waiting.of_strangers) = (false, 0);
        let records = std::mem::replace(&mut waiting.records, Vec::with_capacity(RUN));
        (records, std::mem::take(&mut waiting.left_out))
    }

    /// Keeps events that could not be written until the next flush.
    pub fn put_back(&self, records: impl Iterator<Item = AuditRecord>) {
        let mut waiting = self.waiting();
        waiting.failing = true;
        let room = WAITING_MAX.saturating_sub(waiting.records.len());
        for record in records.take(room) {
            waiting.of_strangers += usize::from(record.is_strangers());
            waiting.records.push(record);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
