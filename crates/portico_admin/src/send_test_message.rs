//! `PorticoAdmin.SendTestMessage`.

use kernel::identity_store::{require_store, resources};
use kernel::{Ctx, Operation};
use mail::Content;
use mail::outbox::{self, Post};
use model::attribute::EmailAddress;
use model::ids::IdentityStoreId;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use serde::Serialize;

pub const OPERATION: Operation<SendTestMessageRequest, SendTestMessageReply> =
    Operation::writes("PorticoAdmin.SendTestMessage", "portico:SendTestMessage", send_test_message);

/// Time for which a test message may still be sent.
const TEST_MS: i64 = 60 * 60 * 1000;

#[derive(Debug)]
pub struct SendTestMessageRequest {
    pub identity_store_id: IdentityStoreId,
    pub email_address: EmailAddress,
}

impl FromFields for SendTestMessageRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            email_address: fields.required("EmailAddress")?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SendTestMessageReply {
    pub message_id: String,
}

/// Posts a message that says only that mail arrives.
pub fn send_test_message(
    ctx: &Ctx<'_>,
    request: &SendTestMessageRequest,
) -> Result<SendTestMessageReply, Fault> {
    let (store_id, recipient) = (&request.identity_store_id, &request.email_address);
    let permit = ctx.authorize_all(OPERATION.action, &resources(ctx, store_id, []))?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;
    outbox::require_room(ctx, &mut read, store_id, recipient)?;
    drop(read);
    let mut tx = ctx.begin(permit)?;
    require_store(ctx, &mut tx, store_id)?;
    let post = Post {
        identity_store_id: store_id.clone(),
        user_id: None,
        recipient: recipient.clone(),
        content: Content::Test,
        expires_at_ms: tx.now_ms() + TEST_MS,
    };
    let id = outbox::post(ctx, &mut tx, &post)?;
    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("emailAddress", recipient)
        .answered("messageId", &id);
    tx.commit(&event)?;
    Ok(SendTestMessageReply { message_id: id.to_string() })
}
