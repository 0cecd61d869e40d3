//! For tests: a role session, and a second evaluator.

pub mod naive;

use model::ids::AccountId;

use crate::RoleSession;

/// A session of a role in an account, without a person behind it. It never expires.
#[must_use]
pub fn role_session(account_id: AccountId) -> RoleSession {
    RoleSession {
        account_id,
        access_key_id: "ASIATEST".to_owned(),
        role_name: "Tester".to_owned(),
        role_id: "AROATESTTESTTESTTESTT".to_owned(),
        session_name: "test".to_owned(),
        person: None,
        issued_at_ms: 0,
        expires_at_ms: i64::MAX,
    }
}

#[cfg(test)]
mod tests;
