//! Cache of compiled policies, by their documents.
//!
//! All sessions of a role share one compiled policy. A document that was edited is another document, so nothing in
//! the cache is ever wrong.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::Fault;
use policy::{Policy, PolicyType};

/// Maximum length of the cached documents together, in bytes. A compiled policy has at most ten times the length
/// of its document, except for a few of hostile make.
const DOCUMENTS_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Compiled identity-based policies, by name and document.
#[derive(Default)]
pub struct PolicyCache {
    cached: Mutex<Cached>,
}

#[derive(Default)]
struct Cached {
    policies: HashMap<String, Arc<Policy>>,
    documents_bytes: usize,
}

impl PolicyCache {
    /// Finds a compiled policy, or compiles it. `name` is its name in explanations, one for each use of the cache.
    pub(crate) fn compile(&self, name: &'static str, document: &str) -> Result<Arc<Policy>, Fault> {
        let found =
            self.lock().policies.get(document).filter(|policy| policy.name() == name).cloned();
        if let Some(policy) = found {
            return Ok(policy);
        }
        // No lock is held meanwhile, because the longest document takes milliseconds.
        let policy = Arc::new(Policy::parse(PolicyType::IdentityBased, name, document)?);
        let mut cached = self.lock();
        if cached.documents_bytes + document.len() > DOCUMENTS_BYTES_MAX {
            *cached = Cached::default();
        }
        // Another thread may have compiled the same document meanwhile.
        if cached.policies.insert(document.to_owned(), Arc::clone(&policy)).is_none() {
            cached.documents_bytes += document.len();
        }
        Ok(policy)
    }

    fn lock(&self) -> MutexGuard<'_, Cached> {
        self.cached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(number: usize) -> String {
        let sid = format!("{number}{}", "x".repeat(10_000));
        format!(r#"{{"Statement":{{"Sid":"{sid}","Effect":"Deny","Action":"*","Resource":"*"}}}}"#)
    }

    #[test]
    fn a_document_is_compiled_once() {
        let cache = PolicyCache::default();
        let first = cache.compile("Inline", &document(1)).unwrap();
        assert!(Arc::ptr_eq(&first, &cache.compile("Inline", &document(1)).unwrap()));
        assert!(!Arc::ptr_eq(&first, &cache.compile("Inline", &document(2)).unwrap()));
        assert_eq!(cache.compile("Other", &document(1)).unwrap().name(), "Other");
        assert!(cache.compile("Inline", "{}").is_err());
    }

    #[test]
    fn the_cache_does_not_grow_without_end() {
        let cache = PolicyCache::default();
        for number in 0..1000 {
            cache.compile("Inline", &document(number)).unwrap();
            assert!(cache.lock().documents_bytes <= DOCUMENTS_BYTES_MAX);
        }
        assert!(cache.lock().policies.len() > 100);
    }
}
