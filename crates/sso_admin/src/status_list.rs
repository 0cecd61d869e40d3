//! Shared part of the three lists of asynchronous requests.

use kernel::page::{Page, Paged};
use kernel::reply::seconds;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::InstanceId;
use model::job::{Job, JobState};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::job;

use super::access::page_of;
use super::access::require_organization_instance;

#[derive(Debug)]
pub struct StatusListRequest {
    pub instance_id: InstanceId,
    pub state: Option<JobState>,
    pub page: Page,
}

impl FromFields for StatusListRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let filter = fields.object("Filter")?;
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            state: filter.map_or(Ok(None), |filter| filter.optional("Status"))?,
            page: page_of(fields)?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StatusMetadata {
    pub status: &'static str,
    pub request_id: String,
    /// Seconds since 1970.
    pub created_date: f64,
}

impl From<&Job> for StatusMetadata {
    fn from(job: &Job) -> Self {
        Self {
            status: job.state.as_str(),
            request_id: job.id.to_string(),
            created_date: seconds(job.created_at_ms),
        }
    }
}

/// Lists a page of the instance's jobs of a kind, newest first.
pub(crate) fn list<Reply>(
    ctx: &Ctx<'_>,
    request: &StatusListRequest,
    operation: &Operation<StatusListRequest, Reply>,
    kind: &str,
) -> Result<Paged<StatusMetadata>, Fault> {
    let StatusListRequest { instance_id, state, page } = request;
    let permit = ctx.authorize(operation.action, &instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    require_organization_instance(&mut read, instance_id)?;

    let newest = i64::MAX.to_string();
    let owner = instance_id.as_str();
    let rows = |[before_ms, before_id]: [String; 2], limit| {
        let before_ms = before_ms.parse().map_err(|_| page.bad_token())?;
        let before = (before_ms, before_id.as_str());
        match state {
            None => job::list(&mut read, owner, kind, before, limit),
            Some(state) => job::list_in_state(&mut read, owner, kind, *state, before, limit),
        }
    };
    let key = |job: &Job| [job.created_at_ms.to_string(), job.id.to_string()];
    let in_state = state.map_or("", JobState::as_str);
    let paged = page.read(ctx, operation, &[instance_id, &in_state], [&newest, ""], rows, key)?;
    let rows = paged.rows.iter().map(StatusMetadata::from).collect();
    Ok(Paged { rows, next_token: paged.next_token })
}
