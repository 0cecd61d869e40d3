//! The policies that decide about a caller, by type.

use std::sync::Arc;

use crate::language::{Policy, PolicyType};

/// The policies that decide about a caller.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    /// An empty list allows nothing.
    pub identity_based: Vec<Arc<Policy>>,
    /// Limits the caller, if there is one.
    pub permissions_boundary: Option<Arc<Policy>>,
    /// Limit the session together, if there are any.
    pub session: Vec<Arc<Policy>>,
    /// The service control policies of the root, of each unit on the way down, and of the account. Each level
    /// limits the caller.
    pub service_control: Vec<Vec<Arc<Policy>>>,
}

/// The policy of a resource, with the place of the resource.
#[derive(Clone, Copy, Debug)]
pub struct ResourcePolicy<'a> {
    /// Of the type `ResourceBased`, or `RoleTrust` for a role to be assumed.
    pub policy: &'a Policy,
    /// Account that owns the resource.
    pub account: &'a str,
}

impl Policies {
    /// The policies of a caller without any limit.
    #[must_use]
    pub fn identity_based(policies: Vec<Arc<Policy>>) -> Self {
        Self { identity_based: policies, ..Self::default() }
    }

    /// Policies with this type as their own.
    // INVARIANT: a policy of another type, put into the wrong list, applies nowhere.
    pub(super) fn of_type(
        policies: &[Arc<Policy>],
        policy_type: PolicyType,
    ) -> impl Iterator<Item = &Policy> {
        let policies = policies.iter().map(Arc::as_ref);
        policies.filter(move |policy| policy.policy_type() == policy_type)
    }
}
