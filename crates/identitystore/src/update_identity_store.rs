//! AWS Identity Store, `UpdateIdentityStore`.
//!
//! The configuration is obeyed by every operation on what the store holds (`identity_store::require_store`).
//! This operation and `DescribeIdentityStore` are admitted from everywhere: they are the way back.

use kernel::{Ctx, Operation};
use model::ids::IdentityStoreId;
use model::network::{IpRange, LIST_MAX, NetworkConfiguration};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::instance;

use super::access::authorize;
use super::describe_identity_store::IdentityStoreReply;

pub const OPERATION: Operation<UpdateIdentityStoreRequest, IdentityStoreReply> = Operation::writes(
    "AWSIdentityStore.UpdateIdentityStore",
    "identitystore:UpdateIdentityStore",
    update_identity_store,
);

#[derive(Debug)]
pub struct UpdateIdentityStoreRequest {
    pub identity_store_id: IdentityStoreId,
    /// The whole configuration. `None` leaves it as it is.
    pub network: Option<NetworkConfiguration>,
}

impl FromFields for UpdateIdentityStoreRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let network = fields.object("NetworkConfiguration")?;
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            network: network.map(|network| read_network(&network)).transpose()?,
        })
    }
}

// AWS: a list that is omitted is cleared, and an empty list is refused.
fn read_network(network: &Fields<'_>) -> Result<NetworkConfiguration, Fault> {
    let required = network.boolean("VpceAccessRequired")?;
    let configuration = NetworkConfiguration {
        vpce_access_required: required.ok_or_else(|| network.missing("VpceAccessRequired"))?,
        api_restrict_source_vpcs: network
            .strings("ApiRestrictSourceVpcs", 1..=LIST_MAX)?
            .unwrap_or_default(),
        api_allow_source_ips: network
            .strings("ApiAllowSourceIps", 1..=LIST_MAX)?
            .unwrap_or_default(),
    };
    match network.strings::<IpRange>("ScimAllowSourceIps", 1..=LIST_MAX)? {
        None => Ok(configuration),
        Some(_) => Err(Fault::unsupported(
            "NetworkConfiguration.ScimAllowSourceIps is not supported: there is no SCIM here yet.",
        )),
    }
}

/// Replaces the network configuration of an identity store. It takes effect at the next call.
pub fn update_identity_store(
    ctx: &Ctx<'_>,
    request: &UpdateIdentityStoreRequest,
) -> Result<IdentityStoreReply, Fault> {
    let store_id = &request.identity_store_id;
    let permit = authorize(ctx, OPERATION.action, store_id, [])?;
    let mut tx = ctx.begin(permit)?;
    let instance = instance::require_store(&mut tx, store_id)?;
    let mut event = AuditEvent::new().asked("identityStoreId", store_id);
    if let Some(network) = &request.network {
        // A configuration that restricts nothing is kept as none.
        let kept = Some(network).filter(|network| **network != NetworkConfiguration::default());
        instance::set_network(&mut tx, &instance.id, kept)?;
        event = event
            .asked("vpceAccessRequired", network.vpce_access_required)
            .asked_list("apiRestrictSourceVpcs", &network.api_restrict_source_vpcs)
            .asked_list("apiAllowSourceIps", &network.api_allow_source_ips);
    }
    tx.commit(&event)?;
    Ok(IdentityStoreReply::new(&instance))
}
