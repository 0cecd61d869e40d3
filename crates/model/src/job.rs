//! Job: long work, as a row of the database.

use std::str::FromStr;

use crate::ids::JobId;

/// Job. The status objects of the API are made from it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Job {
    /// Instance or account that the work belongs to.
    pub owner_id: String,
    pub id: JobId,
    /// Name of its kind. A node may find jobs of kinds that it does not know.
    pub kind: String,
    pub state: JobState,
    /// JSON in the form that the kind has.
    pub payload: String,
    /// Reason of the final failure.
    pub failure_reason: Option<String>,
    /// Number of times that it was begun.
    pub attempts: i64,
    pub run_after_ms: i64,
    pub created_at_ms: i64,
    /// Time of the end of a job that is over.
    pub updated_at_ms: i64,
}

impl Job {
    /// Makes a job that is due at once.
    #[must_use]
    pub fn new(owner_id: String, id: JobId, kind: &str, payload: String, now_ms: i64) -> Self {
        Self {
            owner_id,
            id,
            kind: kind.to_owned(),
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

/// State of a job.
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
