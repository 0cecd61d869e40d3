//! The types of policies.
//!
//! IAM User Guide, "Policies and permissions", policy types.

use std::fmt;

/// The type of a policy: what it is attached to, and so what it may say.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PolicyType {
    /// Attached to a role or a user: grants.
    IdentityBased,
    /// Attached to a role or a user: limits what its identity-based policies grant.
    PermissionsBoundary,
    /// Given with the request for a session: limits what the session may do.
    Session,
    /// Attached to a resource, such as a bucket: grants to the principals that it names.
    ResourceBased,
    /// Attached to a role: says who may assume it.
    RoleTrust,
    /// Attached to an organization's root, unit or account: limits the accounts below.
    ServiceControl,
}

impl PolicyType {
    /// Tells whether statements name principals.
    pub(crate) fn has_principals(self) -> bool {
        match self {
            Self::ResourceBased | Self::RoleTrust => true,
            Self::IdentityBased
            | Self::PermissionsBoundary
            | Self::Session
            | Self::ServiceControl => false,
        }
    }

    /// The type as refusals name it.
    // AWS: IAM User Guide, "Troubleshoot access denied error messages".
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::IdentityBased => "identity-based policy",
            Self::PermissionsBoundary => "permissions boundary",
            Self::Session => "session policy",
            Self::ResourceBased => "resource-based policy",
            Self::RoleTrust => "role trust policy",
            Self::ServiceControl => "service control policy",
        }
    }

    /// The name with its article.
    pub(crate) fn one(self) -> String {
        let article = if self == Self::IdentityBased { "an" } else { "a" };
        format!("{article} {self}")
    }
}

impl fmt::Display for PolicyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
