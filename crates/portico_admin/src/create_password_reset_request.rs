//! `PorticoAdmin.CreatePasswordResetRequest`.

use kernel::identity_store::{require_store, resources};
use kernel::strength::lasting_arn;
use kernel::{Ctx, Operation};
use model::ids::{IdentityStoreId, PasswordResetRequestId, UserId};
use model::password::PasswordResetRequest;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::password_reset_request;

use super::password_reset_request::RequestReply;
use super::reset_user_password::require_enabled;

pub const OPERATION: Operation<CreatePasswordResetRequestRequest, CreatePasswordResetRequestReply> =
    Operation::writes(
        "PorticoAdmin.CreatePasswordResetRequest",
        "portico:CreatePasswordResetRequest",
        create_password_reset_request,
    );

/// Time in which a request is confirmed and used.
const VALID_MS: i64 = 24 * 60 * 60 * 1000;

#[derive(Debug)]
pub struct CreatePasswordResetRequestRequest {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
}

impl FromFields for CreatePasswordResetRequestRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: fields.required("UserId")?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreatePasswordResetRequestReply {
    pub password_reset_request: RequestReply,
}

/// Asks for a confirmation, after which the caller may reset the password of the person once. A newer
/// request of the caller for the person takes the place of an older one.
pub fn create_password_reset_request(
    ctx: &Ctx<'_>,
    request: &CreatePasswordResetRequestRequest,
) -> Result<CreatePasswordResetRequestReply, Fault> {
    let (store_id, user_id) = (&request.identity_store_id, &request.user_id);
    let resources = resources(ctx, store_id, [user_id.arn()]);
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    let mut tx = ctx.begin(permit)?;
    require_store(ctx, &mut tx, store_id)?;
    require_enabled(&mut tx, store_id, user_id)?;
    let made = PasswordResetRequest {
        identity_store_id: store_id.clone(),
        id: PasswordResetRequestId::random(&*ctx.portico.random),
        user_id: user_id.clone(),
        requested_by: lasting_arn(ctx),
        created_at_ms: tx.now_ms(),
        expires_at_ms: tx.now_ms() + VALID_MS,
        confirmed_by: None,
        voucher: None,
    };
    password_reset_request::put(&mut tx, &made)?;
    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("userId", user_id)
        .answered("requestId", &made.id);
    tx.commit(&event)?;
    Ok(CreatePasswordResetRequestReply { password_reset_request: RequestReply::new(&made) })
}
