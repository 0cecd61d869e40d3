//! Status of the creation of an account.

use kernel::jobs::{Kind, Payload};
use kernel::reply::seconds;
use model::Fault;
use model::ids::AccountId;
use model::ids::CreateAccountRequestId;
use model::job::{Job, JobState};
use model::organization::{AccountEmail, AccountName};
use model::tag::Tag;
use serde::{Deserialize, Serialize};

/// Failure reason of an account whose address belongs to another account.
// AWS: `CreateAccountFailureReason`.
pub(crate) const EMAIL_ALREADY_EXISTS: &str = "EMAIL_ALREADY_EXISTS";

/// Account to create.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NewAccount {
    pub(crate) account_id: AccountId,
    pub(crate) account_name: AccountName,
    pub(crate) email: AccountEmail,
    pub(crate) tags: Vec<Tag>,
}

impl Payload for NewAccount {
    fn resource(&self) -> String {
        "*".to_owned()
    }
}

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
    /// Seconds since 1970.
    pub requested_timestamp: f64,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_timestamp: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<&'static str>,
}

impl CreateAccountReply {
    pub(super) fn new(job: &Job, new: &NewAccount) -> Self {
        Self { create_account_status: CreateAccountStatus::new(job, new) }
    }

    pub(super) fn of(kind: &Kind<NewAccount>, job: &Job) -> Result<Self, Fault> {
        Ok(Self { create_account_status: CreateAccountStatus::of(kind, job)? })
    }
}

impl CreateAccountStatus {
    pub(super) fn of(kind: &Kind<NewAccount>, job: &Job) -> Result<Self, Fault> {
        Ok(Self::new(job, &kind.payload(job)?))
    }

    fn new(job: &Job, new: &NewAccount) -> Self {
        let NewAccount { account_id, account_name, .. } = new;
        let (account_id, failure_reason) = match job.state {
            JobState::InProgress => (None, None),
            JobState::Succeeded => (Some(account_id.to_string()), None),
            JobState::Failed => (None, Some(failure_reason(job))),
        };
        let is_over = job.state != JobState::InProgress;
        Self {
            id: CreateAccountRequestId::of_job(&job.id).to_string(),
            account_name: account_name.to_string(),
            state: job.state.as_str(),
            requested_timestamp: seconds(job.created_at_ms),
            completed_timestamp: is_over.then(|| seconds(job.updated_at_ms)),
            account_id,
            failure_reason,
        }
    }
}

// AWS: `CreateAccountFailureReason` is an enumeration. Any other reason is an internal failure.
fn failure_reason(job: &Job) -> &'static str {
    match job.failure_reason.as_deref() {
        Some(EMAIL_ALREADY_EXISTS) => EMAIL_ALREADY_EXISTS,
        Some(_) | None => "INTERNAL_FAILURE",
    }
}
