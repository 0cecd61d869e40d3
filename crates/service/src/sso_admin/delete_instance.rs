//! IAM Identity Center, `DeleteInstance`.

use model::ids::InstanceId;
use model::instance::InstanceStatus;
use model::job::{Job, JobKind};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::instance;

use crate::Ctx;
use crate::operation::Operation;
use crate::jobs;
use crate::reply::NoReply;

pub const OPERATION: Operation<DeleteInstanceRequest, NoReply> = Operation::writes("SWBExternalService.DeleteInstance", "sso:DeleteInstance", delete_instance);

#[derive(Debug)]
pub struct DeleteInstanceRequest {
    pub instance_id: InstanceId,
}

impl FromFields for DeleteInstanceRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { instance_id: fields.required("InstanceArn")? })
    }
}

/// Ends the instance at once, with every session and key that it gave out, and begins to delete
/// what belongs to it.
pub fn delete_instance(ctx: &Ctx<'_>, request: &DeleteInstanceRequest) -> Result<NoReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, &request.instance_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let instance = instance::require(&mut tx, &request.instance_id)?;
    instance::set_status(&mut tx, &instance.id, InstanceStatus::DeleteInProgress)?;
    // The job belongs to the account, for it outlives the instance.
    let owner = instance.owner_account_id.to_string();
    let payload = jobs::delete_instance::Payload {
        instance_id: instance.id.clone(),
        identity_store_id: instance.identity_store_id.clone(),
    };
    let (kind, payload) = (JobKind::DeleteInstance, payload.to_string());
    let job = Job::new(owner, jobs::id(ctx), kind, payload, tx.now_ms());
    jobs::queue(&mut tx, &job)?;
    let event = AuditEvent::new()
        .asked("instanceArn", instance.id.arn())
        .answered("identityStoreId", &instance.identity_store_id)
        .answered("jobId", &job.id);
    tx.commit(&event)?;
    Ok(NoReply {})
}
