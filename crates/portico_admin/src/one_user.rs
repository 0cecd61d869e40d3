//! Parameters of an operation on one user.

use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use protocol::{Fields, FromFields};

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
