//! Payload of the jobs that create and delete account assignments.

use kernel::Ctx;
use kernel::jobs::{Kind, Payload, Room};
use model::assignment::{AccountAssignment, AssignmentPrincipal};
use model::ids::{AccountId, InstanceId, PermissionSetArn, PermissionSetId};
use model::job::Job;
use model::{AuditEvent, Fault};
use serde::{Deserialize, Serialize};
use store::Tx;

use super::assignment_request::AssignmentRequest;

/// Assignment that a job creates or deletes.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AssignmentPayload {
    pub(crate) instance_id: InstanceId,
    pub(crate) account_id: AccountId,
    permission_set_id: PermissionSetId,
    #[serde(flatten)]
    pub(crate) principal: AssignmentPrincipal,
}

impl Payload for AssignmentPayload {
    fn resource(&self) -> String {
        self.permission_set_arn().to_string()
    }
}

impl From<&AssignmentRequest> for AssignmentPayload {
    fn from(request: &AssignmentRequest) -> Self {
        Self {
            instance_id: request.instance_id.clone(),
            account_id: request.account_id.clone(),
            permission_set_id: request.permission_set_arn.id.clone(),
            principal: request.principal.clone(),
        }
    }
}

impl AssignmentPayload {
    pub(crate) fn permission_set_arn(&self) -> PermissionSetArn {
        let Self { instance_id, permission_set_id, .. } = self;
        PermissionSetArn { instance_id: instance_id.clone(), id: permission_set_id.clone() }
    }

    /// What a job about this assignment is about, of which only one may be unfinished.
    pub(crate) fn subject(&self) -> String {
        let Self { account_id, permission_set_id, principal, .. } = self;
        let (kind, id) = (principal.kind(), principal.id());
        format!("assignment/{account_id}/{permission_set_id}/{kind}/{id}")
    }

    /// Returns the assignment with `now_ms` as its creation time.
    pub(crate) fn assignment(&self, now_ms: i64) -> AccountAssignment {
        AccountAssignment {
            instance_id: self.instance_id.clone(),
            account_id: self.account_id.clone(),
            permission_set_id: self.permission_set_id.clone(),
            principal: self.principal.clone(),
            created_at_ms: now_ms,
        }
    }

    /// Makes the audit event of the job, with the fields that both kinds share.
    pub(crate) fn event(&self, job: &Job) -> AuditEvent {
        AuditEvent::new()
            .asked("requestId", &job.id)
            .asked("targetId", &self.account_id)
            .asked("principalType", self.principal.kind())
            .asked("principalId", self.principal.id())
    }
}

/// Adds a job to the queue, unless another unfinished job is about the same assignment.
pub(crate) fn queue(
    ctx: &Ctx<'_>,
    (tx, room): (&mut Tx<'_>, Room),
    kind: &Kind<AssignmentPayload>,
    payload: &AssignmentPayload,
) -> Result<Job, Fault> {
    let owner_id = payload.instance_id.to_string();
    let queued = kind.queue_alone(ctx, (tx, room), owner_id, payload, &payload.subject())?;
    queued.ok_or_else(|| {
        Fault::conflict(
            "The same account assignment is being created or deleted. Wait until that is over.",
        )
    })
}
