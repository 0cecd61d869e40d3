//! AWS Identity Store, `DescribeUser`.

use kernel::identity_store::require_store;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use protocol::{Fields, FromFields};
use store::user;

use super::access::authorize;
use super::extension_name;
use super::user_reply::ShownText;

pub const OPERATION: Operation<DescribeUserRequest, ShownText> =
    Operation::reads("AWSIdentityStore.DescribeUser", "identitystore:DescribeUser", describe_user);

#[derive(Debug)]
pub struct DescribeUserRequest {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    /// AWS: `Extensions`. True if the reply shall include the enterprise extension.
    pub with_extensions: bool,
}

impl FromFields for DescribeUserRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: fields.required("UserId")?,
            with_extensions: extension_name::read(fields)?,
        })
    }
}

/// Describes a user. Extensions are included on request.
pub fn describe_user(ctx: &Ctx<'_>, request: &DescribeUserRequest) -> Result<ShownText, Fault> {
    let DescribeUserRequest { identity_store_id: store_id, user_id, with_extensions } = request;
    let permit = authorize(ctx, OPERATION.action, store_id, [user_id.arn()])?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;
    if *with_extensions {
        return ShownText::new(user::require(&mut read, store_id, user_id)?, true);
    }
    user::require_shown(&mut read, store_id, user_id).map(ShownText::kept)
}
