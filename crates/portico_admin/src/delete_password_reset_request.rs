//! `PorticoAdmin.DeletePasswordResetRequest`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::Fault;
use protocol::{Fields, FromFields};
use store::password_reset_request;

use super::password_reset_request::{OneRequest, begin, event_of};

pub const OPERATION: Operation<DeletePasswordResetRequestRequest, NoReply> = Operation::writes(
    "PorticoAdmin.DeletePasswordResetRequest",
    "portico:DeletePasswordResetRequest",
    delete_password_reset_request,
);

#[derive(Debug)]
pub struct DeletePasswordResetRequestRequest(pub OneRequest);

impl FromFields for DeletePasswordResetRequestRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        OneRequest::from_fields(fields).map(Self)
    }
}

/// Deletes a request, confirmed or not. A password that was reset with it is not taken back.
pub fn delete_password_reset_request(
    ctx: &Ctx<'_>,
    request: &DeletePasswordResetRequestRequest,
) -> Result<NoReply, Fault> {
    let (mut tx, _, found) = begin(ctx, OPERATION.action, &request.0)?;
    password_reset_request::delete(&mut tx, &found.identity_store_id, &found.id)?;
    tx.commit(&event_of(&found))?;
    Ok(NoReply {})
}
