//! `PorticoAdmin.ConfirmPasswordResetRequest`.

use kernel::strength::{is_stronger, is_vouched, lasting_arn, vouch_for_another};
use kernel::{Ctx, Operation};
use model::Fault;
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

/// Lets the requester reset the password once, while the person's roles are those of now. The first
/// confirmation of a request stays while it is good.
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
    let (store_id, user_id, voucher) =
        (&found.identity_store_id, &found.user_id, found.voucher.as_ref());
    let stays = voucher.is_some() && is_vouched(ctx, &mut tx, &instance, user_id, voucher)?;
    let mut confirmed = found.clone();
    if !stays {
        let (confirmed_by, voucher) =
            (lasting_arn(ctx), vouch_for_another(ctx, &mut tx, &instance, user_id)?);
        password_reset_request::confirm(&mut tx, store_id, &found.id, &confirmed_by, &voucher)?;
        confirmed.confirmed_by = Some(confirmed_by);
    }
    tx.commit(&event_of(&found))?;
    Ok(ConfirmPasswordResetRequestReply { password_reset_request: RequestReply::new(&confirmed) })
}
