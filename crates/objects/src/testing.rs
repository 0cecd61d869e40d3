//! Senses for this crate's tests.

use std::sync::atomic::{AtomicU64, Ordering};

use model::Random;

/// Bytes that look random and never come twice.
#[derive(Default)]
pub(crate) struct Sequence(AtomicU64);

impl Random for Sequence {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill_with(|| {
            let number = self.0.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
            // SplitMix64.
            let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed.to_be_bytes()[0]
        });
    }
}
