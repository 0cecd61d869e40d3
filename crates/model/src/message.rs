//! A message to a person. It waits in the outbox until a mail server or an administrator has it.

use crate::attribute::EmailAddress;
use crate::ids::{IdentityStoreId, MessageId, UserId};
use crate::words::words;

/// A message to a person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Message {
    pub identity_store_id: IdentityStoreId,
    pub id: MessageId,
    /// The person whom the message is about. A test message is about no person.
    pub user_id: Option<UserId>,
    pub kind: MessageKind,
    pub recipient: EmailAddress,
    pub status: MessageStatus,
    /// Sealed content, while it may still be sent or handed over.
    pub content: Option<String>,
    /// Why it could not be sent yet, or why it ended.
    pub reason: Option<String>,
    /// Number of times that sending was begun.
    pub attempts: i64,
    /// Time of the next attempt.
    pub due_ms: i64,
    /// Name of the caller who asked for it.
    pub requested_by: String,
    pub created_at_ms: i64,
    pub updated_at_ms: i64,
    /// End of what the message is about. It is not sent afterwards.
    pub expires_at_ms: i64,
}

/// What a message is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MessageKind {
    /// A one-time password.
    PasswordReset,
    /// A link for a first password.
    Invitation,
    /// A link for another password, since the former was forgotten.
    ForgotPassword,
    /// A code for a person without a password.
    EmailOtp,
    /// A notice that the password is another.
    PasswordChanged,
    /// A link by which a person confirms the address.
    EmailVerification,
    /// A code in place of a second factor.
    SignInCode,
    /// A person may sign in once without a second factor.
    MfaBypass,
    /// A notice that a person has a new second factor, or one less.
    MfaDeviceChanged,
    /// A notice that somebody tries to sign in as the person.
    FailedSignIns,
    /// Nothing: it shows that mail arrives.
    Test,
}

/// State of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MessageStatus {
    /// It is to be sent, or to be handed over.
    Waiting,
    /// A mail server took it.
    Sent,
    /// The mail server refused it for good. It can still be handed over.
    Failed,
    /// An administrator read it, to hand it over.
    HandedOver,
    /// What it was about has ended before it was sent.
    Ended,
}

words!(
    MessageKind,
    "be the kind of a message",
    PasswordReset = "PASSWORD_RESET",
    Invitation = "INVITATION",
    ForgotPassword = "FORGOT_PASSWORD",
    EmailOtp = "EMAIL_OTP",
    PasswordChanged = "PASSWORD_CHANGED",
    EmailVerification = "EMAIL_VERIFICATION",
    SignInCode = "SIGN_IN_CODE",
    MfaBypass = "MFA_BYPASS",
    MfaDeviceChanged = "MFA_DEVICE_CHANGED",
    FailedSignIns = "FAILED_SIGN_INS",
    Test = "TEST"
);

words!(
    MessageStatus,
    "be WAITING, SENT, FAILED, HANDED_OVER or ENDED",
    Waiting = "WAITING",
    Sent = "SENT",
    Failed = "FAILED",
    HandedOver = "HANDED_OVER",
    Ended = "ENDED"
);
