//! IAM Identity Center, `ListManagedPoliciesInPermissionSet`.

use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::permission_set::ManagedPolicyArn;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::permission_set;

use super::access::page_of;
use super::access::require_permission_set;
use super::permission_set_request::PermissionSetRequest;

pub const OPERATION: Operation<
    ListManagedPoliciesInPermissionSetRequest,
    ListManagedPoliciesInPermissionSetReply,
> = Operation::reads(
    "SWBExternalService.ListManagedPoliciesInPermissionSet",
    "sso:ListManagedPoliciesInPermissionSet",
    list_managed_policies_in_permission_set,
);

#[derive(Debug)]
pub struct ListManagedPoliciesInPermissionSetRequest {
    pub set: PermissionSetRequest,
    pub page: Page,
}

impl FromFields for ListManagedPoliciesInPermissionSetRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { set: PermissionSetRequest::from_fields(fields)?, page: page_of(fields)? })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListManagedPoliciesInPermissionSetReply {
    pub attached_managed_policies: Vec<AttachedManagedPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AttachedManagedPolicy {
    pub name: String,
    pub arn: String,
}

/// Lists a page of the permission set's managed policies, by ARN.
pub fn list_managed_policies_in_permission_set(
    ctx: &Ctx<'_>,
    request: &ListManagedPoliciesInPermissionSetRequest,
) -> Result<ListManagedPoliciesInPermissionSetReply, Fault> {
    let ListManagedPoliciesInPermissionSetRequest { set, page } = request;
    let arn = &set.permission_set_arn;
    let permit = ctx.authorize_all(OPERATION.action, &set.resources())?;
    let mut read = ctx.read(&permit)?;
    require_permission_set(&mut read, &set.instance_id, arn)?;

    let rows = |[after]: [String; 1], limit| {
        permission_set::list_managed_policies(&mut read, arn, &after, limit)
    };
    let key = |policy: &ManagedPolicyArn| [policy.to_string()];
    let paged = page.read(ctx, &OPERATION, &[arn], [""], rows, key)?;
    let attached = paged.rows.iter().map(|policy| AttachedManagedPolicy {
        name: policy.name().to_owned(),
        arn: policy.to_string(),
    });
    Ok(ListManagedPoliciesInPermissionSetReply {
        attached_managed_policies: attached.collect(),
        next_token: paged.next_token,
    })
}
