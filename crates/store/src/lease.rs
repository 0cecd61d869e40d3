//! Lease on what a node remembers of the database: where other nodes write too, it is believed for two seconds after
//! the node was last known to hear of every commit.
//!
//! INVARIANT: a lease counts from before the node asked, by a clock that nobody sets. Whoever waits for its length
//! after a commit knows that every node has heard of the commit, or believes nothing.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Duration of a lease.
pub(crate) const LEASE: Duration = Duration::from_secs(2);

/// Time after a commit when no lease from before it is held any more. Clocks of two machines do not run at quite
/// the same speed.
pub(crate) const LEASE_OVER: Duration = Duration::from_millis(2200);

/// The end of the present lease, in milliseconds since the process began to count.
#[derive(Debug)]
pub(crate) struct Lease {
    began: Instant,
    until_ms: AtomicU64,
}

impl Lease {
    /// A lease that never ends, for a database that only this process writes.
    pub(crate) fn without_end() -> Self {
        Self { began: monotonic(), until_ms: AtomicU64::new(u64::MAX) }
    }

    /// A lease that is over.
    pub(crate) fn over() -> Self {
        Self { began: monotonic(), until_ms: AtomicU64::new(0) }
    }

    pub(crate) fn now_ms(&self) -> u64 {
        let passed = monotonic().saturating_duration_since(self.began).as_millis();
        u64::try_from(passed).unwrap_or(u64::MAX)
    }

    pub(crate) fn is_held(&self) -> bool {
        let until_ms = self.until_ms.load(Ordering::Acquire);
        until_ms == u64::MAX || self.now_ms() < until_ms
    }

    pub(crate) fn is_without_end(&self) -> bool {
        self.until_ms.load(Ordering::Acquire) == u64::MAX
    }

    /// Renews the lease by a question that was asked at `asked_ms` and has been answered.
    pub(crate) fn renew(&self, asked_ms: u64) {
        let length = u64::try_from(LEASE.as_millis()).unwrap_or(0);
        self.until_ms.store(asked_ms.saturating_add(length), Ordering::Release);
    }

    pub(crate) fn end(&self) {
        self.until_ms.store(0, Ordering::Release);
    }
}

#[expect(clippy::disallowed_methods, reason = "a lease must not depend on a clock that is set")]
fn monotonic() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_counts_from_the_question() {
        let lease = Lease::over();
        assert!(!lease.is_held());
        lease.renew(lease.now_ms());
        assert!(lease.is_held());
        lease.end();
        assert!(!lease.is_held());
        // The answer came so late that the lease is over already.
        let late = Lease { began: monotonic().checked_sub(2 * LEASE).unwrap(), ..Lease::over() };
        late.renew(0);
        assert!(!late.is_held());
    }

    #[test]
    fn a_lease_without_end_stays() {
        assert!(Lease::without_end().is_held() && Lease::without_end().is_without_end());
    }
}
