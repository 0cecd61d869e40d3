//! AWS Organizations: the organisation and its accounts.

pub mod describe_organization;
pub mod list_accounts;
mod reply;

use model::Fault;
use model::organization::Organization;
use store::Read;

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
