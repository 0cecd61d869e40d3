//! Signing in: user name and password, a new password after a one-time one, signing out, and the
//! operator's set-up link.
//!
//! The steps are events under the names that CloudTrail gives them. An event names the person, never
//! what somebody typed as a user name: people type passwords there.

pub mod authenticate;
mod leaked;
pub mod redeem_setup_link;
pub mod set_new_password;
pub mod sign_out;
#[cfg(test)]
mod tests;
pub(crate) mod throttle;
mod ticket;

use model::Fault;
use model::ids::InstanceId;
use model::instance::{Instance, InstanceStatus};
use store::{Read, instance};

/// The instance that people sign in to: the one that was asked for, or the organisation's.
fn require_instance(read: &mut Read<'_>, id: Option<&InstanceId>) -> Result<Instance, Fault> {
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
