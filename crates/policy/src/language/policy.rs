//! A policy, parsed.

use model::Fault;

use super::parse::parse_document;
use super::policy_type::PolicyType;
use super::statement::Statement;

/// A policy document, parsed and ready to evaluate.
#[derive(Clone, Debug)]
pub struct Policy {
    of_type: PolicyType,
    name: Box<str>,
    statements: Box<[Statement]>,
}

impl Policy {
    /// Reads a document; `name` is its name in explanations and errors. The error has line and column.
    pub fn parse(policy_type: PolicyType, name: &str, document: &str) -> Result<Self, Fault> {
        let statements = parse_document(policy_type, document)
            .map_err(|flaw| Fault::invalid(name.to_owned(), flaw.located(document)))?;
        Ok(Self { of_type: policy_type, name: name.into(), statements })
    }

    /// An identity-based policy that allows nothing.
    pub(crate) fn nothing(name: &str) -> Self {
        let of_type = PolicyType::IdentityBased;
        Self { of_type, name: name.into(), statements: Box::default() }
    }

    #[must_use]
    pub fn policy_type(&self) -> PolicyType {
        self.of_type
    }

    /// The name of the policy in explanations.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn statements(&self) -> &[Statement] {
        &self.statements
    }
}
