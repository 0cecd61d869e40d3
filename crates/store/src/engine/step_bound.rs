//! Bound on the work of a short read, in steps of SQLite's virtual machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::Connection;

/// Number of steps between two looks at the bound. SQLite counts the steps of a cached statement over all of its
/// runs, so one look can come too soon.
const STEPS_BETWEEN: i32 = 1000;

/// Maximum number of looks within a short read. 50,000 steps take 1 to 2 ms; a page of 100 users takes 1,000.
const LOOKS_MAX: u32 = 50;

/// Looks that are left to a read without a bound: more than any read needs.
const UNBOUNDED: u32 = u32::MAX;

/// Number of looks that are left to the transaction of a connection.
pub(super) struct StepBound(Arc<AtomicU32>);

impl StepBound {
    /// Makes the connection look at the bound. It has none yet.
    pub(super) fn of(connection: &Connection) -> Self {
        let left = Arc::new(AtomicU32::new(UNBOUNDED));
        let looked_at = Arc::clone(&left);
        let is_over = move || {
            let left = looked_at.load(Ordering::Relaxed);
            looked_at.store(left.saturating_sub(1), Ordering::Relaxed);
            left == 0
        };
        connection.progress_handler(STEPS_BETWEEN, Some(is_over));
        Self(left)
    }

    /// Ends statements with `SQLITE_INTERRUPT` once they have taken too many steps together.
    pub(super) fn set(&self) {
        self.0.store(LOOKS_MAX, Ordering::Relaxed);
    }

    /// Gives later statements any number of steps.
    pub(super) fn lift(&self) {
        self.0.store(UNBOUNDED, Ordering::Relaxed);
    }
}
