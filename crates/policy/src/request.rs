//! A request as policies see it.
//!
//! IAM User Guide, "Policy evaluation logic", the request context.

use std::borrow::Cow;

/// A request as policies see it.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// `service:Action`.
    pub action: &'a str,
    /// ARN, or `*` for actions that have none.
    pub resource: &'a str,
    pub requester: Requester<'a>,
    pub facts: &'a dyn Facts,
}

/// The principal of a request by the names that resource-based policies have for it. A name that the
/// principal does not have is `None`; a stranger has none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Requester<'a> {
    /// Account of the principal, 12 digits.
    pub account: Option<&'a str>,
    /// ARN of the user or the role.
    pub arn: Option<&'a str>,
    /// ARN of the session of the role or of the federated user.
    pub session_arn: Option<&'a str>,
    /// `AIDA…` or `AROA…`.
    pub unique_id: Option<&'a str>,
    /// Identity provider, by its ARN or its domain.
    pub provider: Option<&'a str>,
    /// Service of AWS, such as `ec2.amazonaws.com`.
    pub service: Option<&'a str>,
}

/// The condition keys of a request.
///
/// INVARIANT: a caller of [`authorize`](crate::authorize) supplies the keys that
/// [`supplied`](crate::supplied) lists for the action.
pub trait Facts {
    /// The values of a condition key, which is in lower case.
    fn values(&self, key: &str) -> Values<'_>;
}

/// The values of a condition key in a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Values<'a> {
    Missing,
    One(Cow<'a, str>),
    /// Only keys that AWS calls multivalued. The list may be empty.
    Several(Vec<Cow<'a, str>>),
}

impl Values<'_> {
    /// Tells whether there is no value.
    pub(crate) fn is_missing(&self) -> bool {
        match self {
            Self::Missing => true,
            Self::One(_) => false,
            Self::Several(values) => values.is_empty(),
        }
    }
}

/// Facts without any key.
pub struct NoFacts;

impl Facts for NoFacts {
    fn values(&self, _: &str) -> Values<'_> {
        Values::Missing
    }
}

impl<'a> From<Option<&'a str>> for Values<'a> {
    fn from(value: Option<&'a str>) -> Self {
        value.map_or(Self::Missing, |value| Self::One(value.into()))
    }
}

impl From<Option<String>> for Values<'_> {
    fn from(value: Option<String>) -> Self {
        value.map_or(Self::Missing, |value| Self::One(value.into()))
    }
}

impl<'a> Request<'a> {
    /// A request of a principal whom no resource-based policy can name.
    #[must_use]
    pub fn new(action: &'a str, resource: &'a str, facts: &'a dyn Facts) -> Self {
        Self { action, resource, requester: Requester::default(), facts }
    }
}
