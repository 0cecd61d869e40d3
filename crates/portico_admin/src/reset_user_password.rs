//! `PorticoAdmin.ResetUserPassword`.

use std::str::FromStr;

use kernel::hash_seal::seal_hash;
use kernel::identity_store::{require_store, resources};
use kernel::passwords::Sitter;
use kernel::strength::{is_guaranteed, is_stronger, is_vouched, lasting_arn, vouch};
use kernel::{Ctx, Operation};
use mail::Content;
use mail::notice::Notice;
use mail::outbox::{self, Post};
use model::attribute::EmailAddress;
use model::ids::{IdentityStoreId, UserId};
use model::password::{Guarantor, PasswordKind, PasswordResetRequest};
use model::source_network::Networks;
use model::user::User;
use model::{AuditEvent, Fault, IdentityStoreEntity};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{Read, password_reset_request, session, user, user_email, user_password};

use super::notice_reply::NoticeReply;

pub const OPERATION: Operation<ResetUserPasswordRequest, ResetUserPasswordReply> =
    Operation::writes_slowly(
        "PorticoAdmin.ResetUserPassword",
        "portico:ResetUserPassword",
        reset_user_password,
    );

/// Validity of a one-time password.
const ONE_TIME_MS: i64 = 24 * 60 * 60 * 1000;

/// Reason of a refusal. It ends the sentence "… because …".
const STRONGER: &str = "the person holds a role that you neither hold nor may assign. Call \
    CreatePasswordResetRequest and let an administrator confirm it, or ask one to reset the password";

/// Reason of a refusal. It ends the sentence "… because …".
const CONFIRMATION_OVER: &str = "the roles of the person, or of who confirmed your request, have changed \
    since. Let an administrator confirm the request again";

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
    /// One-time password in a message to the person.
    Email,
    /// Password for one sign-in that the administrator hands over.
    OneTimePassword,
}

impl Mode {
    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::OneTimePassword => "ONE_TIME_PASSWORD",
        }
    }
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_time_password: Option<String>,
    /// Message that has the password.
    #[serde(flatten)]
    pub message: NoticeReply,
}

/// Gives a person a password for one sign-in, at which they must choose another. All their sessions
/// end, because a reset password was either forgotten or compromised.
///
/// INVARIANT: the reply makes its reader nobody stronger. The password of a person who may do more
/// than the caller is shown once for each request of the caller that an administrator confirmed. Both are
/// compared again when the password is used, because the person may do more by then. The same holds for a message,
/// because a caller who may change the address of the person may read it.
pub fn reset_user_password(
    ctx: &Ctx<'_>,
    request: &ResetUserPasswordRequest,
) -> Result<ResetUserPasswordReply, Fault> {
    let (store_id, user_id) = (&request.identity_store_id, &request.user_id);
    let resources = resources(ctx, store_id, [user_id.arn()]);
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    // The user is checked before the slow hash is made, outside of the transaction.
    let mut read = ctx.read(&permit)?;
    require_resettable(ctx, &mut read, store_id, user_id)?;
    let due_ms = match request.mode {
        Mode::Email => {
            let (_, address, _) = require_guaranteed_address(ctx, &mut read, store_id, user_id)?;
            outbox::find_due_ms(ctx, &mut read, store_id, &address)?
        }
        Mode::OneTimePassword => ctx.now_ms(),
    };
    drop(read);
    let one_time_password = ctx.random_text(ALPHABET, 20);
    let bytes = one_time_password.as_bytes();
    let networks = Networks::of(&ctx.request.origin.source_address);
    let seat = ctx.portico.passwords.take_seat(Sitter::Known(&networks))?;
    let hash = seat.keep(bytes, &*ctx.portico.random)?;
    drop(seat);
    let hash = seal_hash(ctx.portico, (store_id, user_id), &hash)?;

    let mut tx = ctx.begin(permit)?;
    let confirmed = require_resettable(ctx, &mut tx, store_id, user_id)?;
    let address = match request.mode {
        Mode::OneTimePassword => None,
        Mode::Email => Some(require_guaranteed_address(ctx, &mut tx, store_id, user_id)?),
    };
    let voucher = match (&confirmed, &address) {
        (Some(confirmed), _) => confirmed.voucher.clone(),
        // Who set the address may read what goes there.
        (None, Some((_, _, Guarantor::Caller(voucher)))) => voucher.clone(),
        (None, Some((_, _, Guarantor::Person)) | None) => Some(vouch(ctx)),
    };
    let expires_at_ms = tx.now_ms() + ONE_TIME_MS;
    let kind = PasswordKind::OneTime { expires_at_ms, voucher };
    user_password::replace(&mut tx, store_id, user_id, &hash, &kind)?;
    let ended = session::end_all_of_user(&mut tx, store_id, user_id)?;
    if let Some(confirmed) = &confirmed {
        password_reset_request::delete(&mut tx, store_id, &confirmed.id)?;
    }
    let mut event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("userId", user_id)
        .asked("mode", request.mode.as_str())
        .answered("sessionsEnded", ended);
    if let Some(confirmed) = &confirmed {
        let confirmed_by = confirmed.confirmed_by.as_deref().unwrap_or_default();
        event = event.answered("requestId", &confirmed.id).answered("confirmedBy", confirmed_by);
    }
    let reply = match address {
        None => ResetUserPasswordReply {
            one_time_password: Some(one_time_password),
            message: NoticeReply::default(),
        },
        Some((user, recipient, _)) => {
            let content = Content::PasswordReset {
                display_name: user.display_name.to_string(),
                user_name: user.user_name.to_string(),
                one_time_password,
            };
            let (identity_store_id, user_id) = (store_id.clone(), Some(user_id.clone()));
            let post = Post { identity_store_id, user_id, recipient, content, expires_at_ms };
            let message_id = outbox::post_at(ctx, &mut tx, &post, due_ms)?;
            let later_ms = (due_ms > tx.now_ms()).then_some(due_ms);
            let message = NoticeReply::from(Some(Notice { message_id, later_ms }));
            event = message.told(event);
            ResetUserPasswordReply { one_time_password: None, message }
        }
    };
    tx.commit(&event)?;
    Ok(reply)
}

