//! `PorticoAdmin.ListMessages`.

use std::fmt::Display;

use kernel::identity_store::{require_store, resources};
use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::IdentityStoreId;
use model::message::{Message, MessageStatus};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::message;

use super::message::MessageReply;

pub const OPERATION: Operation<ListMessagesRequest, ListMessagesReply> =
    Operation::reads("PorticoAdmin.ListMessages", "portico:ListMessages", list_messages);

#[derive(Debug)]
pub struct ListMessagesRequest {
    pub identity_store_id: IdentityStoreId,
    /// `None` for messages of every status.
    pub status: Option<MessageStatus>,
    pub page: Page,
}

impl FromFields for ListMessagesRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            status: fields.optional("Status")?,
            page: Page::from_fields(fields)?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListMessagesReply {
    pub messages: Vec<MessageReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Lists a page of messages, newest first, without what they say.
pub fn list_messages(
    ctx: &Ctx<'_>,
    request: &ListMessagesRequest,
) -> Result<ListMessagesReply, Fault> {
    let store_id = &request.identity_store_id;
    let permit = ctx.authorize_all(OPERATION.action, &resources(ctx, store_id, []))?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;
    let rows = |[created_at_ms, id]: [String; 2], limit| {
        let created_at_ms = created_at_ms.parse().map_err(|_| request.page.bad_token())?;
        let before = (created_at_ms, id.as_str());
        match request.status {
            Some(status) => message::list_in_status(&mut read, store_id, status, before, limit),
            None => message::list(&mut read, store_id, before, limit),
        }
    };
    let key = |message: &Message| [message.created_at_ms.to_string(), message.id.to_string()];
    let status = request.status.map_or("", MessageStatus::as_str);
    let narrowed_by: [&dyn Display; 2] = [store_id, &status];
    let first = [&*i64::MAX.to_string(), ""];
    let page = request.page.read(ctx, &OPERATION, &narrowed_by, first, rows, key)?;
    Ok(ListMessagesReply {
        messages: page.rows.iter().map(MessageReply::new).collect(),
        next_token: page.next_token,
    })
}
