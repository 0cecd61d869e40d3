//! A budget of log lines for answers to strangers.
//!
//! A line costs a stranger nothing, and the operator the room on a disk. A line of the common 350 bytes makes
//! [`LINES_MAX`] of them 0.6 GB a day. Known callers have a line for each answer, and warnings and errors are written
//! in any case. What is over the budget is told by one line when its minute is over.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use model::network_shares::NetworkShares;
use model::source_network::Networks;

use crate::exchange::Exchange;
use crate::shares::shares_of;
use crate::timer::Timer;

const MINUTE: Duration = Duration::from_mins(1);

/// Maximum number of lines in a minute. An address has an eighth of them, and larger networks have more.
pub const LINES_MAX: usize = 1_200;

/// The budget of a server.
pub struct AnswerLines(Mutex<Minute>);

struct Minute {
    began: Timer,
    shares: NetworkShares,
    left_out: u64,
}

impl Default for AnswerLines {
    fn default() -> Self {
        Self(Mutex::new(Minute::begin()))
    }
}

impl Minute {
    fn begin() -> Self {
        let shares = NetworkShares::new(shares_of(LINES_MAX));
        Self { began: Timer::start(), shares, left_out: 0 }
    }
}

impl AnswerLines {
    /// Tells whether the answer to a request has a line of its own, and counts it.
    #[must_use]
    pub fn admit(&self, exchange: &Exchange) -> bool {
        tracing::enabled!(tracing::Level::INFO)
            && (exchange.is_of_known_sender() || self.take(&exchange.networks(), MINUTE))
    }

    /// Writes the number of the lines that were left out so far. A server that stops does this.
    pub fn tell_left_out(&self) {
        tell(std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).left_out));
    }

    /// Takes a line of the budget, which begins again after `length`.
    fn take(&self, networks: &Networks, length: Duration) -> bool {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left_out = 0;
        if minute.began.has_run(length) {
            left_out = minute.left_out;
            *minute = Minute::begin();
        }
        let has_room = minute.shares.take(networks);
        minute.left_out += u64::from(!has_room);
        drop(minute);
        tell(left_out);
        has_room
    }
}

fn tell(left_out: u64) {
    if left_out > 0 {
        // The request that comes after the minute has no part in it.
        tracing::info!(
            parent: None,
            left_out,
            "answers to strangers have no line of their own, because there were too many in a minute"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(lines: &AnswerLines, addresses: impl Iterator<Item = String>) -> usize {
        addresses.filter(|address| lines.take(&Networks::of(address), MINUTE)).count()
    }

    #[test]
    fn networks_share_the_lines_of_a_minute() {
        let lines = AnswerLines::default();
        let one = std::iter::repeat_n("192.0.2.1".to_owned(), 5_000);
        assert_eq!(taken(&lines, one), LINES_MAX / 8);
        let block = (0..5_000).map(|number| format!("2001:db8:7:{number:x}::1"));
        assert_eq!(taken(&lines, block), LINES_MAX / 2);
        let blocks = (0..5_000).map(|number| format!("10.{}.{}.1", number / 256, number % 256));
        assert_eq!(taken(&lines, blocks), LINES_MAX - LINES_MAX / 8 - LINES_MAX / 2);
        assert_eq!(lines.0.lock().unwrap().left_out, 15_000 - LINES_MAX as u64);
        assert!(lines.take(&Networks::of("192.0.2.1"), Duration::ZERO), "a minute has begun");
        assert_eq!(lines.0.lock().unwrap().left_out, 0);
    }
}
