//! The password of a user.

use super::hash::PasswordHash;

/// The password that a user signs in with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UserPassword {
    pub hash: PasswordHash,
    pub kind: PasswordKind,
    /// The number of changes. It tells a change that was started from a later one.
    pub revision: i64,
}

/// The origin and state of a password.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PasswordKind {
    /// The person chose the password.
    Chosen,
    /// An administrator received the password. It allows one sign-in, which must choose another.
    OneTime { expires_at_ms: i64 },
    /// The one-time password was used.
    Spent,
}

impl PasswordKind {
    /// The name in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chosen => "CHOSEN",
            Self::OneTime { .. } => "ONE_TIME",
            Self::Spent => "SPENT",
        }
    }
}
