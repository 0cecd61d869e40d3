//! `Revision`: optimistic concurrency control. A change is refused if another one came in between.

use std::str::FromStr;

use model::Fault;

/// Revision that the caller expects to be the current one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Revision(String);

impl Revision {
    /// Refuses a request that expects another revision. A request without a revision always passes.
    // AWS: a revision is opaque, so `01` is not `1`.
    pub(super) fn require_current(expected: Option<&Self>, current: i64) -> Result<(), Fault> {
        match expected {
            Some(Self(expected)) if *expected != current.to_string() => Err(Fault::StaleRevision),
            Some(_) | None => Ok(()),
        }
    }
}

impl FromStr for Revision {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !(1..=64).contains(&text.len()) {
            return Err("have length between 1 and 64");
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("hold digits only");
        }
        Ok(Self(text.to_owned()))
    }
}
