//! A user of an identity store.

mod attributes;
mod name;
mod status;

use crate::attribute::{AttributeText, EmailAddress};
use crate::external_id::ExternalId;
use crate::ids::{IdentityStoreId, UserId};

pub use attributes::{
    Address, ENTERPRISE, Email, Enterprise, Extensions, Labelled, Manager, PersonName, Photo,
    UserAttributes,
};
pub use name::{UserName, user_name_key};
pub use status::UserStatus;

/// A user, as the database holds one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct User {
    pub id: UserId,
    pub identity_store_id: IdentityStoreId,
    /// Unique in the identity store among names that look the same.
    pub user_name: UserName,
    pub display_name: AttributeText,
    pub attributes: UserAttributes,
    pub external_ids: Vec<ExternalId>,
    pub status: UserStatus,
    /// The number of changes, counted from 1.
    pub revision: i64,
    /// Mark that disabling the user raises. Role credentials that were issued under another are invalid.
    pub credentials_not_before_ms: i64,
    pub created_at_ms: i64,
    pub created_by: String,
    pub updated_at_ms: i64,
    pub updated_by: String,
}

impl User {
    /// The address that mail for the user goes to.
    #[must_use]
    pub fn email(&self) -> Option<&EmailAddress> {
        self.attributes.emails.iter().find_map(|email| email.value.as_ref())
    }
}
