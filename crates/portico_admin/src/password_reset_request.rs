//! Shared parts of the operations on password reset requests.

use kernel::Ctx;
use kernel::identity_store::{require_store, resources};
use kernel::reply::Moment;
use model::ids::{IdentityStoreId, PasswordResetRequestId};
use model::instance::Instance;
use model::password::PasswordResetRequest;
use model::{AuditEvent, Fault, PorticoEntity};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{Tx, password_reset_request};

/// Parameters of an operation on one request.
#[derive(Debug)]
pub struct OneRequest {
    pub identity_store_id: IdentityStoreId,
    pub request_id: PasswordResetRequestId,
}

impl FromFields for OneRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            request_id: fields.required("RequestId")?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RequestReply {
    pub request_id: String,
    pub user_id: String,
    /// `WAITING` or `CONFIRMED`.
    pub status: &'static str,
    /// ARN of a user, or of the session of a role that no person holds.
    pub requested_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<String>,
    pub created_at: Moment,
    pub expires_at: Moment,
}

impl RequestReply {
    pub(super) fn new(request: &PasswordResetRequest) -> Self {
        Self {
            request_id: request.id.to_string(),
            user_id: request.user_id.to_string(),
            status: if request.confirmed_by.is_some() { "CONFIRMED" } else { "WAITING" },
            requested_by: request.requested_by.clone(),
            confirmed_by: request.confirmed_by.clone(),
            created_at: Moment(request.created_at_ms),
            expires_at: Moment(request.expires_at_ms),
        }
    }
}

/// Makes the event of an operation on one request.
pub(super) fn event_of(request: &PasswordResetRequest) -> AuditEvent {
    AuditEvent::new()
        .asked("identityStoreId", &request.identity_store_id)
        .asked("requestId", &request.id)
        .answered("userId", &request.user_id)
        .answered("requestedBy", &request.requested_by)
}

/// Begins a transaction on one request, for a caller who may do `action` on the identity store and on the
/// user of the request.
pub(super) fn begin<'a>(
    ctx: &Ctx<'a>,
    action: &'static str,
    request: &OneRequest,
) -> Result<(Tx<'a>, Instance, PasswordResetRequest), Fault> {
    let OneRequest { identity_store_id: store_id, request_id } = request;
    let permit = ctx.authorize_all(action, &resources(ctx, store_id, []))?;
    let mut tx = ctx.begin(permit)?;
    let instance = require_store(ctx, &mut tx, store_id)?;
    let now_ms = tx.now_ms();
    let found = password_reset_request::find(&mut tx, store_id, request_id, now_ms)?;
    let found =
        found.ok_or_else(|| Fault::not_found(PorticoEntity::PasswordResetRequest, request_id))?;
    ctx.authorize_also(action, &[found.user_id.arn()])?;
    Ok((tx, instance, found))
}
