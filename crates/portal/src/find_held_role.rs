//! Access portal, lookup of the role that a page is about.

use kernel::sessions::person;
use kernel::{Ctx, Operation};
use model::Fault;
use store::{account, portal};

use super::get_role_credentials::GetRoleCredentialsRequest;
use super::list_account_roles;

pub const OPERATION: Operation<GetRoleCredentialsRequest, HeldRoleReply> = Operation::reads(
    "SSOPortal.FindHeldRole",
    list_account_roles::OPERATION.action,
    find_held_role,
);

/// Role of the person, with its account.
#[derive(Clone, Debug)]
pub struct HeldRoleReply {
    pub account_id: String,
    pub account_name: String,
    pub role_name: String,
}

/// Finds the role of a credentials request, if the person holds it. No credentials are issued.
pub fn find_held_role(
    ctx: &Ctx<'_>,
    request: &GetRoleCredentialsRequest,
) -> Result<HeldRoleReply, Fault> {
    let (person, account_id) = (person(ctx)?, &request.account_id);
    let permit = ctx.authorize(OPERATION.action, &account_id.sso_arn())?;
    let mut read = ctx.read(&permit)?;
    let role = portal::find_role(&mut read, person, account_id, &request.role_name)?;
    let role = role.ok_or(Fault::NoAccess)?;
    let account = account::require(&mut read, account_id)?;
    Ok(HeldRoleReply {
        account_id: account.id.to_string(),
        account_name: account.name.to_string(),
        role_name: role.permission_set_name,
    })
}
