//! Console, the role session of a request together with the instance that its pages are about.

use kernel::parts::{Parts, Permitted};
use kernel::{Ctx, Operation};
use model::Fault;
use model::instance::Instance;
use sso_admin::list_instances;

use super::describe_role_session::{RoleSessionReply, permit_for_account, read_role_session};

pub const OPERATION: Operation<(), InstanceSessionReply> = Operation::reads(
    "Console.DescribeInstanceSession",
    // The instance is only a part: a role that may not list instances still sees the rest.
    sts::get_caller_identity::OPERATION.action,
    describe_instance_session,
);

/// A role session and the instance that it sees.
#[derive(Clone, Debug)]
pub struct InstanceSessionReply {
    pub session: RoleSessionReply,
    /// `None` while no instance is enabled.
    pub instance: Permitted<Option<Instance>>,
}

/// Returns the caller's role session, and the first instance of `ListInstances` if the role may list
/// instances.
pub fn describe_instance_session(ctx: &Ctx<'_>, (): &()) -> Result<InstanceSessionReply, Fault> {
    let may_list = Parts::new(ctx).ask(list_instances::OPERATION.action, &["*".to_owned()])?;
    let permit = permit_for_account()?;
    let mut read = ctx.read(&permit)?;
    let session = read_role_session(ctx, &mut read)?;
    let instance = match may_list {
        Ok(()) => Ok(list_instances::list_visible(ctx, &mut read)?.into_iter().next()),
        Err(why) => Err(why),
    };
    Ok(InstanceSessionReply { session, instance })
}
