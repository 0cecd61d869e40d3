//! Jobs that delete in parts what was below a deleted user or group (decision 0037).

use kernel::Ctx;
use kernel::jobs::{Attempt, Payload, Progress};
use model::assignment::AssignmentPrincipal;
use model::ids::InstanceId;
use model::instance::InstanceStatus;
use model::{AuditEvent, Fault};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{Tx, instance, removed_principal};

/// Deleted user or group, of which rows are left.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Removed<Id> {
    pub instance_id: InstanceId,
    pub principal_id: Id,
    /// ARN of the user or group.
    pub resource: String,
}

impl<Id: DeserializeOwned + Serialize> Payload for Removed<Id> {
    fn resource(&self) -> String {
        self.resource.clone()
    }
}

/// Deletes one part of the rows of a user or group.
pub(crate) fn delete_part<Id: Clone + Into<AssignmentPrincipal>>(
    _: &Ctx<'_>,
    tx: &mut Tx<'_>,
    attempt: &Attempt<'_, Removed<Id>>,
) -> Result<Progress, Fault> {
    let Removed { instance_id, principal_id, .. } = &attempt.payload;
    let found = instance::find(tx, instance_id)?;
    // The job that deletes an instance deletes this too.
    let in_use = found.filter(|instance| instance.status == InstanceStatus::Active);
    let principal = principal_id.clone().into();
    let delete = |instance| removed_principal::delete_part(tx, &instance, &principal);
    let is_all = in_use.map_or(Ok(true), delete)?;
    let event = AuditEvent::new().asked("jobId", &attempt.job.id).answered("deleted", is_all);
    Ok(if is_all { Progress::Ended(event) } else { Progress::GoesOn(event) })
}
