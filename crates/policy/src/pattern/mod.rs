//! Patterns: text with `*`, `?` and policy variables.
//!
//! IAM User Guide, "Resource" (wildcards), "Policy variables", "ARN condition operators".
//!
//! INVARIANT: a list of patterns is matched in a number of steps that is at most the length of the text
//! times the length of all patterns, divided by the bits of a word (decision 0045). Each step is counted
//! in the [`Evaluation`](crate::evaluation::Evaluation).

mod automaton;
mod list;
mod parse;
mod piece;

pub(crate) use list::{Form, Patterns};
pub(crate) use parse::Syntax;
pub(crate) use piece::{Pattern, Piece};

#[cfg(test)]
mod tests;
