//! A user's membership in a group.

use crate::ids::{GroupId, IdentityStoreId, MembershipId, UserId};

/// A membership, as the database holds it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Membership {
    pub id: MembershipId,
    pub identity_store_id: IdentityStoreId,
    pub group_id: GroupId,
    pub user_id: UserId,
    pub created_at_ms: i64,
    pub created_by: String,
    // AWS: replies have these members, although a membership cannot be changed.
    pub updated_at_ms: i64,
    pub updated_by: String,
}
