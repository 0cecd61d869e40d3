//! Sessions of people: in the portal, and of the command lines that they authorised from there.

use std::fmt;
use std::str::FromStr;

use crate::ids::{AccountId, IdentityStoreId, InstanceId, PermissionSetId, SessionId, UserId};
use crate::oauth::ClientName;

/// SHA-256 of a secret that someone carries. The secret itself is kept nowhere.
pub type TokenHash = [u8; 32];

/// A person, signed in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    pub identity_store_id: IdentityStoreId,
    pub id: SessionId,
    pub user_id: UserId,
    pub kind: SessionKind,
    /// Where it was asked for, as the request said.
    pub source_address: String,
    pub user_agent: String,
    pub created_at_ms: i64,
    pub expires_at_ms: i64,
}

/// How a session is carried.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SessionKind {
    /// By the cookie of a browser.
    Portal,
    /// By the tokens of a client that the person of a portal session authorised. It ends with that.
    Client { parent_id: SessionId, client_name: ClientName },
}

impl Session {
    /// Whether it has not run out.
    #[must_use]
    pub fn is_live(&self, now_ms: i64) -> bool {
        now_ms < self.expires_at_ms
    }
}

impl SessionKind {
    /// The word of the API and of the database.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Portal => "PORTAL",
            Self::Client { .. } => "CLIENT",
        }
    }
}

/// Which role credentials a revocation is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RevocationScope {
    /// All that the instance gave out.
    Instance(InstanceId),
    /// Those of one person.
    User(IdentityStoreId, UserId),
    /// Those for one account.
    Account(InstanceId, AccountId),
    /// Those under one permission set, in every account.
    PermissionSet(InstanceId, PermissionSetId),
    /// Those under one permission set in one account.
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

/// The part of the internet that a request came from, as far as one person can choose within it:
/// an IPv4 address, or the /64 of an IPv6 address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SourceNetwork(String);

impl SourceNetwork {
    /// The network of an address. What is no address is a network of its own.
    #[must_use]
    pub fn of(source_address: &str) -> Self {
        let Ok(address) = std::net::IpAddr::from_str(source_address) else {
            return Self(source_address.to_owned());
        };
        match address.to_canonical() {
            std::net::IpAddr::V4(address) => Self(address.to_string()),
            std::net::IpAddr::V6(address) => {
                let network = address.to_bits() & (u128::MAX << 64);
                Self(format!("{}/64", std::net::Ipv6Addr::from_bits(network)))
            }
        }
    }
}

impl fmt::Display for SourceNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_owns_a_network_counts_once() {
        let network = |address| SourceNetwork::of(address).to_string();
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("portico"), "portico");
    }

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
