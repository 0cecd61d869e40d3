//! Policy documents, parsed and ready to evaluate.
//!
//! IAM User Guide, "Grammar of the IAM JSON policy language".
//!
//! INVARIANT: evaluation ignores no part of a document. What the parser does not know it refuses, with an
//! error that names it and its place.

mod parse;
mod policy;
mod policy_type;
mod statement;

pub use policy::Policy;
pub use policy_type::PolicyType;
pub use statement::Label;
pub(crate) use statement::{Effect, Statement};

#[cfg(test)]
mod tests;
