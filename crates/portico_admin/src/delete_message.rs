//! `PorticoAdmin.DeleteMessage`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::Fault;
use protocol::{Fields, FromFields};
use store::message;

use super::message::{OneMessage, begin, event_of};

pub const OPERATION: Operation<DeleteMessageRequest, NoReply> =
    Operation::writes("PorticoAdmin.DeleteMessage", "portico:DeleteMessage", delete_message);

#[derive(Debug)]
pub struct DeleteMessageRequest(pub OneMessage);

impl FromFields for DeleteMessageRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        OneMessage::from_fields(fields).map(Self)
    }
}

/// Deletes a message. One that waits is not sent, so who may do less than its person does not
/// delete it. What it is about stays as it is.
pub fn delete_message(ctx: &Ctx<'_>, request: &DeleteMessageRequest) -> Result<NoReply, Fault> {
    let (mut tx, found) = begin(ctx, OPERATION.action, &request.0)?;
    message::delete(&mut tx, &found.identity_store_id, &found.id)?;
    tx.commit(&event_of(&found).answered("status", found.status.as_str()))?;
    Ok(NoReply {})
}
