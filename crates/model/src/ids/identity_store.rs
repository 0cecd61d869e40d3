//! Identifiers of identitystore.

use std::str::FromStr;

use super::organizations::AccountId;
use super::uuid::{is_hex, is_uuid, uuid_type};
use crate::random::{HEX, Random, random_text};
use crate::text_type::text_type;

text_type! {
    /// `d-` and ten lower-case hexadecimal digits.
    IdentityStoreId
}

impl IdentityStoreId {
    /// A fresh identifier.
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(format!("d-{}", random_text(random, HEX, 10)))
    }

    /// The ARN that policies and replies name.
    // AWS: identity store ARNs carry the account and no region.
    #[must_use]
    pub fn arn(&self, account_id: &AccountId) -> String {
        format!("arn:aws:identitystore::{account_id}:identitystore/{self}")
    }
}

impl FromStr for IdentityStoreId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = match text.strip_prefix("arn:aws:identitystore::") {
            Some(rest) => rest.split_once(":identitystore/").map_or("", |(account, id)| {
                if account.parse::<AccountId>().is_ok() { id } else { "" }
            }),
            None => text,
        };
        let short = |id: &str| {
            id.strip_prefix("d-").is_some_and(|rest| rest.len() == 10 && rest.bytes().all(is_hex))
        };
        // AWS: a migrated identity store is named by a UUID. Portico makes no such id.
        (short(id) || is_uuid(id))
            .then(|| Self(id.to_owned()))
            .ok_or("be an identity store id, d-<10 hexadecimal digits>, or its ARN")
    }
}

uuid_type! {
    /// A user of an identity store. The id never changes and is never used again.
    UserId, "user"
}

uuid_type! {
    /// A group of an identity store.
    GroupId, "group"
}

uuid_type! {
    /// A user's membership in a group.
    MembershipId, "membership"
}
