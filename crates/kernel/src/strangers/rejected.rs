//! Budgets of people and credentials that were rejected: what the holder of keys, or of a secret, that are good no
//! more may leave in the audit log.
//!
//! The first events of a day are always written, because they tell that a withdrawn key is in use. Each
//! is a write to the disk, and the thousandth tells nothing new: what is over is counted, and once an hour
//! an event tells the number, under the name of the credential's holder.
//! INVARIANT: nobody uses the budget of another person, however many keys they got and had withdrawn, and no count
//! of several holders carries the name of one.
//! Arithmetic: an event takes at most about 1.4 kB. A person leaves at most [`PERSON_DAY_MAX`] events, and eleven
//! counts an hour (ten credentials use up a person's budget, and the rest is one count), or 1.8 MB a day. Memory:
//! [`PEOPLE_MAX`] entries of about 200 bytes, [`CREDENTIALS_MAX`] of about 200, and as many callers who are over their
//! budget, about 25 MB in all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::ids::SessionId;
use policy::{Caller, NamedPerson, Policies, Principal};

use super::budget::{DAY_MS, HOUR_MS};

/// The name of these events in the log and in metrics.
pub const REJECTED_CREDENTIALS: &str = "REJECTED_CREDENTIALS";

/// Maximum number of events of one rejected credential in a day.
pub const DAY_MAX: u32 = 100;

/// Maximum number of events of one person in a day, with all their rejected credentials.
pub const PERSON_DAY_MAX: u32 = 1_000;

/// Maximum number of people who are told apart in a day. Others share the budget of one person.
const PEOPLE_MAX: usize = 50_000;

/// Maximum number of credentials that are told apart in a day. Others of a person share the budget of one credential.
const CREDENTIALS_MAX: usize = 10_000;

/// Name of the people, or the credentials of a person, that are not told apart.
const OTHERS: &str = "";

/// The budgets of one process. A start begins them again.
#[derive(Debug, Default)]
pub struct Rejected(Mutex<Counts>);

/// What one holder did beyond the budget.
#[derive(Debug)]
pub struct Beyond {
    /// A caller without authority, who names the credential, or the person if it is of several of their credentials.
    /// `None` if several people share the count.
    pub caller: Option<Arc<Caller>>,
    /// Time of the first event that was left out.
    pub from_ms: i64,
    pub count: u64,
}

#[derive(Debug, Default)]
struct Counts {
    /// The number of the day since 1970.
    day: i64,
    people: HashMap<String, Written>,
    /// Number of credentials of all people that are told apart.
    credentials: usize,
    /// By person and credential.
    left_out: HashMap<(String, String), Beyond>,
    left_out_total: u64,
}

/// Number of events of a person on this day, in all and by credential.
#[derive(Debug, Default)]
struct Written {
    total: u32,
    by_credential: HashMap<String, u32>,
}

impl Rejected {
    /// Tells whether an event of this caller is to be written. If not, it is counted.
    pub fn admit(&self, caller: &Arc<Caller>, now_ms: i64) -> bool {
        self.counts().admit(caller, now_ms)
    }

    /// Takes what was left out in hours that are over; all of it if `is_last`.
    #[must_use]
    pub fn take(&self, now_ms: i64, is_last: bool) -> Vec<Beyond> {
        let hour = now_ms.div_euclid(HOUR_MS);
        let is_due = |_: &(String, String), beyond: &mut Beyond| {
            is_last || beyond.from_ms.div_euclid(HOUR_MS) != hour
        };
        self.counts().left_out.extract_if(is_due).map(|(_, beyond)| beyond).collect()
    }

