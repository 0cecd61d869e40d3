//! AWS Organizations: the organisation and its accounts.

pub mod create_account;
pub mod create_account_status;
pub mod create_organization;
pub mod describe_account;
pub mod describe_create_account_status;
pub mod describe_organization;
pub mod list_accounts;
pub mod list_create_account_status;
pub mod list_parents;
pub mod list_roots;
pub mod list_tags_for_resource;
mod reply;
pub mod tag_resource;
pub mod taggable;
#[cfg(test)]
mod tests;
pub mod untag_resource;

use model::Fault;
use model::organization::Organization;
use protocol::Fields;
use store::Read;

use crate::page::Page;
use crate::{Ctx, Portico};

use crate::operation::Served;

/// Every operation that the service serves, by name.
pub const OPERATIONS: &[&dyn Served] = &[
    &create_account::OPERATION,
    &create_organization::OPERATION,
    &describe_account::OPERATION,
    &describe_create_account_status::OPERATION,
    &describe_organization::OPERATION,
    &list_accounts::OPERATION,
    &list_create_account_status::OPERATION,
    &list_parents::OPERATION,
    &list_roots::OPERATION,
    &list_tags_for_resource::OPERATION,
    &tag_resource::OPERATION,
    &untag_resource::OPERATION,
];

/// Reads `MaxResults` and `NextToken`.
// AWS: MaxResults and NextToken of organizations.
fn page_of(fields: &Fields<'_>) -> Result<Page, Fault> {
    Page::within(fields, 20, 100_000)
}

/// The organisation, if the caller's account manages it.
///
/// INVARIANT: policies of another account's role cannot open the organisation to it.
pub(crate) fn require_managed(read: &mut Read<'_>) -> Result<Organization, Fault> {
    let organization = store::organization::require(read)?;
    if read.permit().caller().account_id() == Some(&organization.management_account_id) {
        return Ok(organization);
    }
    Err(read.permit().refusal("only the management account may call this operation"))
}

/// What policies are asked about where an operation is about one account or the root. The ARN holds
/// the ids of the organisation, so that is looked up first, by Portico itself.
fn organization_part(ctx: &Ctx<'_>, kind: &str, id: &str) -> Result<String, Fault> {
    let itself = Portico::itself();
    let ctx = Ctx::new(ctx.portico, &itself, ctx.request);
    let permit = ctx.authorize("portico:DescribeOrganization", "*")?;
    let Some(organization) = store::organization::find(&mut ctx.read(&permit)?)? else {
        return Ok("*".to_owned());
    };
    let Organization { id: organization, management_account_id, .. } = organization;
    Ok(format!("arn:aws:organizations::{management_account_id}:{kind}/{organization}/{id}"))
}
