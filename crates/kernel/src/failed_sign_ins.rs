//! Attempts to sign in that were in vain, noted in memory until they are written into the history of their person.
//!
//! INVARIANT: an attempt takes the same time for a name that is nobody's. A row that is written at once for a name that
//! exists would tell who is a user.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::ids::{IdentityStoreId, UserId};
use model::sign_in_record::{CredentialType, SignInRecord};

/// Maximum number of records that wait to be written. Attempts beyond are only in the audit log.
const WAITING_MAX: usize = 1000;

/// The person, what was shown, and the address.
type Place = (IdentityStoreId, UserId, CredentialType, String);

/// Attempts in vain that wait to be written.
#[derive(Default)]
pub struct FailedSignIns(Mutex<BTreeMap<Place, SignInRecord>>);

impl FailedSignIns {
    /// Notes an attempt. Those of a person from one address become one record.
    pub fn note(&self, record: SignInRecord) {
        let place = (
            record.identity_store_id.clone(),
            record.user_id.clone(),
            record.credential_type,
            record.source_address.clone(),
        );
        let mut waiting = self.waiting();
        if let Some(noted) = waiting.get_mut(&place) {
            noted.attempts += record.attempts;
            noted.at_ms = record.at_ms;
        } else if waiting.len() < WAITING_MAX {
            waiting.insert(place, record);
        }
    }

    /// Takes the noted attempts out.
    pub fn take(&self) -> Vec<SignInRecord> {
        std::mem::take(&mut *self.waiting()).into_values().collect()
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<Place, SignInRecord>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
