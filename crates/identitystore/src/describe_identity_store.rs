//! AWS Identity Store, `DescribeIdentityStore`.

use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::IdentityStoreId;
use model::instance::Instance;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::instance;

use super::access::authorize;

pub const OPERATION: Operation<DescribeIdentityStoreRequest, IdentityStoreReply> = Operation::reads(
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

/// AWS: `DescribeIdentityStore` reply. There is no network configuration, because a store is
/// reached wherever the server is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct IdentityStoreReply {
    pub identity_store_id: String,
    pub identity_store_arn: String,
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
) -> Result<IdentityStoreReply, Fault> {
    let store_id = &request.identity_store_id;
    let permit = authorize(ctx, OPERATION.action, store_id, [])?;
    let mut read = ctx.read(&permit)?;
    let instance = instance::require_store(&mut read, store_id)?;
    Ok(IdentityStoreReply::new(&instance))
}
