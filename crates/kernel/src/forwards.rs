//! What a server knows of the targets, for its metrics.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is known of a target.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Status {
    /// Number of sealed events that it has not taken. Those of ten thousand digests at most are counted.
    pub events_behind: i64,
    /// Time since the oldest of them was sealed.
    pub behind_ms: i64,
    /// Number of attempts that failed since the start of this server.
    pub failed: u64,
    /// Number of events that the target took and said that it does not keep.
    pub rejected: u64,
}

/// What is known of each target.
#[derive(Debug, Default)]
pub struct Forwards(Mutex<BTreeMap<String, Status>>);

impl Forwards {
    /// Returns the targets with what is known of them.
    #[must_use]
    pub fn all(&self) -> Vec<(String, Status)> {
        self.lock().iter().map(|(target, status)| (target.clone(), *status)).collect()
    }

    pub(crate) fn update(&self, target: &str, change: impl FnOnce(&mut Status)) {
        change(self.lock().entry(target.to_owned()).or_default());
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Status>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
