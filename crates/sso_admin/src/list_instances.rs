//! IAM Identity Center, `ListInstances`.

use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::instance::Instance;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{Read, instance};

use super::access::page_of;
use super::instance_reply::InstanceReply;

pub const OPERATION: Operation<ListInstancesRequest, ListInstancesReply> =
    Operation::reads("SWBExternalService.ListInstances", "sso:ListInstances", list_instances);

#[derive(Debug)]
pub struct ListInstancesRequest {
    pub page: Page,
}

impl FromFields for ListInstancesRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        // There is one region, so both scopes contain the same instances.
        match fields.text("RegionScope")? {
            None | Some("CURRENT_REGION" | "ALL_REGIONS") => {}
            Some(_) => {
                let must = "be CURRENT_REGION or ALL_REGIONS";
                return Err(fields.invalid("RegionScope", must));
            }
        }
        Ok(Self { page: page_of(fields)? })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInstancesReply {
    pub instances: Vec<InstanceReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Lists the instance of the caller's account and the organisation's instance, if they exist.
pub fn list_instances(
    ctx: &Ctx<'_>,
    request: &ListInstancesRequest,
) -> Result<ListInstancesReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let mut read = ctx.read(&permit)?;

    let rows = |[after]: [String; 1], _| {
        let mut rows = list_visible(ctx, &mut read)?;
        rows.retain(|instance| instance.id.as_str() > after.as_str());
        Ok(rows)
    };
    let key = |instance: &Instance| [instance.id.to_string()];
    let page = request.page.read(ctx, &OPERATION, &[], [""], rows, key)?;
    let region = &ctx.portico.settings.region;
    let instances = page.rows.iter().map(|instance| InstanceReply::new(instance, region));
    Ok(ListInstancesReply { instances: instances.collect(), next_token: page.next_token })
}

/// Lists the instances that the caller's account sees, by id. Pages of the console begin with the first.
// AWS: those "created in or visible to" the account: the organisation's is visible to its members.
pub fn list_visible(ctx: &Ctx<'_>, read: &mut Read<'_>) -> Result<Vec<Instance>, Fault> {
    let mut visible = Vec::from_iter(instance::find_of_organization(read)?);
    if let Some(owner) = ctx.caller.account_id() {
        visible.extend(instance::find_owned(read, owner)?);
    }
    visible.sort_by(|one, other| one.id.cmp(&other.id));
    visible.dedup();
    Ok(visible)
}
