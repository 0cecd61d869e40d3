//! A clock and randomness for tests. Other crates' tests have them by the feature `testing`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use crate::{Clock, Random};

/// A clock that stands still until it is moved. Clones are one clock.
#[derive(Clone, Debug)]
pub struct StillClock(Arc<AtomicI64>);

impl StillClock {
    /// A clock that stands at a moment, in milliseconds since 1970.
    #[must_use]
    pub fn at(now_ms: i64) -> Self {
        Self(Arc::new(AtomicI64::new(now_ms)))
    }

    /// Moves the clock forward.
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for StillClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Moves the clock instead of waiting.
    fn pause(&self, ms: u64) {
        self.advance(i64::try_from(ms).unwrap_or(i64::MAX));
    }
}

/// Numbers that look random and are the same for the same seed.
#[derive(Debug)]
pub struct Counted(AtomicU64);

impl Counted {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Random for Counted {
    // SplitMix64.
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst);
            let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let word = (z ^ (z >> 31)).to_be_bytes();
            chunk.iter_mut().zip(word).for_each(|(to, from)| *to = from);
        }
    }
}

/// Randomness that is one byte, over and over.
#[derive(Clone, Copy, Debug)]
pub struct Repeated(pub u8);

impl Random for Repeated {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }
}
