//! Lookup and authorization of the organisation of an operation.

use kernel::page::Page;
use kernel::{Ctx, Portico};
use model::Fault;
use model::organization::Organization;
use protocol::Fields;
use store::Read;

/// Reads `MaxResults` and `NextToken`.
// AWS: `MaxResults` and `NextToken` of organizations.
pub(crate) fn page_of(fields: &Fields<'_>) -> Result<Page, Fault> {
    Page::within(fields, 20, 100_000)
}

/// Returns the organisation if the caller's account manages it.
///
/// INVARIANT: policies of another account's role cannot grant access to the organisation.
pub(crate) fn require_managed(read: &mut Read<'_>) -> Result<Organization, Fault> {
    let organization = store::organization::require(read)?;
    if read.permit().caller().account_id() == Some(&organization.management_account_id) {
        return Ok(organization);
    }
    Err(read.permit().refusal("only the management account may call this operation"))
}

/// Returns the ARN of an account or the root for the policy evaluation. The ARN contains the ids of
/// the organisation, so Portico itself looks that up first.
pub(crate) fn organization_part(ctx: &Ctx<'_>, kind: &str, id: &str) -> Result<String, Fault> {
    let itself = Portico::itself();
    let ctx = Ctx::new(ctx.portico, &itself, ctx.request);
    let permit = ctx.authorize("portico:DescribeOrganization", "*")?;
    let Some(organization) = store::organization::find(&mut ctx.read(&permit)?)? else {
        return Ok("*".to_owned());
    };
    Ok(part_arn(&organization, kind, id))
}

/// Makes the ARN of an account, `("account", id)`, or of the root.
#[must_use]
pub fn part_arn(organization: &Organization, kind: &str, id: &str) -> String {
    let Organization { id: organization, management_account_id, .. } = organization;
    format!("arn:aws:organizations::{management_account_id}:{kind}/{organization}/{id}")
}
