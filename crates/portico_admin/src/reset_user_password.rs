//! `PorticoAdmin.ResetUserPassword`.

use std::str::FromStr;

use kernel::identity_store::{require_store, resources};
use kernel::{Ctx, Operation};
use model::ids::{IdentityStoreId, UserId};
use model::password::PasswordKind;
use model::{AuditEvent, Fault, IdentityStoreEntity};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::user_password::{self, Signer};
use store::{Read, session};

pub const OPERATION: Operation<ResetUserPasswordRequest, ResetUserPasswordReply> =
    Operation::writes_slowly(
        "PorticoAdmin.ResetUserPassword",
        "portico:ResetUserPassword",
        reset_user_password,
    );

/// Validity of a one-time password.
const ONE_TIME_MS: i64 = 24 * 60 * 60 * 1000;

/// Letters and digits that are not easily confused, because people copy them from paper.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789A";

pub struct ResetUserPasswordRequest {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub mode: Mode,
}

/// Way in which the person gets a new password.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Link in a mail.
    Email,
    /// Password for one sign-in that the administrator hands over.
    OneTimePassword,
}

impl FromStr for Mode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "EMAIL" => Ok(Self::Email),
            "ONE_TIME_PASSWORD" => Ok(Self::OneTimePassword),
            _ => Err("be EMAIL or ONE_TIME_PASSWORD"),
        }
    }
}

impl FromFields for ResetUserPasswordRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: fields.required("UserId")?,
            mode: fields.required("Mode")?,
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResetUserPasswordReply {
    pub one_time_password: String,
}

/// Gives a person a password for one sign-in, at which they must choose another. All their sessions
/// end, because a reset password was either forgotten or compromised.
pub fn reset_user_password(
    ctx: &Ctx<'_>,
    request: &ResetUserPasswordRequest,
) -> Result<ResetUserPasswordReply, Fault> {
    let (store_id, user_id) = (&request.identity_store_id, &request.user_id);
    let resources = resources(ctx, store_id, [user_id.arn()]);
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    // The user is checked before the slow hash is made, outside of the transaction.
    require_signer(ctx, &mut ctx.read(&permit)?, store_id, user_id)?;
    match request.mode {
        Mode::OneTimePassword => {}
        Mode::Email => {
            return Err(Fault::Unsupported {
                because: "This version of Portico sends no mail. Use the Mode ONE_TIME_PASSWORD."
                    .into(),
            });
        }
    }
    let one_time_password = ctx.random_text(ALPHABET, 20);
    let bytes = one_time_password.as_bytes();
    let hash = ctx.portico.passwords.keep(bytes, &*ctx.portico.random)?;

    let mut tx = ctx.begin(permit)?;
    require_signer(ctx, &mut tx, store_id, user_id)?;
    let kind = PasswordKind::OneTime { expires_at_ms: tx.now_ms() + ONE_TIME_MS };
    user_password::replace(&mut tx, store_id, user_id, &hash, kind)?;
    let ended = session::end_all_of_user(&mut tx, store_id, user_id)?;
    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("userId", user_id)
        .asked("mode", "ONE_TIME_PASSWORD")
        .answered("sessionsEnded", ended);
    tx.commit(&event)?;
    Ok(ResetUserPasswordReply { one_time_password })
}

fn require_signer(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<Signer, Fault> {
    require_store(ctx, read, store_id)?;
    let found = user_password::find_signer(read, store_id, user_id)?;
    let signer = found.ok_or_else(|| Fault::not_found(IdentityStoreEntity::User, user_id))?;
    if signer.is_enabled {
        return Ok(signer);
    }
    // AWS: a disabled user cannot be changed.
    Err(Fault::conflict("The user is disabled. Enable the user first."))
}
