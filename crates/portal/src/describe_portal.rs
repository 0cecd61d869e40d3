//! Access portal, header of every page: the signed-in user, the instance and the end of the
//! session.

use kernel::sessions::person;
use kernel::{Ctx, Operation};
use model::Fault;
use store::instance;

use super::list_accounts;

pub const OPERATION: Operation<(), PortalReply> =
    Operation::reads("SSOPortal.DescribePortal", list_accounts::OPERATION.action, describe_portal);

/// Portal of the signed-in user.
#[derive(Clone, Debug)]
pub struct PortalReply {
    pub user_name: String,
    pub signed_in_until_ms: i64,
    pub instance_name: Option<String>,
    /// Start URL to configure in command lines.
    pub start_url: String,
}

/// Describes the portal of the calling person.
pub fn describe_portal(ctx: &Ctx<'_>, (): &()) -> Result<PortalReply, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(OPERATION.action, &person.user_id.arn())?;
    let instance = instance::require(&mut ctx.read(&permit)?, &person.instance_id)?;
    Ok(PortalReply {
        user_name: person.user_name.clone(),
        signed_in_until_ms: person.expires_at_ms,
        start_url: instance.start_url(),
        instance_name: instance.name.map(|name| name.to_string()),
    })
}
