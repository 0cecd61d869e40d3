//! AWS Organizations, `ListCreateAccountStatus`.

use std::cmp::Reverse;

use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::job::{Job, JobState};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::job;

use super::access::page_of;
use super::access::require_managed;
use super::create_account::JOB;
use super::create_account_status::CreateAccountStatus;

pub const OPERATION: Operation<ListCreateAccountStatusRequest, ListCreateAccountStatusReply> =
    Operation::reads(
        "AWSOrganizationsV20161128.ListCreateAccountStatus",
        "organizations:ListCreateAccountStatus",
        list_create_account_status,
    );

#[derive(Debug)]
pub struct ListCreateAccountStatusRequest {
    /// In the order of the enumeration, each once.
    pub states: Vec<JobState>,
    pub page: Page,
}

impl FromFields for ListCreateAccountStatusRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let asked: Vec<JobState> = fields.strings("States", 0..=3)?.unwrap_or_default();
        let all = [JobState::InProgress, JobState::Succeeded, JobState::Failed];
        let is_asked = |state: &JobState| asked.is_empty() || asked.contains(state);
        Ok(Self { states: all.into_iter().filter(is_asked).collect(), page: page_of(fields)? })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListCreateAccountStatusReply {
    pub create_account_statuses: Vec<CreateAccountStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// A page of the requests for accounts, newest first.
pub fn list_create_account_status(
    ctx: &Ctx<'_>,
    request: &ListCreateAccountStatusRequest,
) -> Result<ListCreateAccountStatusReply, Fault> {
    let ListCreateAccountStatusRequest { states, page } = request;
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let mut read = ctx.read(&permit)?;
    let organization = require_managed(&mut read)?;
    let owner = organization.management_account_id.as_str();

    let words: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let query = format!("ListCreateAccountStatus {}", words.join(" "));
    let newest = i64::MAX.to_string();
    let [before_ms, before_id] = page.after(ctx, &query, [newest.as_str(), ""])?;
    let before_ms = before_ms.parse().map_err(|_| page.bad_token())?;
    let (kind, before) = (JOB.name, (before_ms, before_id.as_str()));
    let mut rows = Vec::new();
    for state in states {
        let limit = page.limit();
        rows.extend(job::list_in_state(&mut read, owner, kind, *state, before, limit)?);
    }
    // Each state's list is in order; together they are not.
    rows.sort_by_key(|job: &Job| Reverse((job.created_at_ms, job.id.clone())));
    let paged =
        page.of(ctx, &query, rows, |job| [job.created_at_ms.to_string(), job.id.to_string()]);
    let statuses: Result<_, _> =
        paged.rows.iter().map(|job| CreateAccountStatus::of(&JOB, job)).collect();
    Ok(ListCreateAccountStatusReply {
        create_account_statuses: statuses?,
        next_token: paged.next_token,
    })
}
