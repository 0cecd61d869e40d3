//! The counters of a sign-in attempt.

use model::Fault;
use model::ids::IdentityStoreId;
use model::likeness::Likeness;
use model::source_network::Networks;
use store::sign_in_attempt::{AttemptScope, Attempts, find};
use store::{Read, Tx};

use super::counter::{Raised, is_known, keep, raise, scope};
use super::limit::{Limit, MINUTE_MS, SECOND_MS, seconds_left};
use super::lot::draw_ms;
use super::networks::{Tried, counters_of};
use crate::key_ring::Keys;
use crate::passwords::Sitter;
use crate::strangers::NewCounters;

/// Limit per user and network, or per known browser.
const BY_PERSON_AND_PLACE: Limit =
    Limit { free: 5, forgive_ms: 15 * MINUTE_MS, pause_max_ms: 5 * MINUTE_MS };

/// Limit per user and IPv4 /24 or IPv6 /48, which refuses nothing: it tells who has failed at the user.
const BY_PERSON_AND_BLOCK: Limit =
    Limit { free: i64::MAX, forgive_ms: 5 * MINUTE_MS, pause_max_ms: 0 };

/// Limit per user from all networks. It is lenient, because attackers can fill the count.
const BY_PERSON: Limit = Limit { free: 30, forgive_ms: MINUTE_MS, pause_max_ms: 30 * SECOND_MS };

/// Counters of a sign-in attempt.
pub struct Counts {
    /// Absent if the browser has no cookie that identifies it.
    person_from_browser: Option<AttemptScope>,
    person_from_place: AttemptScope,
    person_from_block: AttemptScope,
    person: AttemptScope,
    /// True if attempts raise the user's count from all places, and wait for it.
    is_guessable: bool,
    /// The place and the larger networks around it.
    places: Vec<(AttemptScope, Limit)>,
    networks: Networks,
}

/// An attempt that no counter holds up.
pub struct Ready {
    own: AttemptScope,
    attempts: Attempts,
    is_known: bool,
}

/// Person who is to be signed in, and the place.
pub struct Attempt<'a> {
    pub store_id: &'a IdentityStoreId,
    pub user_name: &'a Likeness,
    /// False for a one-time password, which is random. Its attempts do not raise the user's count from all places, so
    /// nobody keeps its user out by that count.
    pub is_guessable: bool,
    /// Empty if the browser has no cookie that identifies it.
    pub browser: &'a str,
    pub source_address: &'a str,
}

/// An attempt that was counted.
pub struct Counted(Vec<Raised>);

impl Counts {
    #[must_use]
    pub fn of(attempt: &Attempt<'_>) -> Self {
        let Attempt { store_id, user_name, is_guessable, browser, source_address } = *attempt;
        let networks = Networks::of(source_address);
        let by_person =
            |kind, from: &str| scope([kind, store_id.as_str(), user_name.as_str(), from]);
        let has_browser = !browser.is_empty();
        Self {
            person_from_browser: has_browser.then(|| by_person("sign-in by browser", browser)),
            person_from_place: by_person("sign-in by place", &networks.single().to_string()),
            person_from_block: by_person("sign-in by block", &networks.largest().to_string()),
            person: by_person("sign-in", ""),
            is_guessable,
            places: counters_of(Tried::Password, &networks),
            networks,
        }
    }

    /// Fails during a pause that any counter requires.
    pub fn require_no_pause(
        &self,
        read: &mut Read<'_>,
        keys: &Keys,
        now_ms: i64,
    ) -> Result<Ready, Fault> {
        let refuse = |pause: Option<u64>| match pause {
            Some(retry_after_seconds) => Err(Fault::Throttled { retry_after_seconds }),
            None => Ok(()),
        };
        if let Some(own) = self.person_from_browser {
            let attempts = find(read, &own)?;
            if is_known(&attempts, now_ms) {
                refuse(BY_PERSON_AND_PLACE.pause_seconds(&attempts, now_ms))?;
                return Ok(Ready { own, attempts, is_known: true });
            }
        }
        let own = find(read, &self.person_from_place)?;
        let is_known = is_known(&own, now_ms);
        let mut pauses = vec![BY_PERSON_AND_PLACE.pause_seconds(&own, now_ms)];
        // The place is the first; people whom it knows are heard whatever happens around it.
        for (scope, limit) in self.places.iter().take(if is_known { 1 } else { usize::MAX }) {
            pauses.push(limit.pause_seconds(&find(read, scope)?, now_ms));
        }
        if self.is_guessable && !is_known {
            pauses.push(self.pause_of_person(read, keys, now_ms)?);
        }
        refuse(pauses.into_iter().flatten().max())?;
        Ok(Ready { own: self.person_from_place, attempts: own, is_known })
    }

