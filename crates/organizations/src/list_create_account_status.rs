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
    /// States in the order of the enumeration, without duplicates.
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

/// Lists a page of the account creation requests, newest first.
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
    let newest = i64::MAX.to_string();
    let rows = |[before_ms, before_id]: [String; 2], limit| {
        let before_ms = before_ms.parse().map_err(|_| page.bad_token())?;
        let before = (before_ms, before_id.as_str());
        let mut rows = Vec::new();
        for state in states {
            rows.extend(job::list_in_state(&mut read, owner, JOB.name, *state, before, limit)?);
        }
        // The list of each state is sorted; the combined list is not.
        rows.sort_by_key(|job: &Job| Reverse((job.created_at_ms, job.id.clone())));
        Ok(rows)
    };
    let key = |job: &Job| [job.created_at_ms.to_string(), job.id.to_string()];
    let paged = page.read(ctx, &OPERATION, &[&words.join(" ")], [&newest, ""], rows, key)?;
    let statuses: Result<_, _> =
        paged.rows.iter().map(|job| CreateAccountStatus::of(&JOB, job)).collect();
    Ok(ListCreateAccountStatusReply {
        create_account_statuses: statuses?,
        next_token: paged.next_token,
    })
}
