//! Shares of the counters of failed sign-ins that strangers may begin.
//!
//! A counter of a user and a place, or of a user and a block, is a row of about 120 bytes. It is there for a quarter of an
//! hour for each failure at most, so there are about three times [`COUNTERS_MAX`] at most, or 6 MB, for each node: one that is to stay for longer
//! needs more attempts, each of which costs a hash. The other counters of a stranger are there for a minute (the user's)
//! and for seconds (those of networks).

use std::sync::{Mutex, PoisonError};

use model::source_network::Networks;

use super::budget::{Window, limits};

/// Span of time in which a count of one failure decays.
const SPAN_MS: i64 = 15 * 60 * 1000;

/// Maximum number of counters that are begun in such a span.
pub(super) const COUNTERS_MAX: usize = 16_000;

/// The shares of one process. A start begins them again.
#[derive(Debug)]
pub struct NewCounters(Mutex<Window>);

impl Default for NewCounters {
    fn default() -> Self {
        Self(Mutex::new(Window::new(SPAN_MS, limits(COUNTERS_MAX))))
    }
}

impl NewCounters {
    /// Tells whether a client of these networks may begin another counter, and counts it.
    #[must_use]
    pub fn take(&self, networks: &Networks, now_ms: i64) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take(networks, now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_its_share_of_a_quarter_of_an_hour_and_all_have_the_total() {
        let counters = NewCounters::default();
        let taken = |address: &dyn Fn(usize) -> String, now_ms| {
            let networks = (0..2 * COUNTERS_MAX).map(|number| Networks::of(&address(number)));
            networks.filter(|networks| counters.take(networks, now_ms)).count()
        };
        let one = |_| "2001:db8:7::1".to_owned();
        let block = |number| format!("2001:db8:7:{number:x}::1");
        let blocks = |number: usize| format!("10.{}.{}.1", number / 256, number % 256);
        assert_eq!(taken(&one, 0), COUNTERS_MAX / 8);
        assert_eq!(taken(&block, 1), COUNTERS_MAX * 3 / 8);
        assert_eq!(taken(&blocks, SPAN_MS - 1), COUNTERS_MAX / 2);
        assert_eq!(taken(&blocks, SPAN_MS), COUNTERS_MAX);
    }
}
