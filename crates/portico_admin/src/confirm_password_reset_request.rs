//! `PorticoAdmin.ConfirmPasswordResetRequest`.

use kernel::strength::{is_stronger, lasting_arn};
use kernel::{Ctx, Operation};
use model::Fault;
use model::password::PasswordResetRequest;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::password_reset_request;

use super::password_reset_request::{OneRequest, RequestReply, begin, event_of};

pub const OPERATION: Operation<
    ConfirmPasswordResetRequestRequest,
    ConfirmPasswordResetRequestReply,
> = Operation::writes(
    "PorticoAdmin.ConfirmPasswordResetRequest",
    "portico:ConfirmPasswordResetRequest",
    confirm_password_reset_request,
);

/// Reason of a refusal. It ends the sentence "… because …".
const STRONGER: &str = "the person of the request holds a role that you neither hold nor may assign. \
    Ask an administrator who may";

#[derive(Debug)]
pub struct ConfirmPasswordResetRequestRequest(pub OneRequest);

impl FromFields for ConfirmPasswordResetRequestRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        OneRequest::from_fields(fields).map(Self)
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConfirmPasswordResetRequestReply {
    pub password_reset_request: RequestReply,
}

/// Lets the requester reset the password once. The first confirmation of a request stays.
///
/// INVARIANT: a caller confirms only what the caller could do alone. A requester who needs a
/// confirmation is therefore never the one who gives it.
pub fn confirm_password_reset_request(
    ctx: &Ctx<'_>,
    request: &ConfirmPasswordResetRequestRequest,
) -> Result<ConfirmPasswordResetRequestReply, Fault> {
    let (mut tx, instance, found) = begin(ctx, OPERATION.action, &request.0)?;
    if is_stronger(ctx, &mut tx, &instance, &found.user_id)? {
        return Err(tx.permit().refusal(STRONGER));
    }
    let confirmed_by = found.confirmed_by.clone().unwrap_or_else(|| lasting_arn(ctx));
    let store_id = &found.identity_store_id;
    password_reset_request::confirm(&mut tx, store_id, &found.id, &confirmed_by)?;
    tx.commit(&event_of(&found))?;
    let confirmed = PasswordResetRequest { confirmed_by: Some(confirmed_by), ..found };
    Ok(ConfirmPasswordResetRequestReply { password_reset_request: RequestReply::new(&confirmed) })
}
