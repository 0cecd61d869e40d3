//! AWS Identity Store, `DescribeIdentityStore`.

use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::IdentityStoreId;
use model::instance::Instance;
use model::network::NetworkConfiguration;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::instance;

use super::access::authorize;

pub const OPERATION: Operation<DescribeIdentityStoreRequest, DescribeIdentityStoreReply> =
    Operation::reads(
        "AWSIdentityStore.DescribeIdentityStore",
        "identitystore:DescribeIdentityStore",
        describe_identity_store,
    );

#[derive(Debug)]
pub struct DescribeIdentityStoreRequest {
    pub identity_store_id: IdentityStoreId,
}

impl FromFields for DescribeIdentityStoreRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { identity_store_id: fields.required("IdentityStoreId")? })
    }
}

/// AWS: `IdentityStore`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct IdentityStoreReply {
    pub identity_store_id: String,
    pub identity_store_arn: String,
}

/// AWS: `DescribeIdentityStore` reply.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeIdentityStoreReply {
    #[serde(flatten)]
    pub store: IdentityStoreReply,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_configuration: Option<NetworkConfiguration>,
}

impl IdentityStoreReply {
    pub(super) fn new(instance: &Instance) -> Self {
        Self {
            identity_store_id: instance.identity_store_id.to_string(),
            identity_store_arn: instance.identity_store_arn(),
        }
    }
}

/// Describes an identity store by its id.
pub fn describe_identity_store(
    ctx: &Ctx<'_>,
    request: &DescribeIdentityStoreRequest,
) -> Result<DescribeIdentityStoreReply, Fault> {
    let store_id = &request.identity_store_id;
    let permit = authorize(ctx, OPERATION.action, store_id, [])?;
    let mut read = ctx.read(&permit)?;
    let instance = instance::require_store(&mut read, store_id)?;
    let store = IdentityStoreReply::new(&instance);
    Ok(DescribeIdentityStoreReply { store, network_configuration: instance.network })
}
