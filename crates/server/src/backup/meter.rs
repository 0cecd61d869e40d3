//! The meter of a backup: a bound on bytes per second, so that the server beside it keeps the disk, and lines of progress.

use std::thread;
use std::time::Duration;

use crate::timer::Timer;

/// Time between two lines of progress.
const SAYING: Duration = Duration::from_secs(5);

/// Minimum number of bytes between two looks at the clock.
const LOOK_BYTES: u64 = 256 * 1024;

const MIB: u64 = 1024 * 1024;

/// What has passed, and how fast it may.
pub(crate) struct Meter {
    bytes_per_second_max: u64,
    started: Timer,
    said: Timer,
    bytes: u64,
    looked_at: u64,
    /// What is done now, for the lines of progress.
    work: String,
}

impl Meter {
    /// `mib_per_second_max` bounds what passes. 0 is no bound.
    pub(crate) fn new(mib_per_second_max: u64) -> Self {
        Self {
            bytes_per_second_max: mib_per_second_max.saturating_mul(MIB),
            started: Timer::start(),
            said: Timer::start(),
            bytes: 0,
            looked_at: 0,
            work: String::new(),
        }
    }

    /// Names what is done now.
    pub(crate) fn begin(&mut self, work: impl Into<String>) {
        self.work = work.into();
        eprintln!("{} …", self.work);
        self.said = Timer::start();
    }

    /// Takes note of bytes, and waits if they came too fast.
    pub(crate) fn passed(&mut self, bytes: u64) {
        self.bytes += bytes;
        if self.bytes - self.looked_at < LOOK_BYTES {
            return;
        }
        self.looked_at = self.bytes;
        if self.said.has_run(SAYING) {
            eprintln!(
                "{}: {} MiB in {} s",
                self.work,
                self.bytes / MIB,
                self.started.elapsed().as_secs()
            );
            self.said = Timer::start();
        }
        wait(self.due().saturating_sub(self.started.elapsed()));
    }

    /// The time that the bytes take at full speed.
    fn due(&self) -> Duration {
        let millis = self.bytes.saturating_mul(1000).checked_div(self.bytes_per_second_max);
        Duration::from_millis(millis.unwrap_or_default())
    }

    /// The number of bytes that passed.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The time since the beginning, in seconds.
    pub(crate) fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }
}

#[expect(clippy::disallowed_methods, reason = "a command gives way to the server beside it")]
fn wait(duration: Duration) {
    if !duration.is_zero() {
        thread::sleep(duration);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_due_by_the_pace() {
        let mut meter = Meter::new(2);
        meter.bytes = 3 * MIB;
        assert_eq!(meter.due(), Duration::from_millis(1500));
        meter.bytes_per_second_max = 0;
        assert_eq!(meter.due(), Duration::ZERO);
    }
}
