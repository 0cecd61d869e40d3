//! AWS Identity Store, `UpdateUser`.

use kernel::identity_store::require_store;
use kernel::strength::vouch;
use kernel::{Ctx, Operation};
use model::ids::{IdentityStoreId, UserId};
use model::user::{User, UserStatus};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{user, user_email};

use super::access::authorize;
use super::attribute_shape::USER;
use super::user_profile::UserProfile;
use super::user_reply::UserRevisionReply;
use super::{AttributeOperation, Revision, attribute_operation};

pub const OPERATION: Operation<UpdateUserRequest, UserRevisionReply> =
    Operation::writes("AWSIdentityStore.UpdateUser", "identitystore:UpdateUser", update_user);

#[derive(Debug)]
pub struct UpdateUserRequest {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub operations: Vec<AttributeOperation>,
    pub revision: Option<Revision>,
}

impl FromFields for UpdateUserRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: fields.required("UserId")?,
            operations: attribute_operation::read(fields)?,
            revision: fields.optional("Revision")?,
        })
    }
}

/// Applies all operations to a user, or none.
pub fn update_user(ctx: &Ctx<'_>, request: &UpdateUserRequest) -> Result<UserRevisionReply, Fault> {
    let UpdateUserRequest { identity_store_id: store_id, user_id, operations, revision } = request;
    let permit = authorize(ctx, OPERATION.action, store_id, [user_id.arn()])?;
    let mut tx = ctx.begin(permit)?;
    require_store(ctx, &mut tx, store_id)?;
    let found = user::require(&mut tx, store_id, user_id)?;
    Revision::require_current(revision.as_ref(), found.revision)?;
    // AWS: a disabled user cannot be edited.
    if found.status == UserStatus::Disabled {
        return Err(Fault::conflict("The user is disabled. Enable the user first."));
    }

    let mut draft = UserProfile::draft(&found)?;
    attribute_operation::apply(&mut draft, USER, operations)?;
    let profile = UserProfile::read(&Fields::from_map(draft), Some(&found))?;
    let former_email = found.email().cloned();
    let changed = User {
        user_name: profile.user_name,
        display_name: profile.display_name,
        attributes: profile.attributes,
        updated_at_ms: tx.now_ms(),
        updated_by: tx.caller_arn(),
        ..found
    };
    let changed = user::update(&mut tx, changed)?;
    if let Some(email) = changed.email().filter(|email| former_email.as_ref() != Some(email)) {
        user_email::set(&mut tx, store_id, user_id, email.mailbox(), &vouch(ctx))?;
    }

    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("userId", user_id)
        .asked_list("attributePaths", attribute_operation::paths(operations))
        .answered("userName", &changed.user_name)
        .answered("displayName", &changed.display_name)
        .answered("revision", changed.revision);
    tx.commit(&event)?;
    Ok(UserRevisionReply::new(&changed))
}
