//! IAM Identity Center, `ListPermissionSets`.

use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::InstanceId;
use model::permission_set::PermissionSet;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::permission_set;

use super::access::page_of;
use super::access::require_organization_instance;

pub const OPERATION: Operation<ListPermissionSetsRequest, ListPermissionSetsReply> =
    Operation::reads(
        "SWBExternalService.ListPermissionSets",
        "sso:ListPermissionSets",
        list_permission_sets,
    );

#[derive(Debug)]
pub struct ListPermissionSetsRequest {
    pub instance_id: InstanceId,
    pub page: Page,
}

impl FromFields for ListPermissionSetsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { instance_id: fields.required("InstanceArn")?, page: page_of(fields)? })
    }
}

/// Page of permission set ARNs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListPermissionSetsReply {
    pub permission_sets: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Lists a page of the instance's permission sets, by id.
pub fn list_permission_sets(
    ctx: &Ctx<'_>,
    request: &ListPermissionSetsRequest,
) -> Result<ListPermissionSetsReply, Fault> {
    let ListPermissionSetsRequest { instance_id, page } = request;
    let permit = ctx.authorize(OPERATION.action, &instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    require_organization_instance(&mut read, instance_id)?;

    let rows =
        |[after]: [String; 1], limit| permission_set::list(&mut read, instance_id, &after, limit);
    let key = |set: &PermissionSet| [set.id.to_string()];
    let paged = page.read(ctx, &OPERATION, &[instance_id], [""], rows, key)?;
    let permission_sets = paged.rows.iter().map(|set| set.arn().to_string()).collect();
    Ok(ListPermissionSetsReply { permission_sets, next_token: paged.next_token })
}
