//! The AWS managed policies that the console offers for predefined permission sets.
//!
//! IAM Identity Center User Guide, "Predefined permissions". `README.md` in this folder names the
//! source and the licence of the documents.

use std::fmt;
use std::sync::{Arc, LazyLock};

use crate::{Policy, PolicyType};

/// A managed policy, as a part of the program.
pub struct ManagedPolicy {
    pub name: &'static str,
    pub arn: &'static str,
    /// The JSON text.
    pub document: &'static str,
    compiled: LazyLock<Arc<Policy>>,
}

impl ManagedPolicy {
    /// The policy, ready to evaluate. It is compiled at first use, because the longest one takes time
    /// and most servers never need it.
    #[must_use]
    pub fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.compiled)
    }
}

impl fmt::Debug for ManagedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManagedPolicy").field(&self.arn).finish()
    }
}

/// The policy with this ARN.
#[must_use]
pub fn find(arn: &str) -> Option<&'static ManagedPolicy> {
    all().iter().find(|managed| managed.arn == arn)
}

/// All managed policies, in the order of the console.
#[must_use]
pub fn all() -> &'static [ManagedPolicy] {
    &MANAGED
}

/// Compiles a document that is part of the program.
// INVARIANT: a document that does not parse allows nothing. Tests prove that each one parses.
pub(crate) fn compile(name: &str, document: &str) -> Arc<Policy> {
    let parsed = Policy::parse(PolicyType::IdentityBased, name, document);
    Arc::new(parsed.unwrap_or_else(|_| Policy::nothing(name)))
}

macro_rules! managed {
    ($path:literal, $name:literal) => {
        ManagedPolicy {
            name: $name,
            arn: concat!("arn:aws:iam::aws:policy", $path, $name),
            document: include_str!(concat!($name, ".json")),
            compiled: LazyLock::new(|| compile($name, include_str!(concat!($name, ".json")))),
        }
    };
}

static MANAGED: [ManagedPolicy; 11] = [
    managed!("/", "AdministratorAccess"),
    managed!("/", "PowerUserAccess"),
    managed!("/", "ReadOnlyAccess"),
    managed!("/job-function/", "ViewOnlyAccess"),
    managed!("/job-function/", "Billing"),
    managed!("/job-function/", "DataScientist"),
    managed!("/job-function/", "DatabaseAdministrator"),
    managed!("/job-function/", "NetworkAdministrator"),
    managed!("/", "SecurityAudit"),
    managed!("/job-function/", "SupportUser"),
    managed!("/job-function/", "SystemAdministrator"),
];

#[cfg(test)]
mod tests;
