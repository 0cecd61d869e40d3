//! The callers that no credentials make: Portico itself, unauthenticated clients, and callers who are
//! rejected.

use std::sync::Arc;

use policy::{Caller, ClaimedKey, Policies, Principal, builtin};

/// Makes Portico itself as a caller, for jobs and startup.
#[must_use]
pub fn itself() -> Arc<Caller> {
    Arc::new(Caller {
        principal: Principal::Portico,
        policies: Policies::identity_based(vec![builtin::portico()]),
    })
}

/// Makes an unauthenticated caller.
#[must_use]
pub fn anonymous() -> Arc<Caller> {
    Arc::new(Caller {
        principal: Principal::Anonymous,
        policies: Policies::identity_based(vec![builtin::anonymous()]),
    })
}

/// Makes the caller of a request that names a key without proof.
#[must_use]
pub(crate) fn unproven(key: ClaimedKey) -> Arc<Caller> {
    without_authority(Principal::Unproven(key))
}

/// Makes a caller to whom nothing is allowed.
#[must_use]
pub(crate) fn without_authority(principal: Principal) -> Arc<Caller> {
    Arc::new(Caller { principal, policies: Policies::default() })
}
