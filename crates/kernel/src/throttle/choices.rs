//! The counters of new passwords that a person chooses with a link or a one-time password.
//!
//! The answer that a new password is one of the last ones tells a former password. So each link and each one-time password
//! gets a few such answers, and whoever makes many links or one-time passwords for one person gets a few an hour.

use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use store::Tx;
use store::sign_in_attempt::find;

use super::counter::{Raised, raise, scope};
use super::limit::{DAY_MS, Limit, MINUTE_MS};

/// Limit per link or one-time password, which ends with the last of these answers.
const BY_CEREMONY: Limit = Limit { free: 5, forgive_ms: DAY_MS, pause_max_ms: 0 };

/// Limit per person: the answers of three links, and then one an hour.
const BY_PERSON: Limit = Limit { free: 15, forgive_ms: 60 * MINUTE_MS, pause_max_ms: 0 };

/// Choice that was counted.
pub struct CountedChoice {
    raised: [Raised; 2],
    is_last: bool,
}

/// Counts a password that a person chooses, before it is compared with former ones. `ceremony` tells one link or one-time
/// password of the person from another. Returns `None` if its answers are used up.
///
/// INVARIANT: it is counted before the hash, so concurrent choices get no more answers.
pub fn count_choice(
    tx: &mut Tx<'_>,
    (store_id, user_id): (&IdentityStoreId, &UserId),
    ceremony: &str,
) -> Result<Option<CountedChoice>, Fault> {
    let now_ms = tx.now_ms();
    let of = |from: &str| scope(["chosen password", store_id.as_str(), user_id.as_str(), from]);
    let (own, all) = (of(ceremony), of(""));
    let (before, before_all) = (find(tx, &own)?, find(tx, &all)?);
    let answers = BY_CEREMONY.fail(&before, now_ms).failures;
    if answers > BY_CEREMONY.free {
        return Ok(None);
    }
    if let Some(retry_after_seconds) = BY_PERSON.seconds_until_free(&before_all, now_ms) {
        return Err(Fault::Throttled { retry_after_seconds });
    }
    let raised = [raise(tx, own, BY_CEREMONY, before)?, raise(tx, all, BY_PERSON, before_all)?];
    Ok(Some(CountedChoice { raised, is_last: answers == BY_CEREMONY.free }))
}

impl CountedChoice {
    /// Tells whether the link or one-time password has no further answer.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.is_last
    }

    /// Takes the choice back, because it told nothing of former passwords.
    pub fn take_back(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        self.raised.iter().try_for_each(|raised| raised.take_back(tx))
    }
}
