//! The callers that no credentials make: Portico itself, and unauthenticated clients.

use std::sync::Arc;

use policy::{Caller, Principal, builtin};

/// Makes Portico itself as a caller, for jobs and startup.
#[must_use]
pub fn itself() -> Arc<Caller> {
    Arc::new(Caller { principal: Principal::Portico, policies: vec![builtin::portico()] })
}

/// Makes an unauthenticated caller.
#[must_use]
pub fn anonymous() -> Arc<Caller> {
    Arc::new(Caller { principal: Principal::Anonymous, policies: vec![builtin::anonymous()] })
}
