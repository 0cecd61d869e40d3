//! Link that lets a person set a password.

use std::str::FromStr;

use super::voucher::Guarantor;
use crate::ids::{IdentityStoreId, UserId};
use crate::token::TokenHash;

/// A link that lets its holder set the password of a person, once. A person has one of each purpose at most.
///
/// INVARIANT: each new password ends all links of the person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PasswordLink {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub purpose: LinkPurpose,
    pub secret_hash: TokenHash,
    /// Key of the address that the link was sent to, which its use proves. `None` once an administrator has read it.
    pub mailbox: Option<String>,
    pub guarantor: Guarantor,
    /// Revision of the password that it is to replace, 0 if there is none. A link of another revision is good no more.
    /// `None` for an invitation, and for a link of an earlier version.
    pub password_revision: Option<i64>,
    pub created_at_ms: i64,
    pub expires_at_ms: i64,
}

/// Why a person has a link.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LinkPurpose {
    /// An administrator invited a person without a password.
    Invitation,
    /// Somebody said at the sign-in page that the password was forgotten.
    PasswordReset,
    /// A person without a password asked for a code at the sign-in page. It is no link, but typed.
    EmailOtp,
}

impl LinkPurpose {
    /// The word of the log and of the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "INVITATION",
            Self::PasswordReset => "PASSWORD_RESET",
            Self::EmailOtp => "EMAIL_OTP",
        }
    }
}

impl FromStr for LinkPurpose {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "INVITATION" => Ok(Self::Invitation),
            "PASSWORD_RESET" => Ok(Self::PasswordReset),
            "EMAIL_OTP" => Ok(Self::EmailOtp),
            _ => Err("be INVITATION, PASSWORD_RESET or EMAIL_OTP"),
        }
    }
}
