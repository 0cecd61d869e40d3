//! Uses of sessions, noted in memory until [`sessions::uses`](crate::sessions::uses) writes them.
//!
//! A request that only reads does not wait for a write. What a server has not written when it dies is at most the uses of a
//! second.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::ids::{IdentityStoreId, SessionId};
use model::session::{Session, SessionKind};
use model::session_settings::SessionSettings;

/// Time for which no further use of a session is noted where inactivity ends sessions.
const NOTED_MS: i64 = 60 * 1000;

/// Time for which no further use is noted elsewhere: it is only shown to the person.
const NOTED_SELDOM_MS: i64 = 15 * 60 * 1000;

/// Maximum number of sessions whose use waits to be written. A use beyond is noted with the next request.
const WAITING_MAX: usize = 10_000;

/// A session, and the time of its use.
pub(crate) type SessionUse = ((IdentityStoreId, SessionId), i64);

/// Sessions that were used, with the time.
#[derive(Default)]
pub struct SessionUses(Mutex<BTreeMap<(IdentityStoreId, SessionId), i64>>);

impl SessionUses {
    /// Notes that a session was used, and with the session of a client the portal session that it belongs to.
    pub fn note(&self, session: &Session, settings: &SessionSettings, now_ms: i64) {
        let pause_ms =
            if settings.inactivity_minutes.is_some() { NOTED_MS } else { NOTED_SELDOM_MS };
        if now_ms - session.used_at_ms < pause_ms {
            return;
        }
        let parent_id = match &session.kind {
            SessionKind::Portal => None,
            SessionKind::Client { parent_id, .. } => Some(parent_id),
        };
        let mut waiting = self.waiting();
        for id in [Some(&session.id), parent_id].into_iter().flatten() {
            let key = (session.identity_store_id.clone(), id.clone());
            if waiting.len() < WAITING_MAX || waiting.contains_key(&key) {
                waiting.insert(key, now_ms);
            }
        }
    }

    /// Takes the noted uses out.
    pub(crate) fn take(&self) -> Vec<SessionUse> {
        std::mem::take(&mut *self.waiting()).into_iter().collect()
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<(IdentityStoreId, SessionId), i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
