//! Policy documents, parsed and ready to evaluate.
//!
//! IAM User Guide, "Grammar of the IAM JSON policy language".
//!
//! INVARIANT: evaluation ignores no part of a document. An unsupported element, operator or key is
//! refused by the parser, with an error that names it.

mod parse;
mod policy;
mod statement;

pub use policy::Policy;
pub use statement::Label;
pub(crate) use statement::{Effect, Statement};

#[cfg(test)]
mod tests;
