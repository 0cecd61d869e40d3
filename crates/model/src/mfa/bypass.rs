//! Leave of a person to sign in once without their second factor.

use crate::ids::{IdentityStoreId, UserId};
use crate::password::Voucher;

/// Leave of a person who lost their devices to sign in once without one. A person has one at most.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MfaBypass {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    /// The caller who gave it. One that an earlier version gave has no voucher.
    pub voucher: Option<Voucher>,
    pub expires_at_ms: i64,
}