    /// Number of events that were left out since the start.
    #[must_use]
    pub fn left_out_total(&self) -> u64 {
        self.counts().left_out_total
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn admit(&mut self, caller: &Arc<Caller>, now_ms: i64) -> bool {
        let day = now_ms.div_euclid(DAY_MS);
        if day != self.day {
            (self.day, self.people, self.credentials) = (day, HashMap::new(), 0);
        }
        let mut holder = holder(caller);
        if self.people.len() >= PEOPLE_MAX && !self.people.contains_key(&holder) {
            OTHERS.clone_into(&mut holder);
        }
        let written = self.people.entry(holder.clone()).or_default();
        let mut credential = credential(caller);
        if written.total >= PERSON_DAY_MAX {
            self.leave_out((holder, OTHERS), caller, now_ms);
            return false;
        }
        if !written.by_credential.contains_key(credential) {
            if self.credentials < CREDENTIALS_MAX {
                self.credentials += 1;
            } else {
                credential = OTHERS;
            }
        }
        let of_credential = written.by_credential.entry(credential.to_owned()).or_default();
        if *of_credential < DAY_MAX {
            *of_credential += 1;
            written.total += 1;
            return true;
        }
        self.leave_out((holder, credential), caller, now_ms);
        false
    }

    fn leave_out(
        &mut self,
        (holder, credential): (String, &str),
        caller: &Arc<Caller>,
        now_ms: i64,
    ) {
        self.left_out_total += 1;
        let named = || match (holder.as_str(), credential) {
            (OTHERS, OTHERS) => None,
            (_, OTHERS) => person(caller),
            _ => Some(Arc::clone(caller)),
        };
        let new = || Beyond { caller: named(), from_ms: now_ms, count: 0 };
        let key = (holder.clone(), credential.to_owned());
        self.left_out.entry(key).or_insert_with(new).count += 1;
    }
}

/// The name of the person who held a credential. Roles that no person holds, such as the operator's, are holders
/// themselves.
fn holder(caller: &Caller) -> String {
    person(caller).map_or_else(|| caller.arn(), |person| person.arn())
}

/// The person who held a credential, without the credential. Roles may have none.
fn person(caller: &Caller) -> Option<Arc<Caller>> {
    let (identity_store_id, user_id) = match &caller.principal {
        Principal::Role(role) => {
            let person = role.person.as_ref()?;
            (&person.identity_store_id, &person.user_id)
        }
        Principal::NamedPerson(person) => (&person.identity_store_id, &person.user_id),
        Principal::Person(person) => (&person.identity_store_id, &person.user_id),
        Principal::Anonymous | Principal::Unproven(_) | Principal::Portico => return None,
    };
    let named = NamedPerson {
        identity_store_id: identity_store_id.clone(),
        user_id: user_id.clone(),
        session_id: None,
    };
    Some(Arc::new(Caller {
        principal: Principal::NamedPerson(named),
        policies: Policies::default(),
    }))
}

/// The id of the key, of the session of the secret, or of the user of the password, that a caller proved
/// themselves with.
fn credential(caller: &Caller) -> &str {
    match &caller.principal {
        Principal::Role(role) => &role.access_key_id,
        Principal::NamedPerson(person) => {
            let session_id = person.session_id.as_ref().map(SessionId::as_str);
            session_id.unwrap_or(person.user_id.as_str())
        }
        Principal::Person(person) => person.session_id.as_str(),
        Principal::Anonymous | Principal::Unproven(_) | Principal::Portico => OTHERS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 20_000 * DAY_MS;

    /// The holder of a person's session.
    fn holder_of(person: usize, session: usize) -> Arc<Caller> {
        let id = |number| format!("{number:08}-0000-4000-8000-000000000000");
        let person = NamedPerson {
            identity_store_id: "d-1234567890".parse().unwrap(),
            user_id: id(person).parse().unwrap(),
            session_id: Some(id(session).parse().unwrap()),
        };
        Arc::new(Caller {
            principal: Principal::NamedPerson(person),
            policies: Policies::default(),
        })
    }

    fn admitted(rejected: &Rejected, caller: &Arc<Caller>, times: usize, now_ms: i64) -> usize {
        (0..times).filter(|_| rejected.admit(caller, now_ms)).count()
    }

    /// The person and the session that a count names.
    fn named(beyond: &Beyond) -> Option<(String, Option<String>)> {
        let caller = beyond.caller.as_ref()?;
        let Principal::NamedPerson(person) = &caller.principal else { panic!("{caller:?}") };
        Some((caller.arn(), person.session_id.as_ref().map(ToString::to_string)))
    }

    #[test]
    fn each_credential_has_a_budget_by_day() {
        let rejected = Rejected::default();
        let all = DAY_MAX as usize;
        for number in 0..3 {
            assert_eq!(admitted(&rejected, &holder_of(1, number), all + 5, NOW_MS), all);
        }
        assert_eq!(rejected.left_out_total(), 15);
        assert_eq!(admitted(&rejected, &holder_of(1, 0), 1, NOW_MS + DAY_MS - 1), 0);
        assert_eq!(admitted(&rejected, &holder_of(1, 0), all + 1, NOW_MS + DAY_MS), all);
    }

    #[test]
    fn what_was_left_out_is_told_once_an_hour_under_the_name_of_the_holder() {
        let rejected = Rejected::default();
        admitted(&rejected, &holder_of(1, 7), DAY_MAX as usize + 3, NOW_MS + 1);
        assert!(rejected.take(NOW_MS + HOUR_MS - 1, false).is_empty());
        let [beyond] = rejected.take(NOW_MS + HOUR_MS, false).try_into().unwrap();
        assert_eq!((beyond.from_ms, beyond.count), (NOW_MS + 1, 3));
        assert_eq!(credential(&beyond.caller.unwrap()), credential(&holder_of(1, 7)));
        assert!(rejected.take(NOW_MS + 2 * HOUR_MS, true).is_empty());
        admitted(&rejected, &holder_of(1, 7), 1, NOW_MS + 2 * HOUR_MS);
        assert_eq!(rejected.take(NOW_MS + 2 * HOUR_MS, true).len(), 1);
    }

    #[test]
    fn a_person_with_many_withdrawn_keys_uses_up_only_their_own_budget() {
        let rejected = Rejected::default();
        let keys = (0..20_000).map(|number| holder_of(1, number));
        assert_eq!(keys.filter(|key| rejected.admit(key, NOW_MS)).count(), PERSON_DAY_MAX as usize);
        let [beyond] = rejected.take(NOW_MS, true).try_into().unwrap();
        let insider = holder(&holder_of(1, 0));
        assert_eq!((named(&beyond), beyond.count), (Some((insider, None)), 19_000));
        assert_eq!(admitted(&rejected, &holder_of(2, 0), 200, NOW_MS), DAY_MAX as usize);
        let [beyond] = rejected.take(NOW_MS, true).try_into().unwrap();
        let other = (holder(&holder_of(2, 0)), credential(&holder_of(2, 0)).to_owned());
        assert_eq!((named(&beyond), beyond.count), (Some((other.0, Some(other.1))), 100));
    }

    #[test]
    fn everybody_has_events_when_no_more_credentials_are_told_apart() {
        let rejected = Rejected::default();
        for number in 0..CREDENTIALS_MAX {
            let person = number / PERSON_DAY_MAX as usize;
            assert!(rejected.admit(&holder_of(person, number), NOW_MS));
        }
        let keys = (0..500).map(|number| holder_of(77, CREDENTIALS_MAX + number));
        assert_eq!(keys.filter(|key| rejected.admit(key, NOW_MS)).count(), DAY_MAX as usize);
        let [beyond] = rejected.take(NOW_MS, true).try_into().unwrap();
        assert_eq!(named(&beyond), Some((holder(&holder_of(77, 0)), None)));
        let counts = rejected.counts();
        let told_apart: usize = counts.people.values().map(|of| of.by_credential.len()).sum();
        assert_eq!((counts.credentials, told_apart), (CREDENTIALS_MAX, CREDENTIALS_MAX + 1));
    }

    #[test]
    fn the_table_of_people_is_bounded_and_a_shared_count_names_nobody() {
        let rejected = Rejected::default();
        for number in 0..PEOPLE_MAX {
            assert!(rejected.admit(&holder_of(number, number), NOW_MS));
        }
        let beyond = (PEOPLE_MAX..PEOPLE_MAX + 500).map(|number| holder_of(number, number));
        assert_eq!(beyond.filter(|it| rejected.admit(it, NOW_MS)).count(), DAY_MAX as usize);
        assert_eq!(rejected.counts().people.len(), PEOPLE_MAX + 1);
        let [beyond] = rejected.take(NOW_MS, true).try_into().unwrap();
        assert_eq!((named(&beyond), beyond.count), (None, 400));
    }
}
