//! Membership in replies.

use kernel::reply::seconds;
use model::membership::Membership;
use serde::Serialize;

use super::member_id::MemberIdReply;

/// AWS: `GroupMembership`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MembershipReply {
    pub identity_store_id: String,
    pub membership_id: String,
    pub membership_arn: String,
    pub group_id: String,
    pub member_id: MemberIdReply,
    /// Seconds since 1970.
    pub created_at: f64,
    pub created_by: String,
    /// Seconds since 1970.
    pub updated_at: f64,
    pub updated_by: String,
}

impl MembershipReply {
    pub(super) fn new(membership: Membership) -> Self {
        Self {
            identity_store_id: membership.identity_store_id.into(),
            membership_arn: membership.id.arn(),
            membership_id: membership.id.into(),
            group_id: membership.group_id.into(),
            member_id: MemberIdReply { user_id: membership.user_id.into() },
            created_at: seconds(membership.created_at_ms),
            created_by: membership.created_by,
            updated_at: seconds(membership.updated_at_ms),
            updated_by: membership.updated_by,
        }
    }
}

/// Reply of `CreateGroupMembership` and `GetGroupMembershipId`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MembershipIdReply {
    pub identity_store_id: String,
    pub membership_id: String,
    pub membership_arn: String,
}

impl MembershipIdReply {
    pub(super) fn new(membership: &Membership) -> Self {
        Self {
            identity_store_id: membership.identity_store_id.to_string(),
            membership_id: membership.id.to_string(),
            membership_arn: membership.id.arn(),
        }
    }
}
