//! AWS Identity Store, `GetGroupId`.

use kernel::identity_store::require_store;
use kernel::{Ctx, Operation};
use model::ids::{GroupId, IdentityStoreId};
use model::{Fault, IdentityStoreEntity};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{external_id, group};

use super::AlternateIdentifier;
use super::access::{ALL_GROUPS, authorize};

pub const OPERATION: Operation<GetGroupIdRequest, GetGroupIdReply> =
    Operation::reads("AWSIdentityStore.GetGroupId", "identitystore:GetGroupId", get_group_id);

const ACTION: &str = OPERATION.action;

#[derive(Debug)]
pub struct GetGroupIdRequest {
    pub identity_store_id: IdentityStoreId,
    pub alternate_identifier: AlternateIdentifier,
}

impl FromFields for GetGroupIdRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let must = "be displayName";
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            alternate_identifier: AlternateIdentifier::read(fields, &["displayName"], must)?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetGroupIdReply {
    pub identity_store_id: String,
    pub group_id: String,
    pub group_arn: String,
}

/// Finds the id of the group with a display name or an external id.
pub fn get_group_id(ctx: &Ctx<'_>, request: &GetGroupIdRequest) -> Result<GetGroupIdReply, Fault> {
    let store_id = &request.identity_store_id;
    let permit = authorize(ctx, ACTION, store_id, [])?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;

    let found = match &request.alternate_identifier {
        AlternateIdentifier::ExternalId(named) => {
            external_id::find_group(&mut read, store_id, named)?
        }
        AlternateIdentifier::UniqueAttribute { value, .. } => {
            group::find_by_name(&mut read, store_id, value)?.map(|group| group.id)
        }
    };
    let arn = found.as_ref().map(GroupId::arn);
    ctx.authorize(ACTION, arn.as_deref().unwrap_or(ALL_GROUPS)).map(drop)?;
    let group_id = found.ok_or_else(|| Fault::not_found(IdentityStoreEntity::Group, ""))?;
    Ok(GetGroupIdReply {
        identity_store_id: store_id.to_string(),
        group_arn: group_id.arn(),
        group_id: group_id.to_string(),
    })
}
