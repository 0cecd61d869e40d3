//! Budgets of credentials that were rejected: what the holder of keys, or of a secret, that are good no
//! more may leave in the audit log.
//!
//! The first events of a day are always written, because they tell that a withdrawn key is in use. Each
//! is a write to the disk, and the thousandth tells nothing new: what is over is counted, and once an hour
//! an event for each credential tells the number, under the name of its holder.
//! Arithmetic: an event takes at most about 1.4 kB, so a credential leaves at most ([`DAY_MAX`] + 24) × 1.4 kB
//! or 174 kB a day. Memory: [`CREDENTIALS_MAX`] entries of about 100 bytes, and as many callers, about 10 MB
//! in all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::ids::SessionId;
use policy::{Caller, Principal};

use super::budget::{DAY_MS, HOUR_MS};

/// The name of these events in the log and in metrics.
pub const REJECTED_CREDENTIALS: &str = "REJECTED_CREDENTIALS";

/// Maximum number of events of one rejected credential in a day.
pub const DAY_MAX: u32 = 100;

/// Maximum number of credentials that are told apart in a day. Others share one budget: each of them was made
/// for a person who signed in, and the log has an event of that.
const CREDENTIALS_MAX: usize = 10_000;

/// The budgets of one process. A start begins them again.
#[derive(Debug, Default)]
pub struct Rejected(Mutex<Counts>);

/// What one holder did beyond the budget.
#[derive(Debug)]
pub struct Beyond {
    /// A caller without authority, who names the credential.
    pub caller: Arc<Caller>,
    /// Time of the first event that was left out.
    pub from_ms: i64,
    pub count: u64,
}

#[derive(Debug, Default)]
struct Counts {
    /// The number of the day since 1970.
    day: i64,
    /// Number of events of each credential on this day.
    written: HashMap<String, u32>,
    left_out: HashMap<String, Beyond>,
    left_out_total: u64,
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
        let is_due =
            |_: &String, beyond: &mut Beyond| is_last || beyond.from_ms.div_euclid(HOUR_MS) != hour;
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
            (self.day, self.written) = (day, HashMap::new());
        }
        let mut credential = credential(caller);
        if self.written.len() >= CREDENTIALS_MAX && !self.written.contains_key(credential) {
            credential = "";
        }
        let written = self.written.entry(credential.to_owned()).or_default();
        if *written < DAY_MAX {
            *written += 1;
            return true;
        }
        self.left_out_total += 1;
        let beyond = self.left_out.entry(credential.to_owned()).or_insert_with(|| Beyond {
            caller: Arc::clone(caller),
            from_ms: now_ms,
            count: 0,
        });
        beyond.count += 1;
        false
    }
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
        Principal::Anonymous | Principal::Unproven(_) | Principal::Portico => "",
    }
}

#[cfg(test)]
mod tests {
    use policy::NamedPerson;

    use super::*;

    const NOW_MS: i64 = 20_000 * DAY_MS;

    fn holder(number: usize) -> Arc<Caller> {
        let session_id: SessionId =
            format!("{number:08}-0000-4000-8000-000000000000").parse().unwrap();
        let person = NamedPerson {
            identity_store_id: "d-1234567890".parse().unwrap(),
            user_id: "11111111-2222-4333-8444-555555555555".parse().unwrap(),
            session_id: Some(session_id),
        };
        Arc::new(Caller { principal: Principal::NamedPerson(person), policies: Vec::new() })
    }

    fn admitted(rejected: &Rejected, caller: &Arc<Caller>, times: usize, now_ms: i64) -> usize {
        (0..times).filter(|_| rejected.admit(caller, now_ms)).count()
    }

    #[test]
    fn each_credential_has_a_budget_by_day() {
        let rejected = Rejected::default();
        let all = DAY_MAX as usize;
        for number in 0..3 {
            assert_eq!(admitted(&rejected, &holder(number), all + 5, NOW_MS), all);
        }
        assert_eq!(rejected.left_out_total(), 15);
        assert_eq!(admitted(&rejected, &holder(0), 1, NOW_MS + DAY_MS - 1), 0);
        assert_eq!(admitted(&rejected, &holder(0), all + 1, NOW_MS + DAY_MS), all);
    }

    #[test]
    fn what_was_left_out_is_told_once_an_hour_under_the_name_of_the_holder() {
        let rejected = Rejected::default();
        admitted(&rejected, &holder(7), DAY_MAX as usize + 3, NOW_MS + 1);
        assert!(rejected.take(NOW_MS + HOUR_MS - 1, false).is_empty());
        let [beyond] = rejected.take(NOW_MS + HOUR_MS, false).try_into().unwrap();
        assert_eq!((beyond.from_ms, beyond.count), (NOW_MS + 1, 3));
        assert_eq!(credential(&beyond.caller), credential(&holder(7)));
        assert!(rejected.take(NOW_MS + 2 * HOUR_MS, true).is_empty());
        admitted(&rejected, &holder(7), 1, NOW_MS + 2 * HOUR_MS);
        assert_eq!(rejected.take(NOW_MS + 2 * HOUR_MS, true).len(), 1);
    }

    #[test]
    fn the_table_of_credentials_is_bounded() {
        let rejected = Rejected::default();
        for number in 0..CREDENTIALS_MAX {
            assert!(rejected.admit(&holder(number), NOW_MS));
        }
        let beyond = (CREDENTIALS_MAX..CREDENTIALS_MAX + 500).map(holder);
        assert_eq!(beyond.filter(|it| rejected.admit(it, NOW_MS)).count(), DAY_MAX as usize);
        assert_eq!(rejected.counts().written.len(), CREDENTIALS_MAX + 1);
        assert_eq!(rejected.take(NOW_MS, true).len(), 1);
    }
}
