//! The limit of a counter: how many failures are free, how they decay, and the pauses.

use store::sign_in_attempt::Attempts;

pub(super) const SECOND_MS: i64 = 1000;
pub(super) const MINUTE_MS: i64 = 60 * SECOND_MS;
pub(super) const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Threshold and duration of pauses.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Number of failures without a pause.
    pub free: i64,
    /// Time in which the count decays by one failure.
    pub forgive_ms: i64,
    /// Maximum pause. The first pause is one second, and each further failure doubles it.
    pub pause_max_ms: i64,
}

impl Limit {
    /// Returns the seconds until the next attempt is accepted, or `None` if one is accepted now.
    #[must_use]
    pub fn pause_seconds(&self, attempts: &Attempts, now_ms: i64) -> Option<u64> {
        let pause_ms = self.pause_ms(attempts, now_ms)?;
        seconds_left(pause_ms, attempts, now_ms)
    }

    /// Returns the duration of the pause that the count requires after the last failure, or `None` if it is free.
    #[must_use]
    pub(super) fn pause_ms(&self, attempts: &Attempts, now_ms: i64) -> Option<i64> {
        let over = self.level(attempts, now_ms) - self.free;
        let doublings = u32::try_from(over).ok()?.min(30);
        Some((SECOND_MS << doublings).min(self.pause_max_ms))
    }

    /// Returns the seconds until the count is free, or `None` if it is.
    #[must_use]
    pub(super) fn seconds_until_free(&self, attempts: &Attempts, now_ms: i64) -> Option<u64> {
        let over = attempts.failures - self.free + 1;
        seconds_left(over.saturating_mul(self.forgive_ms), attempts, now_ms)
    }

    /// Tells whether nothing is counted any more.
    #[must_use]
    pub(super) fn is_clean(&self, attempts: &Attempts, now_ms: i64) -> bool {
        self.level(attempts, now_ms) == 0
    }

    /// Returns the state after one more failure.
    #[must_use]
    pub fn fail(&self, attempts: &Attempts, now_ms: i64) -> Attempts {
        let failures = self.level(attempts, now_ms) + 1;
        Attempts { failures, failed_at_ms: now_ms, ..*attempts }
    }

    /// Time at which the count has decayed to nothing. A pause is over before.
    #[must_use]
    pub fn ends_at_ms(&self, attempts: &Attempts) -> i64 {
        let left_ms = attempts.failures.saturating_mul(self.forgive_ms);
        attempts.failed_at_ms.saturating_add(left_ms)
    }

    fn level(&self, attempts: &Attempts, now_ms: i64) -> i64 {
        let passed_ms = (now_ms - attempts.failed_at_ms).max(0);
        (attempts.failures - passed_ms / self.forgive_ms).max(0)
    }
}

/// Returns the seconds until so much time has passed since the last failure, or `None` if it has.
pub(super) fn seconds_left(wait_ms: i64, attempts: &Attempts, now_ms: i64) -> Option<u64> {
    // A clock that was set back must not extend the pause.
    let passed_ms = (now_ms - attempts.failed_at_ms).max(0);
    let left_ms = u64::try_from(wait_ms - passed_ms).ok()?;
    (left_ms > 0).then(|| left_ms.div_ceil(1000))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: Limit = Limit { free: 3, forgive_ms: 10 * MINUTE_MS, pause_max_ms: MINUTE_MS };

    fn failed(times: i64) -> Attempts {
        (0..times).fold(Attempts::default(), |attempts, _| LIMIT.fail(&attempts, 1_000_000))
    }

    #[test]
    fn pauses_begin_after_the_free_tries_and_grow_up_to_the_longest() {
        let pauses: Vec<_> =
            (0..12).map(|times| LIMIT.pause_seconds(&failed(times), 1_000_000)).collect();
        let expected = [None, None, None, Some(1), Some(2), Some(4), Some(8), Some(16), Some(32)];
        assert_eq!(pauses[..9], expected);
        assert_eq!(pauses[9..], [Some(60), Some(60), Some(60)]);
        assert_eq!(LIMIT.pause_seconds(&failed(i64::from(u8::MAX)), 1_000_000), Some(60));
    }

    #[test]
    fn a_pause_passes_and_failures_leak_away() {
        let attempts = failed(5);
        assert_eq!(LIMIT.pause_seconds(&attempts, 1_003_999), Some(1));
        assert_eq!(LIMIT.pause_seconds(&attempts, 1_004_000), None);
        let later = LIMIT.fail(&attempts, 1_000_000 + 40 * MINUTE_MS);
        assert_eq!(later.failures, 2);
        let much_later = LIMIT.fail(&attempts, 1_000_000 + DAY_MS);
        assert_eq!(much_later.failures, 1);
    }

    #[test]
    fn a_count_is_free_when_so_many_failures_have_leaked_away() {
        let attempts = failed(4);
        let left = |after_ms| LIMIT.seconds_until_free(&attempts, 1_000_000 + after_ms);
        assert_eq!((left(0), left(20 * MINUTE_MS - 1)), (Some(1200), Some(1)));
        assert_eq!(left(20 * MINUTE_MS), None);
        assert_eq!(LIMIT.pause_ms(&attempts, 1_000_000 + 20 * MINUTE_MS - 1), Some(SECOND_MS));
        assert_eq!(LIMIT.pause_ms(&attempts, 1_000_000 + 20 * MINUTE_MS), None);
    }

    #[test]
    fn a_clock_that_was_put_back_makes_no_pause_longer() {
        assert_eq!(LIMIT.pause_seconds(&failed(3), 0), Some(1));
    }

    proptest! {
        #[test]
        fn a_count_that_has_decayed_is_as_none(failures in 0_i64..200, after_ms in 0_i64..DAY_MS) {
            let attempts = failed(failures);
            let now_ms = LIMIT.ends_at_ms(&attempts) + after_ms;
            prop_assert_eq!(LIMIT.pause_seconds(&attempts, now_ms), None);
            let as_new = LIMIT.fail(&Attempts::default(), now_ms);
            prop_assert_eq!(LIMIT.fail(&attempts, now_ms), as_new);
        }
    }
}
