//! What the three lists of asynchronous requests share.

use kernel::Ctx;
use kernel::page::{Page, Paged};
use kernel::reply::Moment;
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
    pub created_date: Moment,
}

impl From<&Job> for StatusMetadata {
    fn from(job: &Job) -> Self {
        Self {
            status: job.state.as_str(),
            request_id: job.id.to_string(),
            created_date: Moment(job.created_at_ms),
        }
    }
}

/// A page of the instance's jobs of a kind, newest first.
pub(super) fn list(
    ctx: &Ctx<'_>,
    request: &StatusListRequest,
    action: &'static str,
    kind: &str,
) -> Result<Paged<StatusMetadata>, Fault> {
    let StatusListRequest { instance_id, state, page } = request;
    let permit = ctx.authorize(action, &instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    require_organization_instance(&mut read, instance_id)?;

    let query = format!("{action} {instance_id} {}", state.map_or("", JobState::as_str));
    let newest = i64::MAX.to_string();
    let [before_ms, before_id] = page.after(ctx, &query, [newest.as_str(), ""])?;
    let before_ms = before_ms.parse().map_err(|_| page.bad_token())?;
    let (owner, before) = (instance_id.as_str(), (before_ms, before_id.as_str()));
    let rows = match state {
        None => job::list(&mut read, owner, kind, before, page.limit())?,
        Some(state) => job::list_in_state(&mut read, owner, kind, *state, before, page.limit())?,
    };
    let paged =
        page.of(ctx, &query, rows, |job| [job.created_at_ms.to_string(), job.id.to_string()]);
    let rows = paged.rows.iter().map(StatusMetadata::from).collect();
    Ok(Paged { rows, next_token: paged.next_token })
}
