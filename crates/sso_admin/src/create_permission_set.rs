//! IAM Identity Center, `CreatePermissionSet`.

use kernel::tags::{keys, read_tags};
use kernel::{Ctx, Operation};
use model::ids::{InstanceId, PermissionSetArn, PermissionSetId};
use model::permission_set::{
    PermissionSet, PermissionSetDescription, PermissionSetName, RelayState, SessionDuration,
};
use model::tag::{TAGS_MAX, Tag};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{permission_set, tag};

use super::access::require_organization_instance;
use super::permission_set_reply::PermissionSetReply;

pub const OPERATION: Operation<CreatePermissionSetRequest, PermissionSetReply> = Operation::writes(
    "SWBExternalService.CreatePermissionSet",
    "sso:CreatePermissionSet",
    create_permission_set,
);

#[derive(Debug)]
pub struct CreatePermissionSetRequest {
    pub instance_id: InstanceId,
    pub name: PermissionSetName,
    pub description: Option<PermissionSetDescription>,
    pub session_duration: SessionDuration,
    pub relay_state: Option<RelayState>,
    pub tags: Vec<Tag>,
}

impl FromFields for CreatePermissionSetRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            name: fields.required("Name")?,
            description: fields.optional("Description")?,
            session_duration: fields.optional("SessionDuration")?.unwrap_or_default(),
            relay_state: fields.optional("RelayState")?,
            tags: read_tags(fields, TAGS_MAX)?.unwrap_or_default(),
        })
    }
}

/// Creates a permission set without policies, whose name is new to the instance.
pub fn create_permission_set(
    ctx: &Ctx<'_>,
    request: &CreatePermissionSetRequest,
) -> Result<PermissionSetReply, Fault> {
    let instance_id = request.instance_id.clone();
    let arn = PermissionSetArn { instance_id, id: PermissionSetId::random(&*ctx.portico.random) };
    let resources = [request.instance_id.arn(), arn.to_string()];
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    let mut tx = ctx.begin(permit)?;
    require_organization_instance(&mut tx, &request.instance_id)?;
    let set = PermissionSet {
        instance_id: arn.instance_id,
        id: arn.id,
        name: request.name.clone(),
        description: request.description.clone(),
        session_duration: request.session_duration.clone(),
        relay_state: request.relay_state.clone(),
        revision: 1,
        created_at_ms: tx.now_ms(),
    };
    permission_set::insert(&mut tx, &set)?;
    tag::put(&mut tx, &set.instance_id, &set.arn().to_string(), &request.tags)?;

    let event = AuditEvent::new()
        .asked("instanceArn", set.instance_id.arn())
        .asked("name", &set.name)
        .asked("sessionDuration", &set.session_duration)
        .asked_list("tagKeys", keys(&request.tags))
        .answered("permissionSetArn", set.arn());
    tx.commit(&event)?;
    Ok(PermissionSetReply::from(&set))
}
