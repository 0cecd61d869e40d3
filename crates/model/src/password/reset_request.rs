//! Request for the one-time password of a person who may do more than the requester.

use super::voucher::Voucher;
use crate::ids::{IdentityStoreId, PasswordResetRequestId, UserId};

/// Request that an administrator has to confirm. There is one for a user and a requester at a time.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PasswordResetRequest {
    pub identity_store_id: IdentityStoreId,
    pub id: PasswordResetRequestId,
    pub user_id: UserId,
    /// ARN of a user, or of the session of a role that no person holds.
    pub requested_by: String,
    pub created_at_ms: i64,
    pub expires_at_ms: i64,
    /// ARN of the administrator, like `requested_by`.
    pub confirmed_by: Option<String>,
    /// The administrator's word. A confirmation of an earlier version has none, and is void.
    pub voucher: Option<Voucher>,
}
