//! Operations on one user: their parameters, and the user.

use kernel::Ctx;
use kernel::identity_store::require_store;
use model::ids::{IdentityStoreId, UserId};
use model::{Fault, IdentityStoreEntity};
use protocol::{Fields, FromFields};
use store::Read;
use store::user_password::{self, Signer};

#[derive(Debug)]
pub struct OneUser {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
}

impl FromFields for OneUser {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: fields.required("UserId")?,
        })
    }
}

/// Returns the user of an identity store that the caller owns.
pub(super) fn require_user(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<Signer, Fault> {
    require_store(ctx, read, store_id)?;
    user_password::find_signer(read, store_id, user_id)?
        .ok_or_else(|| Fault::not_found(IdentityStoreEntity::User, user_id))
}
