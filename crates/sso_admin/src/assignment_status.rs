//! Status of the creation or deletion of an account assignment.

use kernel::jobs::Kind;
use kernel::reply::seconds;
use model::Fault;
use model::job::Job;
use serde::Serialize;

use super::assignment_payload::AssignmentPayload;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AssignmentStatus {
    pub status: &'static str,
    pub request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<String>,
    pub target_id: String,
    pub target_type: &'static str,
    pub permission_set_arn: String,
    pub principal_type: &'static str,
    pub principal_id: String,
    /// Seconds since 1970.
    pub created_date: f64,
}

impl AssignmentStatus {
    /// Makes the status of a job of this kind from its row.
    pub(super) fn of(kind: &Kind<AssignmentPayload>, job: &Job) -> Result<Self, Fault> {
        Ok(Self::new(job, &kind.payload(job)?))
    }

    pub(super) fn new(job: &Job, assignment: &AssignmentPayload) -> Self {
        Self {
            status: job.state.as_str(),
            request_id: job.id.to_string(),
            failure_reason: job.failure_reason.clone(),
            target_id: assignment.account_id.to_string(),
            target_type: "AWS_ACCOUNT",
            permission_set_arn: assignment.permission_set_arn().to_string(),
            principal_type: assignment.principal.kind().as_str(),
            principal_id: assignment.principal.id().to_owned(),
            created_date: seconds(job.created_at_ms),
        }
    }
}
