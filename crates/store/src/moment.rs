//! Moments of this process, for pauses and for answers that hold a while.
//!
//! INVARIANT: they put nothing in order and reach no row, so no clock of a test has to move them.

use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Moment(Instant);

impl Moment {
    #[expect(clippy::disallowed_methods, reason = "a pause is a duration, not a time")]
    pub(crate) fn now() -> Self {
        Self(Instant::now())
    }

    /// Tells whether less than `time` has gone by since then.
    pub(crate) fn is_within(self, time: Duration) -> bool {
        self.0.elapsed() < time
    }
}
