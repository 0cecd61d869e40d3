//! Measuring durations. Only this file reads a clock for that.

use std::time::{Duration, Instant};

/// A running timer.
pub struct Timer(Instant);

impl Timer {
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the server measures durations")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    #[must_use]
    pub fn has_run(&self, duration: Duration) -> bool {
        self.elapsed() >= duration
    }

    #[must_use]
    pub fn micros(&self) -> u64 {
        u64::try_from(self.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}
