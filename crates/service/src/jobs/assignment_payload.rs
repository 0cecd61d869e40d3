//! What the jobs that make and delete account assignments have to work with: the assignment.

use model::Fault;
use model::assignment::AccountAssignment;
use model::job::{Job, JobKind};
use protocol::{Fields, FromFields};
use serde_json::json;
use store::Tx;

use super::{id, payload, queue_alone};
use crate::Ctx;

struct Payload(AccountAssignment);

impl FromFields for Payload {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let text = |field| fields.text(field)?.ok_or_else(|| fields.missing(field));
        let principal = model::assignment::AssignmentPrincipal::new(
            fields.required("PrincipalType")?,
            text("PrincipalId")?,
        );
        Ok(Self(AccountAssignment {
            instance_id: fields.required("InstanceId")?,
            account_id: fields.required("AccountId")?,
            permission_set_id: fields.required("PermissionSetId")?,
            principal: principal.map_err(|must| fields.invalid("PrincipalId", must))?,
            created_at_ms: 0,
        }))
    }
}

/// The assignment that the job is about, as old as the job.
pub(crate) fn read(job: &Job) -> Result<AccountAssignment, Fault> {
    let Payload(assignment) = payload(job)?;
    Ok(AccountAssignment { created_at_ms: job.created_at_ms, ..assignment })
}

/// Adds a job about an assignment to the queue, unless one about the same assignment is there.
pub(crate) fn queue(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    kind: JobKind,
    assignment: &AccountAssignment,
) -> Result<Job, Fault> {
    let AccountAssignment { instance_id, account_id, permission_set_id, principal, .. } =
        assignment;
    let (principal_type, principal_id) = (principal.kind(), principal.id());
    let payload = json!({
        "InstanceId": instance_id,
        "AccountId": account_id,
        "PermissionSetId": permission_set_id,
        "PrincipalType": principal_type.as_str(),
        "PrincipalId": principal_id,
    });
    let owner = instance_id.to_string();
    let job = Job::new(owner, id(ctx), kind, payload.to_string(), tx.now_ms());
    let subject =
        format!("assignment/{account_id}/{permission_set_id}/{principal_type}/{principal_id}");
    if queue_alone(tx, &job, &subject)? {
        return Ok(job);
    }
    Err(Fault::conflict(
        "The same account assignment is being created or deleted. Wait until that is over.",
    ))
}
