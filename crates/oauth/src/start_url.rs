//! Lookup of the instance of a start URL or an issuer URL.

use kernel::Ctx;
use model::instance::{Instance, InstanceStatus};
use model::{Fault, OAuthError};
use protocol::start_url::StartUrl;
use store::{Read, instance};

/// Returns the instance if it exists here and people can sign in to it.
pub(super) fn require_instance(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    url: &StartUrl,
) -> Result<Instance, Fault> {
    let own = ctx.portico.settings.public_url.parse::<StartUrl>();
    let found = match url {
        StartUrl::IdentityStore(id) => instance::find_by_store(read, id)?,
        StartUrl::Instance(id) => instance::find(read, id)?,
        StartUrl::Other(_) if own.as_ref() == Ok(url) => instance::find_of_organization(read)?,
        StartUrl::Other(_) | StartUrl::Alias(_) => None,
    };
    found.filter(|instance| instance.status == InstanceStatus::Active).ok_or_else(|| {
        OAuthError::InvalidRequest.because(
            "The start URL is not one of this server. The access portal shows the right one.",
        )
    })
}
