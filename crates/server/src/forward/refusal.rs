//! The answer of a target that takes no events.

use std::fmt;
use std::time::Duration;

/// Why a target took nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Refusal {
    pub(super) why: String,
    /// Time after which the target wants to be asked again.
    pub(super) retry_after: Option<Duration>,
}

impl Refusal {
    pub(super) fn new(why: impl fmt::Display) -> Self {
        Self { why: why.to_string(), retry_after: None }
    }
}
