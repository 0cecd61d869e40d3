//! How often somebody may fail to sign in.
//!
//! Failures are counted by person and place, by person alone, and by place alone; each count leaks
//! away with time, and makes the pauses longer while it is high. A browser in which the person
//! signed in before has a count of its own, and a place where they did is spared the count by person
//! alone: so a stranger can slow down themselves and other strangers, but not keep the person out.
//! INVARIANT: an attempt is counted before the password is looked at and given back when it is
//! right, so many attempts at once do not get more tries than one after the other.

use model::Fault;
use model::ids::IdentityStoreId;
use model::session::SourceNetwork;
use sha2::{Digest, Sha256};
use store::sign_in_attempt::{AttemptScope, Attempts, find, put};
use store::{Read, Tx};

const SECOND_MS: i64 = 1000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// How long failures are remembered at most, and how long it is that somebody signed in.
const FAILURES_KEPT_MS: i64 = DAY_MS;
const SUCCESS_KEPT_MS: i64 = 90 * DAY_MS;

/// When failures make for a pause, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Failures without a pause.
    pub free: i64,
    /// In this time one failure leaks away.
    pub forgive_ms: i64,
    /// The first pause is a second; each is twice as long as the one before, up to this.
    pub pause_max_ms: i64,
}

/// One person from one place, or from one browser that is known.
const BY_PERSON_AND_PLACE: Limit =
    Limit { free: 5, forgive_ms: 15 * MINUTE_MS, pause_max_ms: 5 * MINUTE_MS };

/// One person from everywhere: gentle, because strangers fill it.
const BY_PERSON: Limit = Limit { free: 30, forgive_ms: MINUTE_MS, pause_max_ms: 30 * SECOND_MS };

/// One place, whoever it tries to be: an office may have many people who mistype.
const BY_PLACE: Limit = Limit { free: 60, forgive_ms: 10 * SECOND_MS, pause_max_ms: MINUTE_MS };

impl Limit {
    /// The seconds until another attempt is heard, if it is not heard now.
    pub fn pause_seconds(&self, attempts: &Attempts, now_ms: i64) -> Option<u64> {
        let over = self.level(attempts, now_ms) - self.free;
        let doublings = u32::try_from(over).ok()?.min(30);
        let pause_ms = (SECOND_MS << doublings).min(self.pause_max_ms);
        // A clock that was put back must not make the pause longer than it is.
        let passed_ms = (now_ms - attempts.failed_at_ms).max(0);
        u64::try_from(pause_ms - passed_ms)
            .ok()
            .filter(|wait_ms| *wait_ms > 0)
            .map(|wait_ms| wait_ms.div_ceil(1000))
    }

    /// What is known after one more failure.
    pub fn fail(&self, attempts: &Attempts, now_ms: i64) -> Attempts {
        let failures = self.level(attempts, now_ms) + 1;
        Attempts { failures, failed_at_ms: now_ms, ..*attempts }
    }

    fn level(&self, attempts: &Attempts, now_ms: i64) -> i64 {
        let passed_ms = (now_ms - attempts.failed_at_ms).max(0);
        (attempts.failures - passed_ms / self.forgive_ms).max(0)
    }
}

/// The counts that an attempt at signing in is about.
pub struct Counts {
    /// None without a browser that could be told from others.
    person_from_browser: Option<AttemptScope>,
    person_from_place: AttemptScope,
    person: AttemptScope,
    place: AttemptScope,
}

impl Counts {
    pub fn new(
        store_id: &IdentityStoreId,
        user_name_key: &str,
        browser: &str,
        source_address: &str,
    ) -> Self {
        let place = SourceNetwork::of(source_address).to_string();
        let by_person = |kind, from: &str| scope([kind, store_id.as_str(), user_name_key, from]);
        let has_browser = !browser.is_empty();
        Self {
            person_from_browser: has_browser.then(|| by_person("sign-in by browser", browser)),
            person_from_place: by_person("sign-in by place", &place),
            person: by_person("sign-in", ""),
            place: scope(["sign-in from place", &place, "", ""]),
        }
    }

    /// Counts an attempt that begins, or says that it has to wait. Returns where it is counted.
    pub fn begin(&self, tx: &mut Tx<'_>) -> Result<AttemptScope, Fault> {
        let now_ms = tx.now_ms();
        let (own, attempts) = self.require_no_pause(tx, now_ms)?;
        keep(tx, &own, &BY_PERSON_AND_PLACE.fail(&attempts, now_ms))?;
        Ok(own)
    }

    /// Counts a wrong password in the counts that [`Counts::begin`] did not touch.
    pub fn fail(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        let now_ms = tx.now_ms();
        for (scope, limit) in [(&self.person, BY_PERSON), (&self.place, BY_PLACE)] {
            let attempts = limit.fail(&find(tx, scope)?, now_ms);
            keep(tx, scope, &attempts)?;
        }
        Ok(())
    }

    /// Remembers that the person signed in from this browser and place, and forgets their failures.
    pub fn succeed(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        let succeeded_at_ms = tx.now_ms();
        let success = Attempts { failures: 0, failed_at_ms: 0, succeeded_at_ms };
        let scopes = [Some(&self.person_from_place), self.person_from_browser.as_ref()];
        scopes.into_iter().flatten().try_for_each(|scope| keep(tx, scope, &success))
    }

    /// Where this attempt is counted and what is known there, unless something asks for a pause.
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

/// Gives back an attempt that came to nothing through no fault of whoever made it.
pub fn give_back(tx: &mut Tx<'_>, scope: &AttemptScope) -> Result<(), Fault> {
    let attempts = find(tx, scope)?;
    let failures = (attempts.failures - 1).max(0);
    keep(tx, scope, &Attempts { failures, ..attempts })
}

/// Keeps what is known of a scope for as long as it means something.
pub fn keep(tx: &mut Tx<'_>, scope: &AttemptScope, attempts: &Attempts) -> Result<(), Fault> {
    let failures_until = tx.now_ms() + FAILURES_KEPT_MS;
    let keep_until_ms = failures_until.max(attempts.succeeded_at_ms + SUCCESS_KEPT_MS);
    put(tx, scope, attempts, keep_until_ms)
}

/// Whether somebody signed in from there lately.
fn is_known(attempts: &Attempts, now_ms: i64) -> bool {
    attempts.succeeded_at_ms > 0 && now_ms - attempts.succeeded_at_ms < SUCCESS_KEPT_MS
}

// INVARIANT: each part's length stands before it, so no part can lend its end to the next.
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
