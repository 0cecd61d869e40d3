//! Cache of the callers that role credentials belong to.
//!
//! INVARIANT: a cached caller is valid only while `Signals::authority` has the number that it had
//! before the lookup. Every commit that can end or narrow an authority raises the number before it
//! is answered, so a change takes effect at the next call. Commits of other nodes raise it by
//! notification.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use policy::Caller;
use protocol::sigv4::SigningKey;

/// Maximum number of cached callers. Each takes about 3 KiB.
const CACHED_MAX: usize = 10_000;

/// The caller of an opened session token.
pub(crate) struct CachedCaller {
    pub(crate) caller: Arc<Caller>,
    pub(crate) access_key_id: String,
    pub(crate) expires_at_ms: i64,
    pub(crate) secret: String,
    /// Signing key of the last scope. Clients rarely change their scope.
    pub(crate) signing_key: Mutex<Option<(String, SigningKey)>>,
    /// `Signals::authority` before the lookup.
    pub(crate) authority: u64,
}

/// Cached callers by session token.
#[derive(Default)]
pub struct CallerCache {
    cached: Mutex<HashMap<String, Arc<CachedCaller>>>,
}

impl CallerCache {
    /// Finds the caller of a token, if `Signals::authority` still has the number of the lookup.
    pub(crate) fn find(&self, token: &str, authority: u64) -> Option<Arc<CachedCaller>> {
        let cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        cached.get(token).filter(|cached| cached.authority == authority).cloned()
    }

    pub(crate) fn insert(&self, token: &str, caller: &Arc<CachedCaller>) {
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if cached.len() >= CACHED_MAX {
            cached.clear(); // A repeated lookup costs a few dozen microseconds.
        }
        cached.insert(token.to_owned(), Arc::clone(caller));
    }
}
