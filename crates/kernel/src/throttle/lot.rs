//! The lot among networks that have not failed at a user who is under attack.
//!
//! While a user's count asks for a pause, one attempt in a pause is heard, whoever makes it. If it were the first one, an
//! attacker who asks all the time would be it each time. So each network draws its own moment in the second half of
//! the pause, and is told how long that is. A network has one lot, however often it asks.

use model::source_network::SourceNetwork;
use sha2::{Digest, Sha256};
use store::sign_in_attempt::{AttemptScope, Attempts};

use crate::key_ring::Keys;

/// Returns the time after the user's last heard attempt at which a network may make the next one: between half of
/// `pause_ms` and all of it.
pub(super) fn draw_ms(
    keys: &Keys,
    user: &AttemptScope,
    last: &Attempts,
    network: &SourceNetwork,
    pause_ms: i64,
) -> i64 {
    let mut digest = Sha256::new();
    digest.update(keys.derive("lot of a network"));
    digest.update(user);
    digest.update(last.failed_at_ms.to_be_bytes());
    digest.update(network.to_string());
    let digest: [u8; 32] = digest.finalize().into();
    let lot = digest.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
    let half_ms = pause_ms / 2;
    half_ms + ((i64::from(lot) * (pause_ms - half_ms)) >> 32)
}
