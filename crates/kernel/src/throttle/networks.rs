//! The counters of the networks that an attempt comes from, whoever it is about.

use model::Fault;
use model::source_network::{NetworkSize, Networks};
use store::Tx;
use store::sign_in_attempt::{AttemptScope, find};

use super::counter::{raise, scope};
use super::limit::{Limit, MINUTE_MS, SECOND_MS};

/// Limit per address or IPv6 /64, for all users. An office may have many users who mistype.
const BY_PLACE: Limit = Limit { free: 60, forgive_ms: 10 * SECOND_MS, pause_max_ms: MINUTE_MS };

/// Limit per IPv6 /56, twice that of a /64.
const BY_SITE: Limit = Limit { free: 120, forgive_ms: 5 * SECOND_MS, pause_max_ms: MINUTE_MS };

/// Limit per IPv4 /24 or IPv6 /48, four times that of an address. Without it, whoever rents a /48 has 65,536 places.
const BY_BLOCK: Limit = Limit { free: 240, forgive_ms: 2500, pause_max_ms: MINUTE_MS };

/// Returns the counters of the place and of the larger networks around it, the place first.
pub(super) fn counters_of(networks: &Networks) -> Vec<(AttemptScope, Limit)> {
    let counters = networks.iter().map(|(size, network)| {
        let limit = match size {
            NetworkSize::Single | NetworkSize::Proxies => BY_PLACE,
            NetworkSize::Site => BY_SITE,
            NetworkSize::Block => BY_BLOCK,
        };
        (scope(["sign-in from place", &network.to_string(), "", ""]), limit)
    });
    counters.collect()
}

/// Counts an answer that was wrong and that nobody can guess. Fails during a pause of any network.
///
/// It is counted after it was checked: a right one cannot be found by trying, so no pause keeps its person out.
pub fn count_wrong_answer(tx: &mut Tx<'_>, source_address: &str) -> Result<(), Fault> {
    let now_ms = tx.now_ms();
    let mut attempts = Vec::new();
    for (scope, limit) in counters_of(&Networks::of(source_address)) {
        let before = find(tx, &scope)?;
        if let Some(retry_after_seconds) = limit.pause_seconds(&before, now_ms) {
            return Err(Fault::Throttled { retry_after_seconds });
        }
        attempts.push((scope, limit, before));
    }
    for (scope, limit, before) in attempts {
        raise(tx, scope, limit, before)?;
    }
    Ok(())
}
