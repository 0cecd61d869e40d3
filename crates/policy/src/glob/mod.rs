//! Patterns: text with `*`, `?` and policy variables.
//!
//! IAM User Guide, "Resource" (wildcards) and "Policy variables".
//!
//! INVARIANT: matching needs at most as many steps as the product of the lengths of pattern and text,
//! and no recursion, because only the last `*` is ever retried.

mod matches;
mod parse;
mod pattern;

pub(crate) use pattern::{Case, Glob, Syntax};

#[cfg(test)]
mod tests;
