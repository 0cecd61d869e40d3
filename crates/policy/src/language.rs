//! Policy documents, and what they say of a request. (First cut: one statement that allows all.)

use model::Fault;

/// A policy document, parsed and ready to evaluate.
#[derive(Clone, Debug, Default)]
pub struct Policy;

/// One request as policies see it.
pub struct Request<'a> {
    /// `service:Action`.
    pub action: &'a str,
    /// ARN, or `*` for actions that have none.
    pub resource: &'a str,
    pub facts: &'a dyn Facts,
}

/// What conditions may ask of a request.
pub trait Facts {
    /// The values of a condition key (any case), or `None` if the request has no such key.
    fn values(&self, key: &str) -> Option<Vec<String>>;
}

/// A request of which nothing is known.
pub struct NoFacts;

impl Facts for NoFacts {
    fn values(&self, _: &str) -> Option<Vec<String>> {
        None
    }
}

/// What the policies say, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Decision {
    pub allowed: bool,
    /// Finishes "… because …".
    pub because: String,
}

impl Policy {
    /// Reads a document; `name` is what explanations call it.
    pub fn parse(_name: &str, _document: &str) -> Result<Self, Fault> {
        Ok(Self)
    }
}

/// Default deny; an explicit Deny wins.
#[must_use]
pub fn evaluate(policies: &[std::sync::Arc<Policy>], _request: &Request<'_>) -> Decision {
    Decision { allowed: !policies.is_empty(), because: "no identity-based policy allows it".to_owned() }
}
