//! A group of users in an identity store.

use crate::attribute::{AttributeText, is_attribute_text};
use crate::case_fold::{fold, is_indexable};
use crate::external_id::ExternalId;
use crate::ids::{GroupId, IdentityStoreId};
use crate::reserved_name::{RESERVED, is_reserved};
use crate::text_type::text_type;

/// A group, as the database holds it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Group {
    pub id: GroupId,
    pub identity_store_id: IdentityStoreId,
    /// Unique in the identity store among names that look the same.
    pub display_name: GroupName,
    pub description: Option<AttributeText>,
    pub external_ids: Vec<ExternalId>,
    /// The number of changes, counted from 1.
    pub revision: i64,
    pub created_at_ms: i64,
    pub created_by: String,
    pub updated_at_ms: i64,
    pub updated_by: String,
}

text_type! {
    /// 1 to 1,024 letters, marks, symbols, numbers, punctuation and plain spaces; not a name that
    /// AWS reserves.
    // AWS: GroupDisplayName.
    GroupName, |text| {
        is_attribute_text(text)?;
        is_indexable(text)?;
        if is_reserved(text) { Err(RESERVED) } else { Ok(()) }
    }
}

impl GroupName {
    /// The key under which two spellings of a name are equal.
    #[must_use]
    pub fn key(&self) -> String {
        group_name_key(self.as_str())
    }
}

/// The key of any text in the place of a group name, even of one that no group can have.
#[must_use]
pub fn group_name_key(text: &str) -> String {
    fold(text)
}
