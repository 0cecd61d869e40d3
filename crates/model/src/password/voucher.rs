//! Voucher of a one-time password.

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, IdentityStoreId, InstanceId, PermissionSetId, SessionId, UserId};

/// Who answers for it that the reader of a one-time password becomes nobody stronger by it.
///
/// It is compared with the person of the password at each use, because both may have changed since.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Voucher {
    /// `None` for the operator of the host, who may reset everybody.
    pub holder: Option<Box<RoleHolder>>,
    /// Digest of the roles that the person had when the holder confirmed a request of another for the
    /// password. The word of the holder is about no other roles. `None` if the holder is the one who
    /// read the password.
    pub confirmed_roles: Option<String>,
}

/// Who answers for a secret that was sent to the address of a person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Guarantor {
    /// The person, who proved earlier that the address is theirs.
    Person,
    /// A caller, by whom the address or the secret is. `None` if that was not written down.
    Caller(Option<Voucher>),
}

/// Person in a role, without the life of one session.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct RoleHolder {
    pub instance_id: InstanceId,
    pub account_id: AccountId,
    pub permission_set_id: PermissionSetId,
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    /// The session in which the person was the holder. It may have ended.
    pub session_id: SessionId,
    /// Name of the role's session, as policies see it.
    pub session_name: String,
}
