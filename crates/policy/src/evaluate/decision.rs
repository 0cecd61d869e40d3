//! Decisions and their reasons.
//!
//! IAM User Guide, "Troubleshoot access denied error messages". The texts end the sentence "… is not
//! authorized to perform: … on resource: … because …".

use std::fmt;

use crate::language::{Label, Policy, PolicyType, Statement};

/// The decision of policies about a request, with its reason.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Decision<'a> {
    /// The statement allows the request, and nothing denies or limits it.
    Allowed(Deciding<'a>),
    /// The statement denies the request, whatever allows it.
    ExplicitDeny(Deciding<'a>),
    /// No policy of the type allows the request.
    ImplicitDeny { lacking: PolicyType, action: &'a str },
    /// The policies are so long, and so is the request, that they were not evaluated to the end.
    TooMuchWork,
}

/// The statement that decided.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Deciding<'a> {
    pub policy_type: PolicyType,
    /// Name of the policy.
    pub policy: &'a str,
    /// Place of the statement in the policy, counted from 1.
    pub number: usize,
    pub statement: &'a Label,
}

impl Decision<'_> {
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }
}

impl<'a> Deciding<'a> {
    pub(super) fn new(policy: &'a Policy, number: usize, statement: &'a Statement) -> Self {
        let policy_type = policy.policy_type();
        Self { policy_type, policy: policy.name(), number, statement: &statement.label }
    }
}

impl fmt::Display for Decision<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed(by) => write!(f, "{} allows it: {by}", by.policy_type.one()),
            Self::ExplicitDeny(by) => {
                write!(f, "of an explicit deny in {}: {by}", by.policy_type.one())
            }
            Self::ImplicitDeny { lacking, action } => {
                write!(f, "no {lacking} allows the {action} action")
            }
            Self::TooMuchWork => f.write_str(
                "its policies take too long to evaluate for this request: they compare long texts \
                with many long patterns",
            ),
        }
    }
}

impl fmt::Display for Deciding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { policy, statement, .. } = self;
        write!(f, "{policy}, {statement}")
    }
}
