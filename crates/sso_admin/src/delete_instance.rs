//! IAM Identity Center, `DeleteInstance`: the request, and the job that deletes the contents of the
//! instance in parts and then the instance.

use kernel::jobs::{Attempt, Kind, Payload, Progress};
use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::ids::{IdentityStoreId, InstanceId};
use model::instance::InstanceStatus;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use serde::{Deserialize, Serialize};
use store::{Tx, instance, instance_contents, part};

pub const OPERATION: Operation<DeleteInstanceRequest, NoReply> =
    Operation::writes("SWBExternalService.DeleteInstance", "sso:DeleteInstance", delete_instance);

/// Job that deletes the instance and its contents.
pub const JOB: Kind<DeletedInstance> =
    Kind::new("DELETE_INSTANCE", OPERATION.action, delete_contents).tried_until_done();

#[derive(Debug)]
pub struct DeleteInstanceRequest {
    pub instance_id: InstanceId,
}

impl FromFields for DeleteInstanceRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { instance_id: fields.required("InstanceArn")? })
    }
}

/// Disables the instance immediately, with all sessions and credentials that it issued, and queues
/// the deletion of its contents.
pub fn delete_instance(ctx: &Ctx<'_>, request: &DeleteInstanceRequest) -> Result<NoReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, &request.instance_id.arn())?;
    let room = JOB.require_room(ctx, &mut ctx.read(&permit)?)?;
    let mut tx = ctx.begin(permit)?;
    let instance = instance::require(&mut tx, &request.instance_id)?;
    instance::set_status(&mut tx, &instance.id, InstanceStatus::DeleteInProgress)?;
    // The account owns the job, because the job outlives the instance.
    let owner = instance.owner_account_id.to_string();
    let payload = DeletedInstance {
        instance_id: instance.id.clone(),
        identity_store_id: instance.identity_store_id.clone(),
    };
    let job = JOB.queue(ctx, (&mut tx, room), owner, &payload)?;
    let event = AuditEvent::new()
        .asked("instanceArn", instance.id.arn())
        .answered("identityStoreId", &instance.identity_store_id)
        .answered("jobId", &job.id);
    tx.commit(&event)?;
    Ok(NoReply {})
}

/// Instance that a job deletes.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeletedInstance {
    instance_id: InstanceId,
    identity_store_id: IdentityStoreId,
}

impl Payload for DeletedInstance {
    fn resource(&self) -> String {
        self.instance_id.arn()
    }
}

fn delete_contents(
    _: &Ctx<'_>,
    tx: &mut Tx<'_>,
    attempt: &Attempt<'_, DeletedInstance>,
) -> Result<Progress, Fault> {
    let DeletedInstance { instance_id, identity_store_id } = &attempt.payload;
    let is_all =
        instance_contents::delete_part(tx, instance_id, identity_store_id, part::ROWS_MAX)?;
    if is_all {
        instance::delete(tx, instance_id)?;
    }
    let event = AuditEvent::new().asked("jobId", &attempt.job.id).answered("deleted", is_all);
    Ok(if is_all { Progress::Ended(event) } else { Progress::GoesOn(event) })
}
