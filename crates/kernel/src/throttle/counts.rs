//! The counters of a sign-in attempt.

use model::Fault;
use model::ids::IdentityStoreId;
use model::likeness::Likeness;
use model::source_network::{NetworkSize, Networks};
use store::sign_in_attempt::{AttemptScope, Attempts, find};
use store::{Read, Tx};

use super::counter::{fail, is_known, keep, scope, take_back};
use super::limit::{Limit, MINUTE_MS, SECOND_MS};
use crate::strangers::NewCounters;

/// Limit per user and network, or per known browser.
const BY_PERSON_AND_PLACE: Limit =
    Limit { free: 5, forgive_ms: 15 * MINUTE_MS, pause_max_ms: 5 * MINUTE_MS };

/// Limit per user from all networks. It is lenient, because attackers can fill the count.
const BY_PERSON: Limit = Limit { free: 30, forgive_ms: MINUTE_MS, pause_max_ms: 30 * SECOND_MS };

/// Limit per address or IPv6 /64, for all users. An office may have many users who mistype.
const BY_PLACE: Limit = Limit { free: 60, forgive_ms: 10 * SECOND_MS, pause_max_ms: MINUTE_MS };

/// Limit per IPv6 /56, twice that of a /64.
const BY_SITE: Limit = Limit { free: 120, forgive_ms: 5 * SECOND_MS, pause_max_ms: MINUTE_MS };

/// Limit per IPv4 /24 or IPv6 /48, four times that of an address. Without it, whoever rents a /48 has 65,536 places.
const BY_BLOCK: Limit = Limit { free: 240, forgive_ms: 2500, pause_max_ms: MINUTE_MS };

/// Counters of a sign-in attempt.
pub struct Counts {
    /// Absent if the browser has no cookie that identifies it.
    person_from_browser: Option<AttemptScope>,
    person_from_place: AttemptScope,
    person: AttemptScope,
    place: AttemptScope,
    /// The larger networks of the place.
    around: Vec<(AttemptScope, Limit)>,
    networks: Networks,
}

/// An attempt that no counter holds up.
pub struct Ready {
    own: AttemptScope,
    attempts: Attempts,
}

/// An attempt that was counted: in the counter of the user and the place or browser, or, if a new one had no
/// room, in that of the user.
pub struct Counted {
    scope: AttemptScope,
    limit: Limit,
}

impl Counts {
    #[must_use]
    pub fn new(
        store_id: &IdentityStoreId,
        user_name: &Likeness,
        browser: &str,
        source_address: &str,
    ) -> Self {
        let networks = Networks::of(source_address);
        let by_network = |network: &str| scope(["sign-in from place", network, "", ""]);
        let (mut place, mut around) = (String::new(), Vec::new());
        for (size, network) in networks.iter() {
            match size {
                NetworkSize::Single | NetworkSize::Proxies => place = network.to_string(),
                NetworkSize::Site => around.push((by_network(&network.to_string()), BY_SITE)),
                NetworkSize::Block => around.push((by_network(&network.to_string()), BY_BLOCK)),
            }
        }
        let by_person =
            |kind, from: &str| scope([kind, store_id.as_str(), user_name.as_str(), from]);
        let has_browser = !browser.is_empty();
        Self {
            person_from_browser: has_browser.then(|| by_person("sign-in by browser", browser)),
            person_from_place: by_person("sign-in by place", &place),
            person: by_person("sign-in", ""),
            place: by_network(&place),
            around,
            networks,
        }
    }

    /// Fails during a pause that any counter requires.
    pub fn require_no_pause(&self, read: &mut Read<'_>, now_ms: i64) -> Result<Ready, Fault> {
        let refuse = |pause: Option<u64>| match pause {
            Some(retry_after_seconds) => Err(Fault::Throttled { retry_after_seconds }),
            None => Ok(()),
        };
        if let Some(own) = self.person_from_browser {
            let attempts = find(read, &own)?;
            if is_known(&attempts, now_ms) {
                refuse(BY_PERSON_AND_PLACE.pause_seconds(&attempts, now_ms))?;
                return Ok(Ready { own, attempts });
            }
        }
        let own = find(read, &self.person_from_place)?;
        let mut pauses = vec![
            BY_PERSON_AND_PLACE.pause_seconds(&own, now_ms),
            BY_PLACE.pause_seconds(&find(read, &self.place)?, now_ms),
        ];
        if !is_known(&own, now_ms) {
            pauses.push(BY_PERSON.pause_seconds(&find(read, &self.person)?, now_ms));
            for (scope, limit) in &self.around {
                pauses.push(limit.pause_seconds(&find(read, scope)?, now_ms));
            }
        }
        refuse(pauses.into_iter().flatten().max())?;
        Ok(Ready { own: self.person_from_place, attempts: own })
    }

    /// Counts a beginning attempt.
    ///
    /// A user's count from a place is new at the first attempt. If there is no room for it, the user's count from all
    /// places has the attempt: the user has as much protection, and the place more tries, up to those that this count
    /// leaves free.
    pub fn begin(
        &self,
        tx: &mut Tx<'_>,
        ready: &Ready,
        new_counters: &NewCounters,
    ) -> Result<Counted, Fault> {
        let is_there = ready.attempts != Attempts::default();
        let has_room = is_there || new_counters.take(&self.networks, tx.now_ms());
        let counted = if has_room {
            Counted { scope: ready.own, limit: BY_PERSON_AND_PLACE }
        } else {
            Counted { scope: self.person, limit: BY_PERSON }
        };
        fail(tx, &counted.scope, &counted.limit)?;
        Ok(counted)
    }

    /// Counts a wrong password in the counters that [`Counts::begin`] did not touch.
    pub fn fail(&self, tx: &mut Tx<'_>, counted: &Counted) -> Result<(), Fault> {
        if counted.scope != self.person {
            fail(tx, &self.person, &BY_PERSON)?;
        }
        fail(tx, &self.place, &BY_PLACE)?;
        self.around.iter().try_for_each(|(scope, limit)| fail(tx, scope, limit))
    }

    /// Records a successful sign-in from this browser and network, and clears their failures.
    pub fn succeed(&self, tx: &mut Tx<'_>, counted: &Counted) -> Result<(), Fault> {
        if counted.scope == self.person {
            counted.take_back(tx)?;
        }
        let succeeded_at_ms = tx.now_ms();
        let success = Attempts { failures: 0, failed_at_ms: 0, succeeded_at_ms };
        let scopes = [Some(&self.person_from_place), self.person_from_browser.as_ref()];
        let mut scopes = scopes.into_iter().flatten();
        scopes.try_for_each(|scope| keep(tx, scope, &BY_PERSON_AND_PLACE, &success))
    }
}

impl Counted {
    /// Takes back an attempt that failed for a reason other than the password.
    pub fn take_back(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        take_back(tx, &self.scope, &self.limit)
    }
}
