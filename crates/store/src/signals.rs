//! Signals about commits, for caches and for waiting threads: a counter and a condition variable in
//! this process, PostgreSQL's LISTEN from other nodes.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Change signals of a database to its own process.
#[derive(Debug, Default)]
pub struct Signals {
    /// Number of commits that may have ended or narrowed authority.
    authority: AtomicU64,
    /// True while commits of other nodes may be missed.
    disconnected: AtomicBool,
    jobs: Mutex<u64>,
    job_added: Condvar,
}

/// Changes to announce when a transaction is committed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Changes {
    /// Credentials that were valid may no longer be valid.
    pub(crate) authority: bool,
    pub(crate) jobs: bool,
}

impl Changes {
    pub(crate) fn add(&mut self, other: Self) {
        self.authority |= other.authority;
        self.jobs |= other.jobs;
    }
}

impl Signals {
    /// Announces changes.
    ///
    /// INVARIANT: this is called after the commit and before the answer, so a call made after the
    /// answer finds no cached authority from before the change. A failed commit may have taken
    /// effect, so it is announced too.
    pub(crate) fn announce(&self, changes: Changes) {
        if changes.authority {
            self.authority_changed();
        }
        if changes.jobs {
            self.job_added();
        }
    }

    /// Returns the number that a cached authority must carry to be valid; `None` while no cache is
    /// valid.
    #[must_use]
    pub fn authority(&self) -> Option<u64> {
        (!self.disconnected.load(Ordering::Acquire)).then(|| self.authority.load(Ordering::Acquire))
    }

    pub(crate) fn authority_changed(&self) {
        self.authority.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn set_disconnected(&self, disconnected: bool) {
        // Changes may have been missed while disconnected, so every cached authority is
        // invalidated.
        self.authority_changed();
        self.disconnected.store(disconnected, Ordering::Release);
    }

    /// Wakes the threads that wait for jobs. Also ends their wait at shutdown.
    pub fn job_added(&self) {
        *self.jobs.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.job_added.notify_all();
    }

    /// Returns how many times jobs were added. Read it before looking for jobs.
    #[must_use]
    pub fn jobs(&self) -> u64 {
        *self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until jobs are added after `seen` was read, at most `patience`.
    pub fn wait_for_jobs(&self, seen: u64, patience: Duration) {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.job_added.wait_timeout_while(jobs, patience, |jobs| *jobs == seen);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}
