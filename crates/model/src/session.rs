//! Sessions of people, in the portal and in the clients that they authorised from there.

use std::fmt;

use crate::ids::{AccountId, IdentityStoreId, InstanceId, PermissionSetId, SessionId, UserId};
use crate::oauth::ClientName;

/// The session of a person who signed in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    pub identity_store_id: IdentityStoreId,
    pub id: SessionId,
    pub user_id: UserId,
    pub kind: SessionKind,
    /// The address that asked for the session.
    pub source_address: String,
    pub user_agent: String,
    pub created_at_ms: i64,
    pub expires_at_ms: i64,
    /// The last use that was noted, which may be a minute ago.
    pub used_at_ms: i64,
    /// When the person last proved who they are in this session. 0 for the session of a client.
    pub proved_at_ms: i64,
    /// When the person last proved who they are with all that their sign-in asks for: `proved_at_ms`, unless a password
    /// alone was enough in a browser of their own. 0 for the session of a client.
    pub whole_proof_at_ms: i64,
}

/// The kind of secret that carries a session.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SessionKind {
    /// The cookie of a browser.
    Portal,
    /// The tokens of a client. The session ends with the portal session that authorised it.
    Client { parent_id: SessionId, client_name: ClientName },
}

impl Session {
    /// Tells whether the session has not expired.
    #[must_use]
    pub fn is_live(&self, now_ms: i64) -> bool {
        now_ms < self.expires_at_ms
    }
}

impl SessionKind {
    /// The name in the API and in the database.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Portal => "PORTAL",
            Self::Client { .. } => "CLIENT",
        }
    }
}

/// The role credentials that a revocation withdraws.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RevocationScope {
    /// All credentials that the instance gave out.
    Instance(InstanceId),
    /// The credentials of one person.
    User(IdentityStoreId, UserId),
    /// The credentials for one account.
    Account(InstanceId, AccountId),
    /// The credentials under one permission set, in every account.
    PermissionSet(InstanceId, PermissionSetId),
    /// The credentials under one permission set in one account.
    Role(InstanceId, AccountId, PermissionSetId),
}

impl fmt::Display for RevocationScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instance(instance) => write!(f, "instance/{instance}"),
            Self::User(store, user) => write!(f, "user/{store}/{user}"),
            Self::Account(instance, account) => write!(f, "account/{instance}/{account}"),
            Self::PermissionSet(instance, set) => write!(f, "permission-set/{instance}/{set}"),
            Self::Role(instance, account, set) => write!(f, "role/{instance}/{account}/{set}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_revocation_has_a_scope_of_its_own() {
        let instance: InstanceId = "ssoins-0123456789abcdef".parse().unwrap();
        let account: AccountId = "123456789012".parse().unwrap();
        let set: PermissionSetId = "ps-0123456789abcdef".parse().unwrap();
        assert_eq!(
            RevocationScope::Role(instance, account, set).to_string(),
            "role/ssoins-0123456789abcdef/123456789012/ps-0123456789abcdef"
        );
    }
}
