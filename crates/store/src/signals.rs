//! Signals about commits, for caches and for waiting threads: a counter and a condition variable in
//! this process, PostgreSQL's LISTEN from other nodes.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use crate::confirmation::{Confirmations, Ticket};
use crate::lease::Lease;
use crate::moment::Moment;

/// Change signals of a database to its own process.
#[derive(Debug)]
pub struct Signals {
    /// Number of commits that may have ended or narrowed authority.
    authority: AtomicU64,
    pub(crate) lease: Lease,
    pub(crate) confirmations: Confirmations,
    /// What all nodes must have in common, in words; empty before this node joined them.
    agreement: OnceLock<String>,
    has_left: AtomicBool,
    listening: Mutex<Listening>,
    jobs: Mutex<u64>,
    job_added: Condvar,
    told_of_jobs: Mutex<ToldOfJobs>,
}

/// Whether other nodes were told of the jobs of this one.
#[derive(Debug, Default)]
struct ToldOfJobs {
    last: Option<Moment>,
    has_more: bool,
}

/// Minimum time between two notices of a node that it has jobs. PostgreSQL commits transactions with a notice one after
/// the other, each with its own wait for the disk.
const TELLING_PAUSE: Duration = Duration::from_millis(50);

/// State of the connection on which this node hears the others.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Listening {
    pub is_connected: bool,
    /// Milliseconds since the node was last known to hear of every commit.
    pub heard_ms_ago: Option<u64>,
    /// Time of the database now, in milliseconds since 1970.
    pub database_now_ms: Option<i64>,
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
    /// Signals of a database that only this process writes.
    pub(crate) fn of_one_node() -> Self {
        Self::new(Lease::without_end())
    }

    /// Signals of a database that other nodes write too. Nothing is cached until the listener hears.
    pub(crate) fn of_many_nodes() -> Self {
        Self::new(Lease::over())
    }

    fn new(lease: Lease) -> Self {
        let (authority, confirmations, listening) = Default::default();
        let (agreement, has_left) = Default::default();
        let (jobs, job_added, told_of_jobs) = Default::default();
        Self {
            authority,
            lease,
            confirmations,
            agreement,
            has_left,
            listening,
            jobs,
            job_added,
            told_of_jobs,
        }
    }

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

    /// Begins to collect what other nodes confirm of a commit that can narrow authority.
    pub(crate) fn ticket(&self, changes: Changes) -> Option<Ticket<'_>> {
        let has_others = !self.lease.is_without_end();
        (has_others && changes.authority).then(|| self.confirmations.ticket())
    }

    /// Returns the number that a cached authority must carry to be valid; `None` while no cache is
    /// valid.
    #[must_use]
    pub fn authority(&self) -> Option<u64> {
        self.lease.is_held().then(|| self.authority.load(Ordering::Acquire))
    }

    pub(crate) fn authority_changed(&self) {
        self.authority.fetch_add(1, Ordering::AcqRel);
    }

    /// Ends the lease, because commits of other nodes may be missed from now on.
    pub(crate) fn disconnected(&self) {
        self.lease.end();
        self.authority_changed();
        self.confirmations.set_session(None);
        self.listening().is_connected = false;
    }

    /// Notes that the session hears of every commit from now on. The lease begins with its first beat.
    pub(crate) fn connected(&self, session: &str) {
        // Changes may have been missed before.
        self.authority_changed();
        self.confirmations.set_session(Some(session));
        self.listening().is_connected = true;
        self.job_added();
    }

    /// Notes that the node heard everything that was committed before it asked at `asked_ms`.
    pub(crate) fn heard(&self, asked_ms: u64) {
        self.lease.renew(asked_ms);
        self.listening().heard_ms_ago = Some(asked_ms);
    }

    /// Notes the time of the database, as it was half-way between a question and its answer.
    pub(crate) fn set_database_time(&self, database_ms: i64, asked_ms: u64) {
        let half = asked_ms.midpoint(self.lease.now_ms());
        let began_ms = i64::try_from(half).ok().and_then(|half| database_ms.checked_sub(half));
        self.listening().database_now_ms = began_ms;
    }

    /// Notes what this node has in common with all others, for its beats.
    pub(crate) fn set_agreement(&self, agreement: &str) {
        self.agreement.get_or_init(|| agreement.to_owned());
    }

    pub(crate) fn agreement(&self) -> &str {
        self.agreement.get().map_or("", String::as_str)
    }

    /// Ends the part of this node in the exchange with others: it remembers nothing more and sends no more beats.
    pub(crate) fn leave(&self) {
        self.has_left.store(true, Ordering::Release);
        self.disconnected();
    }

    pub(crate) fn has_left(&self) -> bool {
        self.has_left.load(Ordering::Acquire)
    }

    /// Returns how the node hears the others; `None` where there are none.
    #[must_use]
    pub fn how_it_listens(&self) -> Option<Listening> {
        if self.lease.is_without_end() {
            return None;
        }
        let (now_ms, noted) = (self.lease.now_ms(), *self.listening());
        let since_began = i64::try_from(now_ms).unwrap_or(i64::MAX);
        Some(Listening {
            heard_ms_ago: noted.heard_ms_ago.map(|heard_ms| now_ms.saturating_sub(heard_ms)),
            database_now_ms: noted.database_now_ms.map(|began| began.saturating_add(since_began)),
            ..noted
        })
    }

    /// What was noted: times are since the lease began to count, and the database's time is that of then.
    fn listening(&self) -> MutexGuard<'_, Listening> {
        self.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whether a commit with new jobs tells the other nodes of them. If not, the next beat of this node does.
    pub(crate) fn may_tell_of_jobs(&self) -> bool {
        let mut told = self.told_of_jobs.lock().unwrap_or_else(PoisonError::into_inner);
        told.has_more = told.last.is_some_and(|last| last.is_within(TELLING_PAUSE));
        if !told.has_more {
            told.last = Some(Moment::now());
        }
        !told.has_more
    }

    /// Tells whether other nodes are still to be told of jobs, once.
    pub(crate) fn take_untold_jobs(&self) -> bool {
        let mut told = self.told_of_jobs.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut told.has_more)
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
