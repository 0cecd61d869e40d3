//! Throttling of failed sign-ins.
//!
//! Failures are counted per user and network, per user, and per network. Each count decays over
//! time, and a high count causes growing pauses. A browser in which the user signed in before has
//! its own count, and a network from which they signed in is exempt from the count per user. An
//! attacker therefore slows down only themselves and other unknown clients, and cannot lock the
//! user out.
//! INVARIANT: an attempt is counted before the password is checked, and given back if the password
//! is right. Concurrent attempts therefore get no more tries than sequential ones.

use model::Fault;
use model::ids::IdentityStoreId;
use model::likeness::Likeness;
use model::source_network::SourceNetwork;
use sha2::{Digest, Sha256};
use store::sign_in_attempt::{AttemptScope, Attempts, find, put};
use store::{Read, Tx};

const SECOND_MS: i64 = 1000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Maximum time for which failures are remembered, and time for which a successful sign-in is.
const FAILURES_KEPT_MS: i64 = DAY_MS;
const SUCCESS_KEPT_MS: i64 = 90 * DAY_MS;

/// Threshold and duration of pauses.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Number of failures without a pause.
    pub free: i64,
    /// Time in which the count decays by one failure.
    pub forgive_ms: i64,
    /// Maximum pause. The first pause is one second, and each further failure doubles it.
    pub pause_max_ms: i64,
}

/// Limit per user and network, or per known browser.
const BY_PERSON_AND_PLACE: Limit =
    Limit { free: 5, forgive_ms: 15 * MINUTE_MS, pause_max_ms: 5 * MINUTE_MS };

/// Limit per user from all networks. It is lenient, because attackers can fill the count.
const BY_PERSON: Limit = Limit { free: 30, forgive_ms: MINUTE_MS, pause_max_ms: 30 * SECOND_MS };

/// Limit per network for all users. An office may have many users who mistype.
const BY_PLACE: Limit = Limit { free: 60, forgive_ms: 10 * SECOND_MS, pause_max_ms: MINUTE_MS };

impl Limit {
    /// Returns the seconds until the next attempt is accepted, or `None` if one is accepted now.
    #[must_use]
    pub fn pause_seconds(&self, attempts: &Attempts, now_ms: i64) -> Option<u64> {
        let over = self.level(attempts, now_ms) - self.free;
        let doublings = u32::try_from(over).ok()?.min(30);
        let pause_ms = (SECOND_MS << doublings).min(self.pause_max_ms);
        // A clock that was set back must not extend the pause.
        let passed_ms = (now_ms - attempts.failed_at_ms).max(0);
        u64::try_from(pause_ms - passed_ms)
            .ok()
            .filter(|wait_ms| *wait_ms > 0)
            .map(|wait_ms| wait_ms.div_ceil(1000))
    }

    /// Returns the state after one more failure.
    #[must_use]
    pub fn fail(&self, attempts: &Attempts, now_ms: i64) -> Attempts {
        let failures = self.level(attempts, now_ms) + 1;
        Attempts { failures, failed_at_ms: now_ms, ..*attempts }
    }

    fn level(&self, attempts: &Attempts, now_ms: i64) -> i64 {
        let passed_ms = (now_ms - attempts.failed_at_ms).max(0);
        (attempts.failures - passed_ms / self.forgive_ms).max(0)
    }
}

/// Counters of a sign-in attempt.
pub struct Counts {
    /// Absent if the browser has no cookie that identifies it.
    person_from_browser: Option<AttemptScope>,
    person_from_place: AttemptScope,
    person: AttemptScope,
    place: AttemptScope,
}

impl Counts {
    #[must_use]
    pub fn new(
        store_id: &IdentityStoreId,
        user_name: &Likeness,
        browser: &str,
        source_address: &str,
    ) -> Self {
        let place = SourceNetwork::of(source_address).to_string();
        let by_person =
            |kind, from: &str| scope([kind, store_id.as_str(), user_name.as_str(), from]);
        let has_browser = !browser.is_empty();
        Self {
            person_from_browser: has_browser.then(|| by_person("sign-in by browser", browser)),
            person_from_place: by_person("sign-in by place", &place),
            person: by_person("sign-in", ""),
            place: scope(["sign-in from place", &place, "", ""]),
        }
    }

    /// Counts a beginning attempt, or refuses it during a pause. Returns the counter that was used.
    pub fn begin(&self, tx: &mut Tx<'_>) -> Result<AttemptScope, Fault> {
        let now_ms = tx.now_ms();
        let (own, attempts) = self.require_no_pause(tx, now_ms)?;
        keep(tx, &own, &BY_PERSON_AND_PLACE.fail(&attempts, now_ms))?;
        Ok(own)
    }

    /// Counts a wrong password in the counters that [`Counts::begin`] did not touch.
    pub fn fail(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        let now_ms = tx.now_ms();
        for (scope, limit) in [(&self.person, BY_PERSON), (&self.place, BY_PLACE)] {
            let attempts = limit.fail(&find(tx, scope)?, now_ms);
            keep(tx, scope, &attempts)?;
        }
        Ok(())
    }

