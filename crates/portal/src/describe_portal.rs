//! Access portal, what every page of it says: who is signed in, where, and until when.

use kernel::sessions::person;
use kernel::{Ctx, Operation};
use model::Fault;
use store::instance;

use super::list_accounts;

pub const OPERATION: Operation<(), PortalReply> =
    Operation::reads("SSOPortal.DescribePortal", list_accounts::OPERATION.action, describe_portal);

/// A person in the portal.
#[derive(Clone, Debug)]
pub struct PortalReply {
    pub user_name: String,
    pub signed_in_until_ms: i64,
    pub instance_name: Option<String>,
    /// What command lines are told.
    pub start_url: String,
}

/// The portal of the person who calls.
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
