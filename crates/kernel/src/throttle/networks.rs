//! The counters of the networks that an attempt comes from, whoever it is about.

use model::Fault;
use model::source_network::{NetworkSize, Networks};
use store::Tx;
use store::sign_in_attempt::{AttemptScope, Attempts, find};

use super::counter::{raise, scope};
use super::limit::{Limit, MINUTE_MS, SECOND_MS};
use crate::strangers::NewCounters;

/// Limit per address or IPv6 /64, for all users. An office may have many users who mistype.
const BY_PLACE: Limit = Limit { free: 60, forgive_ms: 10 * SECOND_MS, pause_max_ms: MINUTE_MS };

/// Limit per IPv6 /56, twice that of a /64.
const BY_SITE: Limit = Limit { free: 120, forgive_ms: 5 * SECOND_MS, pause_max_ms: MINUTE_MS };

/// Limit per IPv4 /24 or IPv6 /48, four times that of an address. Without it, whoever rents a /48 has 65,536 places.
const BY_BLOCK: Limit = Limit { free: 240, forgive_ms: 2500, pause_max_ms: MINUTE_MS };

/// Time after which a network that may begin no more counters tries again.
const PAUSE_SECONDS: u64 = 60;

/// What is counted as coming from a network.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tried {
    Password,
    Passkey,
}

/// Returns the counters of the place and of the larger networks around it, the place first.
pub(super) fn counters_of(tried: Tried, networks: &Networks) -> Vec<(AttemptScope, Limit)> {
    let counters = networks.iter().map(|(size, network)| {
        let limit = match size {
            NetworkSize::Single | NetworkSize::Proxies => BY_PLACE,
            NetworkSize::Site => BY_SITE,
            NetworkSize::Block => BY_BLOCK,
        };
        let what = match tried {
            Tried::Password => "sign-in from place",
            Tried::Passkey => "passkey from place",
        };
        (scope([what, &network.to_string(), "", ""]), limit)
    });
    counters.collect()
}

/// Counts an answer of a passkey that was wrong. Fails during a pause of any network, and for a network that may begin no
/// more counters.
///
/// It is counted after it was checked: a right one cannot be found by trying, so no pause keeps its person out. Passwords
/// have counters of their own, so this costs the neighbours of a place nothing.
pub fn count_wrong_passkey(
    tx: &mut Tx<'_>,
    source_address: &str,
    new_counters: &NewCounters,
) -> Result<(), Fault> {
    let now_ms = tx.now_ms();
    let networks = Networks::of(source_address);
    let mut attempts = Vec::new();
    for (scope, limit) in counters_of(Tried::Passkey, &networks) {
        let before = find(tx, &scope)?;
        if let Some(retry_after_seconds) = limit.pause_seconds(&before, now_ms) {
            return Err(Fault::Throttled { retry_after_seconds });
        }
        if before == Attempts::default() && !new_counters.take(&networks, now_ms) {
            return Err(Fault::Throttled { retry_after_seconds: PAUSE_SECONDS });
        }
        attempts.push((scope, limit, before));
    }
    for (scope, limit, before) in attempts {
        raise(tx, scope, limit, before)?;
    }
    Ok(())
}
