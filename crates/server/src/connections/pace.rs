//! Whether clients take answers that stream, where several share a connection.
//!
//! HTTP/2 has a window for each answer. A client that keeps one shut, and reads what else comes, does not stall the
//! connection.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The pace at which one answer is taken: twice the number of its parts, and one more while the last part waits for
/// the client.
#[derive(Clone, Default)]
pub struct Pace(Arc<AtomicU64>);

/// The answers of a connection.
#[derive(Default)]
pub struct Paces(Mutex<Vec<Watched>>);

struct Watched {
    pace: Pace,
    /// The pace at the last look.
    seen: u64,
    /// Number of looks in a row at which the same part waited.
    looks: u32,
}

impl Pace {
    /// The next part is asked for.
    pub(super) fn asked(&self) {
        self.0.fetch_and(!1, Ordering::Relaxed);
    }

    /// A part is given, and more follows.
    pub(super) fn given(&self) {
        self.0.fetch_add(3, Ordering::Relaxed);
    }
}

impl Paces {
    /// Watches another answer.
    pub fn watch(&self) -> Pace {
        let pace = Pace::default();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that ended since the last look.
        all.retain(|watched| Arc::strong_count(&watched.pace.0) > 1);
        all.push(Watched { pace: pace.clone(), seen: 0, looks: 0 });
        pace
    }

    /// Looks at all answers. Returns the number of looks in a row at which one of them waited for its client.
    pub fn look(&self) -> u32 {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|watched| Arc::strong_count(&watched.pace.0) > 1);
        for watched in all.iter_mut() {
            let now = watched.pace.0.load(Ordering::Relaxed);
            let is_stuck = now & 1 == 1 && now == watched.seen;
            watched.looks = if is_stuck { watched.looks + 1 } else { 0 };
            watched.seen = now;
        }
        all.iter().map(|watched| watched.looks).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_that_waits_for_its_client_is_stuck() {
        let paces = Paces::default();
        let (slow, stuck) = (paces.watch(), paces.watch());
        stuck.asked();
        assert_eq!(paces.look(), 0);
        stuck.given();
        for looks in 0..5 {
            slow.asked();
            slow.given();
            assert_eq!(paces.look(), looks);
        }
        drop(stuck);
        // The server itself is slow with the next part.
        slow.asked();
        assert_eq!((paces.look(), paces.look(), paces.look()), (0, 0, 0));
    }
}
