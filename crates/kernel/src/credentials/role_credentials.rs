//! Role credentials as issued to clients.

use model::Fault;
use model::ids::AccountId;
use policy::{RolePerson, RoleSession};

use super::{access_key, session_token};
use crate::Portico;

/// Temporary credentials for signing requests.
#[derive(Clone)]
pub struct RoleCredentials {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: String,
    pub expires_at_ms: i64,
}

/// Holder and lifetime of credentials to issue.
#[derive(Clone, Debug)]
pub struct RoleGrant {
    pub account_id: AccountId,
    pub role_name: String,
    pub role_id: String,
    pub session_name: String,
    pub person: Option<RolePerson>,
    pub issued_at_ms: i64,
    pub expires_at_ms: i64,
}

impl RoleCredentials {
    /// Issues credentials without writing anything. The caller has already authorized and recorded
    /// it.
    pub fn make(portico: &Portico, grant: RoleGrant) -> Result<Self, Fault> {
        let session = RoleSession {
            access_key_id: access_key::random(&grant.account_id, &*portico.random),
            account_id: grant.account_id,
            role_name: grant.role_name,
            role_id: grant.role_id,
            session_name: grant.session_name,
            person: grant.person,
            issued_at_ms: grant.issued_at_ms,
            expires_at_ms: grant.expires_at_ms,
        };
        let (token, secret) = session_token::make(&portico.keys, &*portico.random, &session)?;
        Ok(Self {
            access_key_id: session.access_key_id,
            secret_access_key: secret,
            session_token: token,
            expires_at_ms: session.expires_at_ms,
        })
    }
}

impl std::fmt::Debug for RoleCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RoleCredentials")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}
