//! A sign-in of a person, or attempts in vain, as the person and administrators see them later.

use crate::ids::{IdentityStoreId, SignInId, UserId};
use crate::mfa::MfaType;
use crate::words::words;

/// A sign-in, or attempts in vain from one address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignInRecord {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub id: SignInId,
    pub outcome: SignInOutcome,
    /// What was shown last.
    pub credential_type: CredentialType,
    pub source_address: String,
    pub user_agent: String,
    /// Number of attempts: one of a sign-in.
    pub attempts: i64,
    /// Time of the last attempt.
    pub at_ms: i64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignInOutcome {
    Succeeded,
    Failed,
}

/// What a person shows at a sign-in.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum CredentialType {
    Password,
    /// The code of an authenticator app.
    Totp,
    /// A security key or a built-in authenticator, beside the password.
    Webauthn,
    /// The code in a message, beside the password.
    EmailOtp,
    /// A passkey alone.
    Passkey,
}

impl From<MfaType> for CredentialType {
    fn from(mfa_type: MfaType) -> Self {
        match mfa_type {
            MfaType::Totp => Self::Totp,
            MfaType::Webauthn => Self::Webauthn,
        }
    }
}

words!(SignInOutcome, "be SUCCEEDED or FAILED", Succeeded = "SUCCEEDED", Failed = "FAILED");

words!(
    CredentialType,
    "be the type of a credential",
    Password = "PASSWORD",
    Totp = "TOTP",
    Webauthn = "WEBAUTHN",
    EmailOtp = "EMAIL_OTP",
    Passkey = "PASSKEY"
);
