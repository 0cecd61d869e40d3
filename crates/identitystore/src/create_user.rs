//! AWS Identity Store, `CreateUser`.

use kernel::identity_store::require_store;
use kernel::strength::vouch;
use kernel::{Ctx, Operation};
use model::ids::{IdentityStoreId, UserId};
use model::user::{User, UserStatus};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{user, user_email};

use super::access::authorize;
use super::user_profile::UserProfile;
use super::user_reply::UserRevisionReply;

pub const OPERATION: Operation<CreateUserRequest, UserRevisionReply> =
    Operation::writes("AWSIdentityStore.CreateUser", "identitystore:CreateUser", create_user);

#[derive(Debug)]
pub struct CreateUserRequest {
    pub identity_store_id: IdentityStoreId,
    pub profile: UserProfile,
}

impl FromFields for CreateUserRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            profile: UserProfile::read(fields, None)?,
        })
    }
}

/// Creates a user without a password. The user name and the address must be new to the identity
/// store.
pub fn create_user(ctx: &Ctx<'_>, request: &CreateUserRequest) -> Result<UserRevisionReply, Fault> {
    let store_id = &request.identity_store_id;
    let permit = authorize(ctx, OPERATION.action, store_id, [])?;
    let mut tx = ctx.begin(permit)?;
    require_store(ctx, &mut tx, store_id)?;

    let UserProfile { user_name, display_name, attributes } = request.profile.clone();
    let created = User {
        id: UserId::random(&*ctx.portico.random),
        identity_store_id: store_id.clone(),
        user_name,
        display_name,
        attributes,
        external_ids: Vec::new(),
        status: UserStatus::Enabled,
        revision: 1,
        credentials_not_before_ms: 0,
        created_at_ms: tx.now_ms(),
        created_by: tx.caller_arn(),
        updated_at_ms: tx.now_ms(),
        updated_by: tx.caller_arn(),
    };
    user::insert(&mut tx, &created)?;
    if let Some(email) = created.email() {
        user_email::set(&mut tx, store_id, &created.id, email.mailbox(), &vouch(ctx))?;
    }

    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("userName", &created.user_name)
        .asked("displayName", &created.display_name)
        .answered("userId", &created.id);
    tx.commit(&event)?;
    Ok(UserRevisionReply::new(&created))
}
