//! Instance of a sign-in.

use model::Fault;
use model::ids::InstanceId;
use model::instance::{Instance, InstanceStatus};
use store::{Read, instance};

/// Returns the requested instance, or the organisation's.
pub(crate) fn require_instance(
    read: &mut Read<'_>,
    id: Option<&InstanceId>,
) -> Result<Instance, Fault> {
    let found = match id {
        Some(id) => instance::find(read, id)?,
        None => instance::find_of_organization(read)?,
    };
    found.filter(|instance| instance.status == InstanceStatus::Active).ok_or_else(|| {
        Fault::conflict(
            "Nobody can sign in yet: identity center is not enabled. The server's operator enables \
             it in the console.",
        )
    })
}
