//! Console, the role session of a request: the role, its account, and when its keys end.

use kernel::{Ctx, Operation, Portico};
use model::Fault;
use model::organization::Account;
use policy::{NoFacts, Permit, Principal, RoleSession};
use store::{Read, account};

pub const OPERATION: Operation<(), RoleSessionReply> = Operation::reads(
    "Console.DescribeRoleSession",
    sts::get_caller_identity::OPERATION.action,
    describe_role_session,
);

/// A role session with its account.
#[derive(Clone, Debug)]
pub struct RoleSessionReply {
    pub role: RoleSession,
    pub account: Account,
    /// True if the account manages the organisation.
    pub is_management: bool,
}

/// Returns the caller's role session. As `GetCallerIdentity`, it asks no policy: the holder of the
/// keys may know whose they are, and the name of their account.
pub fn describe_role_session(ctx: &Ctx<'_>, (): &()) -> Result<RoleSessionReply, Fault> {
    let permit = permit_for_account()?;
    read_role_session(ctx, &mut ctx.read(&permit)?)
}

/// The permit to read the account of the caller.
pub(crate) fn permit_for_account() -> Result<Permit, Fault> {
    policy::authorize(&Portico::itself(), "portico:ReadAccount", "*", &NoFacts)
}

pub(crate) fn read_role_session(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
) -> Result<RoleSessionReply, Fault> {
    let Principal::Role(role) = &ctx.caller.principal else { return Err(Fault::Unsigned) };
    let account = account::require(read, &role.account_id)?;
    let is_management = account.id == ctx.portico.settings.management_account_id;
    Ok(RoleSessionReply { role: role.clone(), account, is_management })
}
