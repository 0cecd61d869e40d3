//! `PorticoAdmin.SendEmailVerification`.

use kernel::email_token::EmailToken;
use kernel::identity_store::{require_store, resources};
use kernel::reply::Moment;
use kernel::{Ctx, Operation};
use mail::Content;
use mail::outbox::{self, Post};
use model::message::MessageKind;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::message;

use super::link_reply::LinkReply;
use super::one_user::OneUser;
use super::reset_user_password::{require_address, require_enabled};

pub const OPERATION: Operation<SendEmailVerificationRequest, LinkReply> = Operation::writes(
    "PorticoAdmin.SendEmailVerification",
    "portico:SendEmailVerification",
    send_email_verification,
);

/// Validity of the link.
// AWS: 7 days.
const VERIFICATION_MS: i64 = 7 * 24 * 60 * 60 * 1000;

#[derive(Debug)]
pub struct SendEmailVerificationRequest(pub OneUser);

impl FromFields for SendEmailVerificationRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        OneUser::from_fields(fields).map(Self)
    }
}

/// Asks a person to confirm the address. The person signs in for it, so the link makes its reader nobody stronger.
pub fn send_email_verification(
    ctx: &Ctx<'_>,
    request: &SendEmailVerificationRequest,
) -> Result<LinkReply, Fault> {
    let OneUser { identity_store_id: store_id, user_id } = &request.0;
    let permit = ctx.authorize_all(OPERATION.action, &resources(ctx, store_id, [user_id.arn()]))?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;
    let (_, address) = require_address(&mut read, store_id, user_id)?;
    outbox::require_room(ctx, &mut read, store_id, &address)?;
    drop(read);
    let mut tx = ctx.begin(permit)?;
    require_store(ctx, &mut tx, store_id)?;
    require_enabled(&mut tx, store_id, user_id)?;
    let (user, recipient) = require_address(&mut tx, store_id, user_id)?;
    let expires_at_ms = tx.now_ms() + VERIFICATION_MS;
    let token = EmailToken {
        identity_store_id: store_id.clone(),
        user_id: user_id.clone(),
        mailbox: recipient.mailbox().to_owned(),
        expires_at_ms,
    };
    message::end_of_kind(&mut tx, store_id, user_id, MessageKind::EmailVerification)?;
    let content = Content::EmailVerification {
        display_name: user.display_name.to_string(),
        user_name: user.user_name.to_string(),
        token: token.seal(ctx)?,
    };
    let (identity_store_id, user_id) = (store_id.clone(), Some(user_id.clone()));
    let post = Post { identity_store_id, user_id, recipient, content, expires_at_ms };
    let message_id = outbox::post(ctx, &mut tx, &post)?;
    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("userId", &request.0.user_id)
        .answered("messageId", &message_id);
    tx.commit(&event)?;
    Ok(LinkReply {
        expiration_time: Moment(expires_at_ms),
        message_id: message_id.to_string(),
        message_due_at: None,
    })
}
