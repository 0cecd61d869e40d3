//! The clock of the benchmark.
//!
//! INVARIANT: xtask reads clocks and waits only here.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures durations")]

use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A start time.
#[derive(Clone, Copy)]
pub struct Watch(Instant);

impl Watch {
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    pub fn micros(&self) -> f64 {
        self.elapsed().as_secs_f64() * 1e6
    }

    /// Waits until this much time has passed since the start.
    pub fn wait_until(&self, due: Duration) {
        wait(due.saturating_sub(self.elapsed()));
    }
}

/// Waits.
pub fn wait(duration: Duration) {
    thread::sleep(duration);
}

/// Milliseconds since 1970, for signatures.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
