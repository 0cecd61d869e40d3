//! What a message has to say, as it is kept sealed in its row.

use kernel::Ctx;
use kernel::key_ring::Keys;
use model::Fault;
use model::ids::{IdentityStoreId, MessageId};
use model::message::{Message, MessageKind};
use serde::{Deserialize, Serialize};

/// Purpose of the key of contents.
const PURPOSE: &str = "messages";

/// What a message has to say. Another version reads it, so new members are optional, and what changes otherwise is a
/// new kind.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "kind")]
pub enum Content {
    PasswordReset {
        display_name: String,
        user_name: String,
        /// A secret.
        one_time_password: String,
    },
    Invitation {
        display_name: String,
        user_name: String,
        /// A secret.
        secret: String,
    },
    ForgotPassword {
        display_name: String,
        user_name: String,
        /// A secret.
        secret: String,
        /// Address that the request came from.
        source_address: String,
    },
    EmailOtp {
        display_name: String,
        user_name: String,
        /// A secret.
        code: String,
        /// Address that the request came from.
        source_address: String,
    },
    PasswordChanged {
        display_name: String,
        user_name: String,
        /// Address that the change came from.
        source_address: String,
    },
    EmailVerification {
        display_name: String,
        user_name: String,
        /// It lets the person confirm the address, who signs in for it. It is no secret of theirs.
        token: String,
    },
    SignInCode {
        display_name: String,
        user_name: String,
        /// A secret.
        code: String,
    },
    /// An administrator lets the person sign in once without a second factor.
    MfaBypass {
        display_name: String,
        user_name: String,
        /// When the bypass ends. In a message of an earlier version it ends with the message.
        #[serde(default)]
        until_ms: Option<i64>,
    },
    MfaDeviceChanged {
        display_name: String,
        user_name: String,
        device_name: String,
        /// True if it was added, false if it was removed.
        is_new: bool,
        /// True if an administrator changed it. An earlier version told only of the person's own changes.
        #[serde(default)]
        by_administrator: bool,
        /// Address that the change came from.
        source_address: String,
    },
    /// Somebody tries to sign in as the person.
    FailedSignIns {
        display_name: String,
        user_name: String,
        /// Number of attempts in vain within a day.
        failures: i64,
    },
    Test,
}

impl Content {
    #[must_use]
    pub fn kind(&self) -> MessageKind {
        match self {
            Self::PasswordReset { .. } => MessageKind::PasswordReset,
            Self::Invitation { .. } => MessageKind::Invitation,
            Self::ForgotPassword { .. } => MessageKind::ForgotPassword,
            Self::EmailOtp { .. } => MessageKind::EmailOtp,
            Self::PasswordChanged { .. } => MessageKind::PasswordChanged,
            Self::EmailVerification { .. } => MessageKind::EmailVerification,
            Self::SignInCode { .. } => MessageKind::SignInCode,
            Self::MfaBypass { .. } => MessageKind::MfaBypass,
            Self::MfaDeviceChanged { .. } => MessageKind::MfaDeviceChanged,
            Self::FailedSignIns { .. } => MessageKind::FailedSignIns,
            Self::Test => MessageKind::Test,
        }
    }

    /// The secret in the message, if it has one.
    #[must_use]
    pub fn secret(&self) -> Option<&str> {
        match self {
            Self::PasswordReset { one_time_password: secret, .. }
            | Self::Invitation { secret, .. }
            | Self::EmailOtp { code: secret, .. }
            | Self::ForgotPassword { secret, .. }
            | Self::SignInCode { code: secret, .. } => Some(secret),
            Self::PasswordChanged { .. }
            | Self::EmailVerification { .. }
            | Self::MfaBypass { .. }
            | Self::MfaDeviceChanged { .. }
            | Self::FailedSignIns { .. }
            | Self::Test => None,
        }
    }

    /// Seals the content of a message, so that it opens for that message alone.
    pub(crate) fn seal(
        &self,
        ctx: &Ctx<'_>,
        store_id: &IdentityStoreId,
        id: &MessageId,
    ) -> Result<String, Fault> {
        let plain = serde_json::to_vec(self)
            .map_err(|why| Fault::broken_at("writing the content of a message", why))?;
        let portico = ctx.portico;
        portico.keys.seal(PURPOSE, &*portico.random, &place(store_id, id), &plain)
    }

    /// Opens the content of a message. Returns `None` if it has none any more.
    pub(crate) fn open(keys: &Keys, message: &Message) -> Result<Option<Self>, Fault> {
        let Some(sealed) = &message.content else { return Ok(None) };
        let place = place(&message.identity_store_id, &message.id);
        let plain = keys
            .open(PURPOSE, &place, sealed)
            .ok_or_else(|| Fault::broken("the content of a message does not open"))?;
        let read: Result<Self, _> = serde_json::from_slice(&plain);
        read.map(Some).map_err(|why| Fault::broken_at("reading the content of a message", why))
    }
}

/// What the seal is bound to.
fn place(store_id: &IdentityStoreId, id: &MessageId) -> Vec<u8> {
    format!("{store_id} {id}").into_bytes()
}
