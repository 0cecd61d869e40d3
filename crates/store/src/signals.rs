//! How those who remember or wait hear of what was committed: in this process by a counter and a
//! condition variable, from other nodes by PostgreSQL's LISTEN.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// What a database tells its own process.
#[derive(Debug, Default)]
pub struct Signals {
    /// Counts the commits that may have ended or narrowed someone's authority.
    authority: AtomicU64,
    /// Whether commits of other nodes may go unheard at present.
    deaf: AtomicBool,
    jobs: Mutex<u64>,
    job_added: Condvar,
}

/// What others must hear of when a transaction is committed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct News {
    /// Keys that were good before it may not be good after it.
    pub(crate) authority: bool,
    pub(crate) jobs: bool,
}

impl News {
    pub(crate) fn add(&mut self, other: Self) {
        self.authority |= other.authority;
        self.jobs |= other.jobs;
    }
}

impl Signals {
    /// INVARIANT: after the commit and before its answer, so that a call made after the answer finds
    /// no remembered authority from before the change. Of a commit that failed nobody knows whether
    /// it took hold, so it is told of too.
    pub(crate) fn tell(&self, news: News) {
        if news.authority {
            self.authority_changed();
        }
        if news.jobs {
            self.job_added();
        }
    }

    /// The number that what is remembered of authority must carry to be believed; `None` while
    /// nothing may be believed.
    #[must_use]
    pub fn authority(&self) -> Option<u64> {
        (!self.deaf.load(Ordering::Acquire)).then(|| self.authority.load(Ordering::Acquire))
    }

    pub(crate) fn authority_changed(&self) {
        self.authority.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn set_deaf(&self, deaf: bool) {
        // What was missed while deaf is not known, so all that was remembered is forgotten.
        self.authority_changed();
        self.deaf.store(deaf, Ordering::Release);
    }

    /// Wakes whoever waits for jobs. Also the way to end their waiting.
    pub fn job_added(&self) {
        *self.jobs.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.job_added.notify_all();
    }

    /// How many times jobs were added. Read it before looking for jobs.
    #[must_use]
    pub fn jobs(&self) -> u64 {
        *self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until jobs were added since `seen` was read, at most `patience`.
    pub fn wait_for_jobs(&self, seen: u64, patience: Duration) {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.job_added.wait_timeout_while(jobs, patience, |jobs| *jobs == seen);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}
