//! How far the making of an account is.

use model::Fault;
use model::ids::CreateAccountRequestId;
use model::job::{Job, JobState};
use serde::Serialize;

use crate::jobs::create_account::{EMAIL_ALREADY_EXISTS, Payload};
use crate::jobs::payload;
use crate::reply::seconds;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateAccountReply {
    pub create_account_status: CreateAccountStatus,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateAccountStatus {
    pub id: String,
    pub account_name: String,
    pub state: &'static str,
    pub requested_timestamp: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_timestamp: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<&'static str>,
}

impl CreateAccountReply {
    pub(super) fn of(job: &Job) -> Result<Self, Fault> {
        Ok(Self { create_account_status: CreateAccountStatus::of(job)? })
    }
}

impl CreateAccountStatus {
    pub(super) fn of(job: &Job) -> Result<Self, Fault> {
        let Payload { account_id, name, .. } = payload(job)?;
        let (account_id, failure_reason) = match job.state {
            JobState::InProgress => (None, None),
            JobState::Succeeded => (Some(account_id.to_string()), None),
            JobState::Failed => (None, Some(failure_reason(job))),
        };
        let is_over = job.state != JobState::InProgress;
        Ok(Self {
            id: CreateAccountRequestId::of_job(&job.id).to_string(),
            account_name: name.to_string(),
            state: job.state.as_str(),
            requested_timestamp: seconds(job.created_at_ms),
            completed_timestamp: is_over.then(|| seconds(job.updated_at_ms)),
            account_id,
            failure_reason,
        })
    }
}

// AWS: CreateAccountFailureReason is an enumeration; whatever is not in it is an internal failure.
fn failure_reason(job: &Job) -> &'static str {
    match job.failure_reason.as_deref() {
        Some(EMAIL_ALREADY_EXISTS) => EMAIL_ALREADY_EXISTS,
        Some(_) | None => "INTERNAL_FAILURE",
    }
}
