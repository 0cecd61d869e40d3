//! `Revision`: a change is refused if somebody else made one in between.

use std::str::FromStr;

use model::Fault;

/// The revision that a caller believes to be the current one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Revision(String);

impl Revision {
    /// Refuses a caller whose belief is not true. Who says nothing believes nothing.
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
