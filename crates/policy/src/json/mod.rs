//! JSON as policy documents use it: values that know their place in the document.

mod flaw;
mod node;
mod read;

pub(crate) use flaw::{Flaw, quoted};
pub(crate) use node::{Members, Node, Value};
pub(crate) use read::read;

#[cfg(test)]
mod tests;
