//! Callers: the principal of a request and its policies.

use model::ids::{AccountId, IdentityStoreId, InstanceId, PermissionSetId, SessionId, UserId};

use crate::Policies;

/// The principal of a request, with the policies that apply to it.
#[derive(Clone, Debug)]
pub struct Caller {
    pub principal: Principal,
    pub policies: Policies,
}

/// The kinds of principal.
#[derive(Clone, Debug)]
pub enum Principal {
    /// The request carries no identity.
    Anonymous,
    /// The request names an access key and does not prove that it comes from the holder of the key.
    Unproven(ClaimedKey),
    /// The request carries a secret of a person that authenticates nothing: the session ended, the person
    /// may not sign in, or the secret is one that a client exchanges for tokens.
    NamedPerson(NamedPerson),
    /// The request is signed with the keys of a role.
    Role(RoleSession),
    /// The request carries the portal session of a person, or the token of their client.
    Person(PersonSession),
    /// Portico itself, in a job or at start-up.
    Portico,
}

/// An access key id that a request names without proof.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClaimedKey(String);

/// The person whom a secret in a request belongs to. Naming them grants nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NamedPerson {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    /// The session that the secret was made for. A password is made for none.
    pub session_id: Option<SessionId>,
}

/// A session of a role in an account: one set of its keys.
#[derive(Clone, Debug)]
pub struct RoleSession {
    pub account_id: AccountId,
    pub access_key_id: String,
    pub role_name: String,
    /// `AROA…`.
    pub role_id: String,
    /// The user name, if a person holds the role.
    pub session_name: String,
    /// The person who holds the role. The operator and the static keys of the sandbox have none.
    pub person: Option<RolePerson>,
    pub issued_at_ms: i64,
    pub expires_at_ms: i64,
}

/// The person who holds a role session, with the permission set and the session that granted it.
#[derive(Clone, Debug)]
pub struct RolePerson {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub instance_id: InstanceId,
    pub permission_set_id: PermissionSetId,
    pub session_id: SessionId,
    /// The grounds at the time of issue.
    pub grounds: Grounds,
}

/// What the validity of a person's role credentials rests on. Every value comes from the database, so clocks
/// decide nothing (decision 0029).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Grounds {
    /// Sum of the marks of the user, the instance, the account, the permission set and the role. A revocation
    /// raises a mark, and nothing lowers one.
    pub marks: i64,
    /// Numbers of the grants through which the person holds the role. A grant that is made again has another.
    pub grants: Vec<i64>,
}

impl Grounds {
    /// Maximum number of grants that credentials carry, so that a session token stays short.
    pub const GRANTS_MAX: usize = 8;

    /// Tells whether credentials that were issued on these grounds are good on those of now: nothing was
    /// revoked since, and a grant of then is still there.
    #[must_use]
    pub fn hold(&self, now: &Self) -> bool {
        self.marks == now.marks && self.grants.iter().any(|grant| now.grants.contains(grant))
    }
}

/// The session of a person who signed in.
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
    /// The only account whose resources the caller may reach. Only roles have one.
    #[must_use]
    pub fn account_id(&self) -> Option<&AccountId> {
        match &self.principal {
            Principal::Role(role) => Some(&role.account_id),
            Principal::Anonymous
            | Principal::Unproven(_)
            | Principal::NamedPerson(_)
            | Principal::Person(_)
            | Principal::Portico => None,
        }
    }

    /// Tells whether the caller proved who they are. Somebody known may still have no authority.
    #[must_use]
    pub fn is_known(&self) -> bool {
        match &self.principal {
            Principal::Anonymous | Principal::Unproven(_) => false,
            Principal::NamedPerson(_)
            | Principal::Role(_)
            | Principal::Person(_)
            | Principal::Portico => true,
        }
    }

    /// The name of the caller in logs and refusals.
    #[must_use]
    pub fn arn(&self) -> String {
        match &self.principal {
            Principal::Anonymous | Principal::Unproven(_) => "anonymous".to_owned(),
            Principal::NamedPerson(person) => person.user_id.arn(),
            Principal::Role(role) => role.arn(),
            Principal::Person(person) => person.user_id.arn(),
            Principal::Portico => "portico".to_owned(),
        }
    }
}

impl ClaimedKey {
    /// Maximum number of characters.
    // AWS: the length of the type accessKeyIdType.
    const CHARS_MAX: usize = 128;

    /// Reads an access key id as a request names it. Text that cannot be one is not kept, because a
    /// stranger chooses it.
    // AWS: accessKeyIdType consists of letters, digits and underscores.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let is_key_id = is_plain && (1..=Self::CHARS_MAX).contains(&text.len());
        is_key_id.then(|| Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
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

    /// The ARN of the session.
    // AWS: it does not contain the path of the role.
    #[must_use]
    pub fn arn(&self) -> String {
        let Self { account_id, role_name, session_name, .. } = self;
        format!("arn:aws:sts::{account_id}:assumed-role/{role_name}/{session_name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grounds_hold_while_no_mark_rose_and_a_grant_is_left() {
        let issued = Grounds { marks: 5, grants: vec![1, 2] };
        let now = |marks, grants: &[i64]| Grounds { marks, grants: grants.to_vec() };
        assert!(issued.hold(&now(5, &[2, 3])));
        for over in [now(6, &[1, 2]), now(4, &[1, 2]), now(5, &[3]), now(5, &[])] {
            assert!(!issued.hold(&over), "{over:?}");
        }
        assert!(!now(5, &[]).hold(&now(5, &[])));
    }

    #[test]
    fn a_claimed_key_is_kept_only_if_it_can_be_one() {
        for good in ["ASIAQNZGKIQY56JQ7WML", "test", &"A".repeat(128)] {
            assert_eq!(ClaimedKey::read(good).unwrap().as_str(), good);
        }
        for bad in ["", "A\nB", "A B", "ASIÄ", &"A".repeat(129)] {
            assert_eq!(ClaimedKey::read(bad), None, "{bad}");
        }
    }
}
