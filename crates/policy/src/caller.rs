//! Who asks.

use std::sync::Arc;

use model::ids::{AccountId, IdentityStoreId, InstanceId, PermissionSetId, SessionId, UserId};

use crate::Policy;

/// Who asks, with the policies that apply to them.
#[derive(Clone, Debug)]
pub struct Caller {
    pub principal: Principal,
    /// The identity-based policies. Without any, nothing is allowed.
    pub policies: Vec<Arc<Policy>>,
}

/// The kinds of caller.
#[derive(Clone, Debug)]
pub enum Principal {
    /// Nobody said who they are.
    Anonymous,
    /// Signed with keys that a role gave out.
    Role(RoleSession),
    /// A person with a portal session or a command line's token.
    Person(PersonSession),
    /// Portico itself, at long work or at its own start.
    Portico,
}

/// A role in an account, while someone holds its keys.
#[derive(Clone, Debug)]
pub struct RoleSession {
    pub account_id: AccountId,
    pub access_key_id: String,
    pub role_name: String,
    /// `AROA…`.
    pub role_id: String,
    /// For people, their user name.
    pub session_name: String,
    /// The person behind the role; none behind the operator and the sandbox's own keys.
    pub person: Option<RolePerson>,
    pub issued_at_ms: i64,
    pub expires_at_ms: i64,
}

/// The person behind a role session, and how they came by it.
#[derive(Clone, Debug)]
pub struct RolePerson {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub instance_id: InstanceId,
    pub permission_set_id: PermissionSetId,
    pub session_id: SessionId,
}

/// A person who signed in.
#[derive(Clone, Debug)]
pub struct PersonSession {
    pub instance_id: InstanceId,
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub user_name: String,
    pub session_id: SessionId,
    pub expires_at_ms: i64,
}

impl Caller {
    /// The account whose resources the caller may reach at all; none for people and strangers.
    #[must_use]
    pub fn account_id(&self) -> Option<&AccountId> {
        match &self.principal {
            Principal::Role(role) => Some(&role.account_id),
            Principal::Anonymous | Principal::Person(_) | Principal::Portico => None,
        }
    }

    /// Whether the caller is someone, rather than a stranger.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self.principal, Principal::Anonymous)
    }

    /// The name in logs and refusals.
    #[must_use]
    pub fn arn(&self) -> String {
        match &self.principal {
            Principal::Anonymous => "anonymous".to_owned(),
            Principal::Role(role) => role.arn(),
            Principal::Person(person) => person.user_id.arn(),
            Principal::Portico => "portico".to_owned(),
        }
    }
}

impl RoleSession {
    /// The ARN of the role itself.
    // AWS: the path that identity center gives its roles.
    #[must_use]
    pub fn role_arn(&self) -> String {
        let Self { account_id, role_name, .. } = self;
        format!("arn:aws:iam::{account_id}:role/aws-reserved/sso.amazonaws.com/{role_name}")
    }

    // AWS: the role's path is not part of the ARN of a session.
    #[must_use]
    pub fn arn(&self) -> String {
        let Self { account_id, role_name, session_name, .. } = self;
        format!("arn:aws:sts::{account_id}:assumed-role/{role_name}/{session_name}")
    }
}
