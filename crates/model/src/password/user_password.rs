//! The password of a user.

use super::hash::StoredHash;
use super::voucher::Voucher;

/// The password that a user signs in with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UserPassword {
    pub hash: StoredHash,
    pub kind: PasswordKind,
    /// The number of changes. It tells a change that was started from a later one.
    pub revision: i64,
}

/// The origin and state of a password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PasswordKind {
    /// The person chose the password.
    Chosen,
    /// An administrator received the password. It allows one sign-in, which must choose another.
    /// One that an earlier version made has no voucher.
    OneTime { expires_at_ms: i64, voucher: Option<Voucher> },
    /// The one-time password was used, and the person has not chosen another yet.
    Spent { voucher: Option<Voucher> },
}

impl PasswordKind {
    /// The name in the database.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Chosen => "CHOSEN",
            Self::OneTime { .. } => "ONE_TIME",
            Self::Spent { .. } => "SPENT",
        }
    }

    /// The voucher, if an administrator received the password and an earlier version did not make it.
    #[must_use]
    pub fn voucher(&self) -> Option<&Voucher> {
        match self {
            Self::Chosen => None,
            Self::OneTime { voucher, .. } | Self::Spent { voucher } => voucher.as_ref(),
        }
    }
}
