//! A policy, parsed.

use model::Fault;

use super::parse::parse_document;
use super::statement::Statement;

/// A policy document, parsed and ready to evaluate.
#[derive(Clone, Debug)]
pub struct Policy {
    name: Box<str>,
    statements: Box<[Statement]>,
}

impl Policy {
    /// Reads a document; `name` is its name in explanations and errors.
    pub fn parse(name: &str, document: &str) -> Result<Self, Fault> {
        let statements = parse_document(document)
            .map_err(|must| Fault::Invalid { field: name.to_owned().into(), must })?;
        Ok(Self { name: name.into(), statements })
    }

    /// A policy that allows nothing.
    pub(crate) fn nothing(name: &str) -> Self {
        Self { name: name.into(), statements: Box::default() }
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
