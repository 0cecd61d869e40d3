//! IAM Identity Center, `UpdatePermissionSet`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::permission_set::{PermissionSetDescription, RelayState, SessionDuration};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::permission_set;

use super::access::require_permission_set;
use super::permission_set_request::PermissionSetRequest;

pub const OPERATION: Operation<UpdatePermissionSetRequest, NoReply> = Operation::writes(
    "SWBExternalService.UpdatePermissionSet",
    "sso:UpdatePermissionSet",
    update_permission_set,
);

#[derive(Debug)]
pub struct UpdatePermissionSetRequest {
    pub set: PermissionSetRequest,
    pub description: Option<PermissionSetDescription>,
    pub session_duration: Option<SessionDuration>,
    pub relay_state: Option<RelayState>,
}

impl FromFields for UpdatePermissionSetRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            set: PermissionSetRequest::from_fields(fields)?,
            description: fields.optional("Description")?,
            session_duration: fields.optional("SessionDuration")?,
            relay_state: fields.optional("RelayState")?,
        })
    }
}

/// Changes the given attributes of a permission set, and clears the relay state if none is given.
/// Accounts receive the change when the permission set is provisioned.
// AWS: a description and a session duration that are not given stay. A relay state does not, and there is
// no other way to clear it.
pub fn update_permission_set(
    ctx: &Ctx<'_>,
    request: &UpdatePermissionSetRequest,
) -> Result<NoReply, Fault> {
    let PermissionSetRequest { instance_id, permission_set_arn } = &request.set;
    let permit = ctx.authorize_all(OPERATION.action, &request.set.resources())?;
    let mut tx = ctx.begin(permit)?;
    let before = require_permission_set(&mut tx, instance_id, permission_set_arn)?;
    let mut set = before.clone();
    let mut event = AuditEvent::new().asked("permissionSetArn", permission_set_arn);
    if let Some(description) = &request.description {
        event = event.asked("description", description);
        set.description = Some(description.clone());
    }
    if let Some(duration) = &request.session_duration {
        event = event.asked("sessionDuration", duration);
        set.session_duration = duration.clone();
    }
    if let Some(relay_state) = &request.relay_state {
        event = event.asked("relayState", relay_state);
    }
    set.relay_state.clone_from(&request.relay_state);
    // A request without a change is not an update, and does not mark roles as outdated.
    if set != before {
        permission_set::update(&mut tx, &set)?;
    }
    tx.commit(&event)?;
    Ok(NoReply {})
}
