//! The element Condition: the requests to which a statement applies.
//!
//! IAM User Guide, "Condition operators", "Conditions with multiple context keys or values",
//! "Single-valued vs. multivalued context keys".

mod comparison;
mod holds;
mod number;
mod operator;
mod parse;
mod time;

use comparison::Comparison;
use operator::Quantifier;

use crate::key::Key;

/// A key under an operator, with its values. All conditions of a statement have to hold.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) key: Key,
    quantifier: Quantifier,
    /// True for `…IfExists`: the condition holds for a request without the key.
    if_exists: bool,
    /// True for `…Not…`: the condition holds if the comparison does not.
    negated: bool,
    comparison: Comparison,
    /// The keys of policy variables in the values.
    pub(crate) variables: Box<[Key]>,
}

#[cfg(test)]
mod tests;
