//! Long work, as the database remembers it.

use std::str::FromStr;

use crate::ids::JobId;

/// A piece of long work. The status objects of the API are made from it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Job {
    /// The instance or the account that the work belongs to.
    pub owner_id: String,
    pub id: JobId,
    pub kind: JobKind,
    pub state: JobState,
    /// JSON in the form that the kind has.
    pub payload: String,
    /// Why it failed for good.
    pub failure_reason: Option<String>,
    /// How often it was begun.
    pub attempts: i64,
    pub run_after_ms: i64,
    pub created_at_ms: i64,
    /// Once it is over, when it ended.
    pub updated_at_ms: i64,
}

impl Job {
    /// Work to be done at once.
    #[must_use]
    pub fn new(owner_id: String, id: JobId, kind: JobKind, payload: String, now_ms: i64) -> Self {
        Self {
            owner_id,
            id,
            kind,
            state: JobState::InProgress,
            payload,
            failure_reason: None,
            attempts: 0,
            run_after_ms: now_ms,
            created_at_ms: now_ms,
            updated_at_ms: now_ms,
        }
    }
}

/// What there is to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum JobKind {
    CreateAccount,
    CreateAccountAssignment,
    DeleteAccountAssignment,
    ProvisionPermissionSet,
    DeleteInstance,
}

impl JobKind {
    /// The word of the database and of the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateAccount => "CREATE_ACCOUNT",
            Self::CreateAccountAssignment => "CREATE_ACCOUNT_ASSIGNMENT",
            Self::DeleteAccountAssignment => "DELETE_ACCOUNT_ASSIGNMENT",
            Self::ProvisionPermissionSet => "PROVISION_PERMISSION_SET",
            Self::DeleteInstance => "DELETE_INSTANCE",
        }
    }
}

impl FromStr for JobKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "CREATE_ACCOUNT" => Ok(Self::CreateAccount),
            "CREATE_ACCOUNT_ASSIGNMENT" => Ok(Self::CreateAccountAssignment),
            "DELETE_ACCOUNT_ASSIGNMENT" => Ok(Self::DeleteAccountAssignment),
            "PROVISION_PERMISSION_SET" => Ok(Self::ProvisionPermissionSet),
            "DELETE_INSTANCE" => Ok(Self::DeleteInstance),
            _ => Err("be a kind of job"),
        }
    }
}

/// Where a job is in its life.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum JobState {
    InProgress,
    Succeeded,
    Failed,
}

impl JobState {
    /// The word of the API and of the database.
    // AWS: StatusValues of sso-admin.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }
}

impl FromStr for JobState {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "IN_PROGRESS" => Ok(Self::InProgress),
            "SUCCEEDED" => Ok(Self::Succeeded),
            "FAILED" => Ok(Self::Failed),
            _ => Err("be IN_PROGRESS, SUCCEEDED or FAILED"),
        }
    }
}
