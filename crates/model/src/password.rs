//! Passwords: what people type, what they may choose, and what is kept of it.
//!
//! AWS IAM Identity Center User Guide, "Password requirements when managing identities".

use std::fmt;
use std::str::FromStr;

/// What somebody typed as their password. It is shown and logged nowhere.
#[derive(Clone, Eq, PartialEq)]
pub struct Password(String);

impl Password {
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl FromStr for Password {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        (1..=1024)
            .contains(&text.len())
            .then(|| Self(text.to_owned()))
            .ok_or("have length between 1 and 1024")
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A password that keeps to the rules that can be told from itself.
#[derive(Clone, Eq, PartialEq)]
pub struct NewPassword(String);

impl NewPassword {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// AWS: the characters that the fourth class is made of.
const SYMBOLS: &str = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/";

impl FromStr for NewPassword {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !(8..=64).contains(&text.chars().count()) {
            return Err("have between 8 and 64 characters");
        }
        if text.chars().any(char::is_control) {
            return Err("hold no control characters");
        }
        let has = |class: fn(char) -> bool| text.chars().any(class);
        if !has(|c| c.is_ascii_lowercase()) {
            return Err("hold a lower-case letter (a-z)");
        }
        if !has(|c| c.is_ascii_uppercase()) {
            return Err("hold an upper-case letter (A-Z)");
        }
        if !has(|c| c.is_ascii_digit()) {
            return Err("hold a digit (0-9)");
        }
        if !has(|c| SYMBOLS.contains(c)) {
            return Err("hold a symbol (~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/)");
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

/// The cost of a hash.
// RFC 9106 §3.1, in the spelling of the PHC string format: `m=19456,t=2,p=1`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct HashCost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

/// RFC 9106 §3.1: the least memory that Argon2 takes, for one lane.
const MEMORY_KIB_MIN: u64 = 8;

impl HashCost {
    /// How much there is to do for one hash, which is how long it takes: KiB that are passed over.
    #[must_use]
    pub fn work(&self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }

    /// What is to be done besides a hash of this cost, to have done as much as for one of `whole`:
    /// none if that is no more, or too little to be told.
    #[must_use]
    pub fn rest_of(&self, whole: Self) -> Option<Self> {
        let rest = whole.work().checked_sub(self.work())?;
        let memory_kib = rest.checked_div(u64::from(whole.passes))?;
        let memory_kib = u32::try_from(memory_kib).ok()?;
        let is_hash = u64::from(memory_kib) >= MEMORY_KIB_MIN;
        is_hash.then_some(Self { memory_kib, passes: whole.passes, lanes: 1 })
    }
}

impl FromStr for HashCost {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let mut parts = text.split(',');
            let mut number = |name| parts.next()?.strip_prefix(name)?.parse::<u32>().ok();
            let cost =
                Self { memory_kib: number("m=")?, passes: number("t=")?, lanes: number("p=")? };
            parts.next().is_none().then_some(cost)
        };
        read().ok_or("be the cost of a hash, m=<KiB>,t=<passes>,p=<lanes>")
    }
}

impl fmt::Display for HashCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { memory_kib, passes, lanes } = self;
        write!(f, "m={memory_kib},t={passes},p={lanes}")
    }
}

/// What is kept of a password.
#[derive(Clone, Eq, PartialEq)]
pub struct PasswordHash {
    pub cost: HashCost,
    pub salt: [u8; 16],
    pub hash: [u8; 32],
}

// INVARIANT: a hash can be guessed against, so it is written nowhere but into its row.
impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordHash").field("cost", &self.cost).finish_non_exhaustive()
    }
}

/// The password that a person signs in with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UserPassword {
    pub hash: PasswordHash,
    pub kind: PasswordKind,
    /// Counts the changes, so that a started change can be told from a later one.
    pub revision: i64,
}

/// Where a password comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PasswordKind {
    /// The person chose it.
    Chosen,
    /// An administrator was given it; it is good for one sign-in, to choose another.
    OneTime { expires_at_ms: i64 },
    /// It was good for one sign-in.
    Spent,
}

impl PasswordKind {
    /// The word of the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chosen => "CHOSEN",
            Self::OneTime { .. } => "ONE_TIME",
            Self::Spent => "SPENT",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_of_all_four_classes_is_taken() {
        for text in ["aA1~aaaa", "Correct-Horse-9", &format!("aA1{}", "/".repeat(61)), "äöüA1 b?"]
        {
            assert!(text.parse::<NewPassword>().is_ok(), "{text}");
        }
    }

    #[test]
    fn a_password_against_a_rule_is_refused_with_the_rule() {
        for (text, rule) in [
            ("aA1~aaa", "have between 8 and 64 characters"),
            (&format!("aA1{}", "/".repeat(62)), "have between 8 and 64 characters"),
            ("AAAA1111!", "hold a lower-case letter (a-z)"),
            ("aaaa1111!", "hold an upper-case letter (A-Z)"),
            ("aaaaAAAA!", "hold a digit (0-9)"),
            ("aaaaAAAA1", "hold a symbol (~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/)"),
            ("aA1~aaa\n", "hold no control characters"),
        ] {
            assert_eq!(text.parse::<NewPassword>(), Err(rule), "{text:?}");
        }
    }

    #[test]
    fn what_people_typed_does_not_show_in_logs() {
        let typed: Password = "secret".parse().unwrap();
        let chosen: NewPassword = "aA1~aaaa".parse().unwrap();
        assert_eq!(format!("{typed:?} {chosen:?}"), "Password(…) NewPassword(…)");
    }

    #[test]
    fn a_cost_reads_back_as_it_was_written() {
        let cost = HashCost { memory_kib: 19_456, passes: 2, lanes: 1 };
        assert_eq!(cost.to_string(), "m=19456,t=2,p=1");
        assert_eq!(cost.to_string().parse(), Ok(cost));
        for text in ["", "m=1,t=1", "m=1,t=1,p=1,", "m=-1,t=1,p=1"] {
            assert!(text.parse::<HashCost>().is_err(), "{text}");
        }
    }
}
