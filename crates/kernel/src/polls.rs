//! Time of the last poll of each device code.
//!
//! RFC 8628 §3.5, `slow_down`. The times are kept only in this process: a client that polls several
//! nodes in turn gains nothing by it, and a write per poll would cost more than an answer.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::token::TokenHash;

/// Poll interval that clients are told.
// AWS: one second.
pub const POLL_INTERVAL_MS: i64 = 1000;

/// Tolerance for network delay: polls that were sent a second apart may arrive closer together.
const LENIENCY_MS: i64 = 250;

/// Maximum number of codes in memory. Only existing codes are recorded.
const REMEMBERED_MAX: usize = 10_000;

/// Last poll of each code.
#[derive(Debug, Default)]
pub struct Polls {
    last_ms: Mutex<HashMap<TokenHash, i64>>,
}

impl Polls {
    /// Tells whether the poll comes too soon. A poll that comes too soon is not recorded.
    pub fn is_too_soon(&self, device_code_hash: &TokenHash, now_ms: i64) -> bool {
        let mut last_ms = self.last_ms.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |then_ms: &i64| {
            (then_ms - LENIENCY_MS..then_ms + POLL_INTERVAL_MS - LENIENCY_MS).contains(&now_ms)
        };
        if last_ms.get(device_code_hash).is_some_and(recent) {
            return true;
        }
        if last_ms.len() >= REMEMBERED_MAX {
            last_ms.retain(|_, then_ms| recent(then_ms));
        }
        last_ms.insert(*device_code_hash, now_ms);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poll_within_the_interval_comes_too_soon() {
        let polls = Polls::default();
        assert!(!polls.is_too_soon(&[1; 32], 10_000));
        assert!(polls.is_too_soon(&[1; 32], 10_700));
        assert!(!polls.is_too_soon(&[2; 32], 10_700));
        assert!(!polls.is_too_soon(&[1; 32], 10_990));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let polls = Polls::default();
        for number in 0..25_000_u32 {
            let mut hash = [0; 32];
            hash[..4].copy_from_slice(&number.to_be_bytes());
            polls.is_too_soon(&hash, i64::from(number) * 2_000);
        }
        assert!(polls.last_ms.lock().unwrap().len() <= REMEMBERED_MAX);
    }
}
