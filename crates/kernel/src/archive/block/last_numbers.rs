//! The last number of each writer, from which the next one is counted.

use std::collections::BTreeMap;

/// The last number of each writer.
#[derive(Default)]
pub(super) struct LastNumbers(BTreeMap<String, i64>);

impl LastNumbers {
    pub(super) fn of(&self, writer: &str) -> i64 {
        self.0.get(writer).copied().unwrap_or_default()
    }

    /// Returns the number before.
    pub(super) fn replace(&mut self, writer: &str, number: i64) -> i64 {
        match self.0.get_mut(writer) {
            Some(last) => std::mem::replace(last, number),
            None => self.0.insert(writer.to_owned(), number).unwrap_or_default(),
        }
    }
}