    /// Returns the seconds for which the user's count from all places refuses this network.
    ///
    /// A network that has failed at the user waits until the count is free. Others wait for their moment.
    fn pause_of_person(
        &self,
        read: &mut Read<'_>,
        keys: &Keys,
        now_ms: i64,
    ) -> Result<Option<u64>, Fault> {
        let all = find(read, &self.person)?;
        let Some(pause_ms) = BY_PERSON.pause_ms(&all, now_ms) else { return Ok(None) };
        let block = find(read, &self.person_from_block)?;
        if !BY_PERSON_AND_BLOCK.is_clean(&block, now_ms) {
            return Ok(BY_PERSON.seconds_until_free(&all, now_ms));
        }
        let wait_ms = draw_ms(keys, &self.person, &all, self.networks.largest(), pause_ms);
        Ok(seconds_left(wait_ms, &all, now_ms))
    }

    /// Returns who takes a seat for the hash.
    #[must_use]
    pub fn sitter(&self, ready: &Ready) -> Sitter<'_> {
        if ready.is_known { Sitter::Known(&self.networks) } else { Sitter::Stranger }
    }

    /// Counts a beginning attempt.
    ///
    /// A user's counts from a place and its block are new at the first attempt. If there is no room for them, the user has as
    /// much protection by the count from all places, and the place more tries, up to those that this count leaves free.
    pub fn begin(
        &self,
        tx: &mut Tx<'_>,
        ready: &Ready,
        new_counters: &NewCounters,
    ) -> Result<Counted, Fault> {
        let mut raised = Vec::new();
        let has_room = |attempts: &Attempts, now_ms| {
            *attempts != Attempts::default() || new_counters.take(&self.networks, now_ms)
        };
        if has_room(&ready.attempts, tx.now_ms()) {
            raised.push(raise(tx, ready.own, BY_PERSON_AND_PLACE, ready.attempts)?);
        }
        if !ready.is_known {
            let block = find(tx, &self.person_from_block)?;
            if has_room(&block, tx.now_ms()) {
                raised.push(raise(tx, self.person_from_block, BY_PERSON_AND_BLOCK, block)?);
            }
        }
        if self.is_guessable {
            let all = find(tx, &self.person)?;
            raised.push(raise(tx, self.person, BY_PERSON, all)?);
        }
        for (scope, limit) in &self.places {
            let attempts = find(tx, scope)?;
            raised.push(raise(tx, *scope, *limit, attempts)?);
        }
        Ok(Counted(raised))
    }

    /// Takes an attempt back whose password was right, and records the success.
    pub fn succeed(&self, tx: &mut Tx<'_>, counted: &Counted) -> Result<(), Fault> {
        counted.take_back(tx)?;
        self.know(tx)
    }

    /// Records a successful sign-in from this browser and network, and clears their failures.
    ///
    /// INVARIANT: the whole sign-in sequence is done. A right password alone makes no browser known.
    pub fn know(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        let succeeded_at_ms = tx.now_ms();
        let success = Attempts { failures: 0, failed_at_ms: 0, succeeded_at_ms };
        self.own().try_for_each(|scope| keep(tx, scope, &BY_PERSON_AND_PLACE, &success))
    }

    /// Tells whether the person signed in from this browser recently.
    pub(super) fn is_browser_known(&self, read: &mut Read<'_>, now_ms: i64) -> Result<bool, Fault> {
        let Some(own) = self.person_from_browser else { return Ok(false) };
        Ok(is_known(&find(read, &own)?, now_ms))
    }

    fn own(&self) -> impl Iterator<Item = &AttemptScope> {
        std::iter::once(&self.person_from_place).chain(self.person_from_browser.as_ref())
    }
}

impl Counted {
    /// Takes back an attempt whose password was right, or could not be checked.
    pub fn take_back(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        self.0.iter().try_for_each(|raised| raised.take_back(tx))
    }
}
