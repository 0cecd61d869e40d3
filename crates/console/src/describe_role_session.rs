//! Console, who acts: the role that is open, its account, and when it ends.

use kernel::{Ctx, Operation, Portico};
use model::Fault;
use policy::{NoFacts, Principal};
use store::account;

pub const OPERATION: Operation<(), RoleSessionReply> =
    Operation::reads("Console.DescribeRoleSession", "sts:GetCallerIdentity", describe_role_session);

/// A role session, as its holder sees it.
#[derive(Clone, Debug)]
pub struct RoleSessionReply {
    pub account_id: String,
    pub account_name: String,
    /// Whether the account manages the organisation.
    pub is_management: bool,
    pub role_name: String,
    pub role_arn: String,
    pub session_name: String,
    pub session_arn: String,
    pub access_key_id: String,
    pub ends_at_ms: i64,
}

/// Who calls. Like `GetCallerIdentity` it asks no policy: whoever holds the keys may know whose they
/// are, and what the account is called that they are in.
pub fn describe_role_session(ctx: &Ctx<'_>, (): &()) -> Result<RoleSessionReply, Fault> {
    let Principal::Role(role) = &ctx.caller.principal else { return Err(Fault::Unsigned) };
    let permit = policy::authorize(&Portico::itself(), "portico:ReadAccount", "*", &NoFacts)?;
    let account = account::require(&mut ctx.read(&permit)?, &role.account_id)?;
    Ok(RoleSessionReply {
        account_id: account.id.to_string(),
        account_name: account.name.to_string(),
        is_management: account.id == ctx.portico.settings.management_account_id,
        role_name: role.role_name.clone(),
        role_arn: role.role_arn(),
        session_name: role.session_name.clone(),
        session_arn: role.arn(),
        access_key_id: role.access_key_id.clone(),
        ends_at_ms: role.expires_at_ms,
    })
}
