//! The organisation and its accounts.

use std::str::FromStr;

use crate::ids::{AccountId, IdentityStoreId, OrganizationId, RootId};
use crate::text_type::text_type;

/// The one organisation that a server serves.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Organization {
    pub id: OrganizationId,
    pub root_id: RootId,
    pub management_account_id: AccountId,
    /// The id that the identity store of the instance will have. It is chosen before the instance is
    /// enabled, so that the first start can print the start URL.
    pub next_identity_store_id: IdentityStoreId,
    pub created_at_ms: i64,
}

/// An account: the place of roles and buckets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Account {
    pub id: AccountId,
    pub name: AccountName,
    /// Unique among addresses that look the same.
    pub email: AccountEmail,
    pub joined_method: JoinedMethod,
    pub joined_at_ms: i64,
}

/// The way in which an account joined its organisation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum JoinedMethod {
    /// The organisation created the account.
    Created,
    /// The account existed before the organisation: the management account.
    Invited,
}

impl JoinedMethod {
    /// The name in the API and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Invited => "INVITED",
        }
    }
}

impl FromStr for JoinedMethod {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "CREATED" => Ok(Self::Created),
            "INVITED" => Ok(Self::Invited),
            _ => Err("be CREATED or INVITED"),
        }
    }
}

text_type! {
    /// 1 to 50 printable ASCII characters.
    // AWS: CreateAccountName.
    AccountName, |text| {
        if !(1..=50).contains(&text.chars().count()) {
            return Err("have length between 1 and 50");
        }
        if !text.chars().all(|c| (' '..='~').contains(&c)) {
            return Err("hold printable ASCII characters only");
        }
        Ok(())
    }
}

text_type! {
    /// 6 to 64 characters with an `@` in the middle.
    // AWS: Email of CreateAccount, `[^\s@]+@[^\s@]+\.[^\s@]+`.
    AccountEmail, |text| {
        if !(6..=64).contains(&text.chars().count()) {
            return Err("have length between 6 and 64");
        }
        let plain = text.chars().all(|c| !c.is_whitespace() && !c.is_control());
        let parts = text.split_once('@').filter(|(name, host)| {
            let dotted = host.split_once('.').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty());
            !name.is_empty() && dotted && !host.contains('@')
        });
        if plain && parts.is_some() { Ok(()) } else { Err("be an e-mail address") }
    }
}

impl AccountEmail {
    /// The key under which two spellings of an address are equal.
    #[must_use]
    pub fn key(&self) -> String {
        self.as_str().to_lowercase()
    }
}