/// Returns the user with the address, and who answers for it. Refuses an address that somebody set who may do less than
/// the user: they would read what goes there.
pub(super) fn require_guaranteed_address(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<(User, EmailAddress, Guarantor), Fault> {
    let instance = require_store(ctx, read, store_id)?;
    let (user, address) = require_address(read, store_id, user_id)?;
    let guarantor = user_email::find(read, store_id, user_id, address.mailbox())?.guarantor();
    if is_guaranteed(ctx, read, &instance, user_id, &guarantor)? {
        return Ok((user, address, guarantor));
    }
    Err(Fault::conflict(
        "The address of the user is not verified, and who set it may do less than the user. Let the user confirm it \
         (SendEmailVerification), or hand over a one-time password.",
    ))
}

/// Returns the user with the address that mail for the user goes to.
pub(super) fn require_address(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<(User, EmailAddress), Fault> {
    let found = user::find(read, store_id, user_id)?;
    let user = found.ok_or_else(|| Fault::not_found(IdentityStoreEntity::User, user_id))?;
    let address = user.email().cloned().ok_or_else(|| {
        Fault::conflict(
            "The user has no e-mail address. Add one, or hand over a password of ResetUserPassword with the Mode \
             ONE_TIME_PASSWORD.",
        )
    })?;
    Ok((user, address))
}

/// Checks that the caller may reset the password of the user. Returns the confirmed request that allows
/// it, if the user may do more than the caller.
fn require_resettable(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<Option<PasswordResetRequest>, Fault> {
    let instance = require_store(ctx, read, store_id)?;
    require_enabled(read, store_id, user_id)?;
    if !is_stronger(ctx, read, &instance, user_id)? {
        return Ok(None);
    }
    let (requester, now_ms) = (lasting_arn(ctx), ctx.now_ms());
    let found =
        password_reset_request::find_confirmed(read, store_id, user_id, &requester, now_ms)?;
    let found = found.ok_or_else(|| read.permit().refusal(STRONGER))?;
    if is_vouched(ctx, read, &instance, user_id, found.voucher.as_ref())? {
        return Ok(Some(found));
    }
    Err(read.permit().refusal(CONFIRMATION_OVER))
}

/// Returns `NotFound` if there is no such user, and `Conflict` if the user is disabled.
pub(super) fn require_enabled(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<(), Fault> {
    let found = user_password::find_signer(read, store_id, user_id)?;
    let signer = found.ok_or_else(|| Fault::not_found(IdentityStoreEntity::User, user_id))?;
    if signer.is_enabled {
        return Ok(());
    }
    // AWS: a disabled user cannot be changed.
    Err(Fault::conflict("The user is disabled. Enable the user first."))
}
