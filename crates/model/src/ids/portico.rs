//! Identifiers that Portico uses for its own entities.

use super::uuid::{uuid_text, uuid_type};

uuid_type! {
    /// A job, under the id that its starter was given.
    JobId
}

impl JobId {
    /// The id with these 128 bits.
    pub(super) fn of_bits(bits: u128) -> Self {
        Self(uuid_text(bits))
    }
}

uuid_type! {
    /// A portal session, or the session of a client that a portal session authorised.
    SessionId
}

uuid_type! {
    /// One request to Portico.
    RequestId
}

uuid_type! {
    /// A request for a person's one-time password that an administrator has to confirm.
    PasswordResetRequestId
}

uuid_type! {
    /// A message to a person, from the outbox to its end.
    MessageId
}

uuid_type! {
    /// A sign-in of a person, or attempts in vain, in their history.
    SignInId
}

uuid_type! {
    /// A second factor of a person: an authenticator app, or a security key.
    MfaDeviceId
}
