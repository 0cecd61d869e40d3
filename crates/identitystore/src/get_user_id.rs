//! AWS Identity Store, `GetUserId`.

use kernel::identity_store::require_store;
use kernel::{Ctx, Operation};
use model::ids::{IdentityStoreId, UserId};
use model::user::User;
use model::{Fault, IdentityStoreEntity};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{Read, external_id, user};

use super::AlternateIdentifier;
use super::access::{ALL_USERS, authorize};

pub const OPERATION: Operation<GetUserIdRequest, GetUserIdReply> =
    Operation::reads("AWSIdentityStore.GetUserId", "identitystore:GetUserId", get_user_id);

const USER_NAME: &str = "userName";
const EMAIL: &str = "emails.value";

const ACTION: &str = OPERATION.action;

#[derive(Debug)]
pub struct GetUserIdRequest {
    pub identity_store_id: IdentityStoreId,
    pub alternate_identifier: AlternateIdentifier,
}

impl FromFields for GetUserIdRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let must = "be userName or emails.value";
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            alternate_identifier: AlternateIdentifier::read(fields, &[USER_NAME, EMAIL], must)?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetUserIdReply {
    pub identity_store_id: String,
    pub user_id: String,
    pub user_arn: String,
}

/// Finds the id of the user with a user name, an address or an external id.
pub fn get_user_id(ctx: &Ctx<'_>, request: &GetUserIdRequest) -> Result<GetUserIdReply, Fault> {
    let store_id = &request.identity_store_id;
    let permit = authorize(ctx, ACTION, store_id, [])?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;

    let found = find(&mut read, store_id, &request.alternate_identifier)?;
    let arn = found.as_ref().map(UserId::arn);
    ctx.authorize(ACTION, arn.as_deref().unwrap_or(ALL_USERS)).map(drop)?;
    // The identifier may be personal, and refusals are written down: it is not repeated.
    let user_id = found.ok_or_else(|| Fault::not_found(IdentityStoreEntity::User, ""))?;
    Ok(GetUserIdReply {
        identity_store_id: store_id.to_string(),
        user_arn: user_id.arn(),
        user_id: user_id.to_string(),
    })
}

fn find(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    identifier: &AlternateIdentifier,
) -> Result<Option<UserId>, Fault> {
    let id = |user: Option<User>| user.map(|user| user.id);
    match identifier {
        AlternateIdentifier::ExternalId(named) => external_id::find_user(read, store_id, named),
        AlternateIdentifier::UniqueAttribute { path, value } if *path == EMAIL => {
            user::find_by_email(read, store_id, value).map(id)
        }
        AlternateIdentifier::UniqueAttribute { value, .. } => {
            user::find_by_name(read, store_id, value).map(id)
        }
    }
}