    /// Records a successful sign-in from this browser and network, and clears their failures.
    pub fn succeed(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        let succeeded_at_ms = tx.now_ms();
        let success = Attempts { failures: 0, failed_at_ms: 0, succeeded_at_ms };
        let scopes = [Some(&self.person_from_place), self.person_from_browser.as_ref()];
        scopes.into_iter().flatten().try_for_each(|scope| keep(tx, scope, &success))
    }

    /// Returns the counter of this attempt and its state. Fails if any counter requires a pause.
    fn require_no_pause(
        &self,
        read: &mut Read<'_>,
        now_ms: i64,
    ) -> Result<(AttemptScope, Attempts), Fault> {
        let refuse = |pause: Option<u64>| match pause {
            Some(retry_after_seconds) => Err(Fault::Throttled { retry_after_seconds }),
            None => Ok(()),
        };
        if let Some(scope) = self.person_from_browser {
            let known = find(read, &scope)?;
            if is_known(&known, now_ms) {
                refuse(BY_PERSON_AND_PLACE.pause_seconds(&known, now_ms))?;
                return Ok((scope, known));
            }
        }
        let own = find(read, &self.person_from_place)?;
        let mut pauses = vec![
            BY_PERSON_AND_PLACE.pause_seconds(&own, now_ms),
            BY_PLACE.pause_seconds(&find(read, &self.place)?, now_ms),
        ];
        if !is_known(&own, now_ms) {
            pauses.push(BY_PERSON.pause_seconds(&find(read, &self.person)?, now_ms));
        }
        refuse(pauses.into_iter().flatten().max())?;
        Ok((self.person_from_place, own))
    }
}

/// Gives back an attempt that failed for a reason other than the password.
pub fn give_back(tx: &mut Tx<'_>, scope: &AttemptScope) -> Result<(), Fault> {
    let attempts = find(tx, scope)?;
    let failures = (attempts.failures - 1).max(0);
    keep(tx, scope, &Attempts { failures, ..attempts })
}

/// Stores the state of a counter for as long as it has an effect.
pub fn keep(tx: &mut Tx<'_>, scope: &AttemptScope, attempts: &Attempts) -> Result<(), Fault> {
    let failures_until = tx.now_ms() + FAILURES_KEPT_MS;
    let keep_until_ms = failures_until.max(attempts.succeeded_at_ms + SUCCESS_KEPT_MS);
    put(tx, scope, attempts, keep_until_ms)
}

/// Tells whether the user signed in from there recently.
fn is_known(attempts: &Attempts, now_ms: i64) -> bool {
    attempts.succeeded_at_ms > 0 && now_ms - attempts.succeeded_at_ms < SUCCESS_KEPT_MS
}

// INVARIANT: the length precedes each part, so that different parts never have the same digest
// input.
#[must_use]
pub fn scope(parts: [&str; 4]) -> AttemptScope {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { free: 3, forgive_ms: 10 * MINUTE_MS, pause_max_ms: MINUTE_MS };

    fn failed(times: i64) -> Attempts {
        (0..times).fold(Attempts::default(), |attempts, _| LIMIT.fail(&attempts, 1_000_000))
    }

    #[test]
    fn pauses_begin_after_the_free_tries_and_grow_up_to_the_longest() {
        let pauses: Vec<_> =
            (0..12).map(|times| LIMIT.pause_seconds(&failed(times), 1_000_000)).collect();
        let expected = [None, None, None, Some(1), Some(2), Some(4), Some(8), Some(16), Some(32)];
        assert_eq!(pauses[..9], expected);
        assert_eq!(pauses[9..], [Some(60), Some(60), Some(60)]);
        assert_eq!(LIMIT.pause_seconds(&failed(i64::from(u8::MAX)), 1_000_000), Some(60));
    }

    #[test]
    fn a_pause_passes_and_failures_leak_away() {
        let attempts = failed(5);
        assert_eq!(LIMIT.pause_seconds(&attempts, 1_003_999), Some(1));
        assert_eq!(LIMIT.pause_seconds(&attempts, 1_004_000), None);
        let later = LIMIT.fail(&attempts, 1_000_000 + 40 * MINUTE_MS);
        assert_eq!(later.failures, 2);
        let much_later = LIMIT.fail(&attempts, 1_000_000 + DAY_MS);
        assert_eq!(much_later.failures, 1);
    }

    #[test]
    fn a_clock_that_was_put_back_makes_no_pause_longer() {
        assert_eq!(LIMIT.pause_seconds(&failed(3), 0), Some(1));
    }

    #[test]
    fn parts_of_a_scope_cannot_lend_each_other_letters() {
        assert_ne!(scope(["a", "bc", "", ""]), scope(["a", "b", "c", ""]));
        assert_ne!(scope(["a", "b", "", ""]), scope(["a", "", "b", ""]));
    }
}
