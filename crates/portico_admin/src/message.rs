//! Shared parts of the operations on messages.

use kernel::Ctx;
use kernel::identity_store::{require_store, resources};
use kernel::reply::Moment;
use kernel::strength::is_stronger;
use model::ids::{IdentityStoreId, MessageId};
use model::message::Message;
use model::{AuditEvent, Fault, PorticoEntity};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{Tx, message};

/// Parameters of an operation on one message.
#[derive(Debug)]
pub struct OneMessage {
    pub identity_store_id: IdentityStoreId,
    pub message_id: MessageId,
}

impl FromFields for OneMessage {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            message_id: fields.required("MessageId")?,
        })
    }
}

/// A message without what it says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MessageReply {
    pub message_id: String,
    /// Person whom it is about. A test message is about no person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// `PASSWORD_RESET`, `SIGN_IN_CODE` or `TEST`.
    pub kind: &'static str,
    pub recipient: String,
    /// `WAITING`, `SENT`, `FAILED`, `HANDED_OVER` or `ENDED`.
    pub status: &'static str,
    /// Why it could not be sent yet, or why it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Number of times that sending was begun.
    pub attempts: i64,
    pub requested_by: String,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub expires_at: Moment,
}

impl MessageReply {
    pub(super) fn new(message: &Message) -> Self {
        Self {
            message_id: message.id.to_string(),
            user_id: message.user_id.as_ref().map(ToString::to_string),
            kind: message.kind.as_str(),
            recipient: message.recipient.to_string(),
            status: message.status.as_str(),
            reason: message.reason.clone(),
            attempts: message.attempts,
            requested_by: message.requested_by.clone(),
            created_at: Moment(message.created_at_ms),
            updated_at: Moment(message.updated_at_ms),
            expires_at: Moment(message.expires_at_ms),
        }
    }
}

/// Makes the event of an operation on one message.
pub(super) fn event_of(message: &Message) -> AuditEvent {
    let event = AuditEvent::new()
        .asked("identityStoreId", &message.identity_store_id)
        .asked("messageId", &message.id)
        .answered("kind", message.kind.as_str());
    match &message.user_id {
        Some(user_id) => event.answered("userId", user_id),
        None => event,
    }
}

/// Reason of a refusal. It ends the sentence "… because …".
const STRONGER: &str = "the message is for a person who holds a role that you neither hold nor may assign. Ask an \
    administrator who may to hand it over";

/// Begins a transaction on one message, for a caller who may do `action` on the identity store and on the user of the
/// message.
///
/// INVARIANT: a message that waits goes to its person, or through the hands of somebody who may do as much. It has a secret
/// that lets its reader act as the person, or tells the person what somebody did to their account.
pub(super) fn begin<'a>(
    ctx: &Ctx<'a>,
    action: &'static str,
    request: &OneMessage,
) -> Result<(Tx<'a>, Message), Fault> {
    let OneMessage { identity_store_id: store_id, message_id } = request;
    let permit = ctx.authorize_all(action, &resources(ctx, store_id, []))?;
    let mut tx = ctx.begin(permit)?;
    let instance = require_store(ctx, &mut tx, store_id)?;
    let found = message::find(&mut tx, store_id, message_id)?;
    let found = found.ok_or_else(|| Fault::not_found(PorticoEntity::Message, message_id))?;
    if let Some(user_id) = &found.user_id {
        ctx.authorize_also(action, &[user_id.arn()])?;
        if found.content.is_some() && is_stronger(ctx, &mut tx, &instance, user_id)? {
            return Err(tx.permit().refusal(STRONGER));
        }
    }
    Ok((tx, found))
}
