//! The counters of attempts at a code that takes the place of a second factor.
//!
//! Who makes an attempt knew the password, so a stranger raises none of these counts. A code has a million values, so the
//! limits are lower than those of passwords: about 150 attempts a day at one person, of which three codes at a time are
//! right. The browser in which the person signed in before has a count of its own, which others do not raise.

use model::Fault;
use model::ids::IdentityStoreId;
use model::source_network::Networks;
use store::Tx;
use store::sign_in_attempt::find;

use super::counter::{Raised, raise, scope};
use super::counts::Counts;
use super::limit::{Limit, MINUTE_MS};

/// Limit per known browser of a person.
const BY_BROWSER: Limit =
    Limit { free: 5, forgive_ms: 15 * MINUTE_MS, pause_max_ms: 5 * MINUTE_MS };

/// Limit per person and network.
const BY_PLACE: Limit = Limit { free: 5, forgive_ms: 15 * MINUTE_MS, pause_max_ms: 15 * MINUTE_MS };

/// Limit per person from everywhere but known browsers.
const BY_PERSON: Limit =
    Limit { free: 10, forgive_ms: 10 * MINUTE_MS, pause_max_ms: 15 * MINUTE_MS };

/// An attempt at a code that was counted.
pub struct CountedCode(Vec<Raised>);

/// Counts an attempt at a code of a person before it is compared. Fails during a pause.
///
/// INVARIANT: it is counted in the transaction that compares the code, so concurrent attempts get no more tries.
pub fn count_code(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &str,
    counts: &Counts,
    (browser, source_address): (&str, &str),
) -> Result<CountedCode, Fault> {
    let now_ms = tx.now_ms();
    let of = |kind, from: &str| scope([kind, store_id.as_str(), user_id, from]);
    let scopes = if counts.is_browser_known(tx, now_ms)? {
        vec![(of("code by browser", browser), BY_BROWSER)]
    } else {
        let place = Networks::of(source_address).single().to_string();
        vec![(of("code by place", &place), BY_PLACE), (of("code", ""), BY_PERSON)]
    };
    let mut attempts = Vec::with_capacity(scopes.len());
    for (scope, limit) in scopes {
        let before = find(tx, &scope)?;
        if let Some(retry_after_seconds) = limit.pause_seconds(&before, now_ms) {
            return Err(Fault::Throttled { retry_after_seconds });
        }
        attempts.push((scope, limit, before));
    }
    let raised = attempts.into_iter().map(|(scope, limit, before)| raise(tx, scope, limit, before));
    raised.collect::<Result<_, _>>().map(CountedCode)
}

impl CountedCode {
    /// Takes the attempt back, because the code was right.
    pub fn take_back(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        self.0.iter().try_for_each(|raised| raised.take_back(tx))
    }
}
