//! How many unfinished jobs callers with many have in the queue. Each request of theirs would count all of them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Maximum number of unfinished jobs of one kind that one caller asked for. Requests at the same moment may exceed it by
/// their number, because none of them waits for the others.
// AWS: 15 outstanding assignments. The limit here keeps the queue short.
pub(crate) const UNFINISHED_MAX: i64 = 1000;

/// Number of unfinished jobs from which a count is worth remembering: it reads each of them.
const MANY: i64 = 16;

/// Time for which a count is remembered, in milliseconds. Jobs that end meanwhile are counted still.
const REMEMBERED_MS: i64 = 50;

/// Maximum number of counts in memory.
const COUNTS_MAX: usize = 1000;

/// Caller by ARN, and kind of jobs.
pub(crate) type Of = (String, &'static str);

/// Numbers of unfinished jobs that were counted a moment ago, for callers who have many.
#[derive(Debug, Default)]
pub struct JobCounts {
    counted: Mutex<HashMap<Of, Counted>>,
}

#[derive(Debug)]
struct Counted {
    at_ms: i64,
    count: i64,
}

impl Counted {
    fn is_recent(&self, now_ms: i64) -> bool {
        (self.at_ms..self.at_ms + REMEMBERED_MS).contains(&now_ms)
    }
}

impl JobCounts {
    /// Adds a job. Returns the number before, if it is known and leaves room.
    pub(crate) fn add_one(&self, of: &Of, now_ms: i64) -> Option<i64> {
        let mut counted = self.counted();
        let known = counted.get_mut(of)?;
        let before = known.count;
        let has_room = known.is_recent(now_ms) && before < UNFINISHED_MAX;
        has_room.then(|| {
            known.count += 1;
            before
        })
    }

    pub(crate) fn remember(&self, of: Of, before: i64, now_ms: i64) {
        let mut counted = self.counted();
        if before < MANY {
            counted.remove(&of);
            return;
        }
        if counted.len() >= COUNTS_MAX {
            counted.retain(|_, known| known.is_recent(now_ms));
        }
        if counted.len() < COUNTS_MAX {
            counted.insert(of, Counted { at_ms: now_ms, count: before + 1 });
        }
    }

    fn counted(&self) -> MutexGuard<'_, HashMap<Of, Counted>> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(caller: usize) -> Of {
        (caller.to_string(), "KIND")
    }

    #[test]
    fn a_count_of_many_is_remembered_for_a_moment_and_grows() {
        let counts = JobCounts::default();
        counts.remember(of(1), MANY - 1, 7);
        assert_eq!(counts.add_one(&of(1), 7), None);
        counts.remember(of(1), MANY, 7);
        assert_eq!(counts.add_one(&of(2), 7), None);
        assert_eq!(counts.add_one(&of(1), 7), Some(MANY + 1));
        assert_eq!(counts.add_one(&of(1), 6 + REMEMBERED_MS), Some(MANY + 2));
        assert_eq!(counts.add_one(&of(1), 7 + REMEMBERED_MS), None);
    }

    #[test]
    fn nobody_is_refused_by_a_count_that_is_remembered() {
        let counts = JobCounts::default();
        counts.remember(of(1), UNFINISHED_MAX - 2, 7);
        assert_eq!(counts.add_one(&of(1), 7), Some(UNFINISHED_MAX - 1));
        assert_eq!(counts.add_one(&of(1), 7), None);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let counts = JobCounts::default();
        (0..=COUNTS_MAX).for_each(|caller| counts.remember(of(caller), MANY, 7));
        assert_eq!(counts.counted().len(), COUNTS_MAX);
        counts.remember(of(0), MANY, 7 + REMEMBERED_MS);
        assert_eq!(counts.counted().len(), 1);
    }
}
