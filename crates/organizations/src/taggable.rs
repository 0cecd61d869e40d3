//! Resources of an organisation that can have tags.

use std::fmt;
use std::str::FromStr;

use kernel::Ctx;
use model::ids::{AccountId, RootId};
use model::organization::Organization;
use model::{Fault, OrganizationsEntity};
use store::{Read, account};

use super::access::{organization_part, require_managed};

/// Account, root, or another kind of resource that does not exist in this organisation.
#[derive(Clone, Debug)]
pub enum Taggable {
    Account(AccountId),
    Root(RootId),
    /// Organizational unit or policy.
    Other(String),
}

impl Taggable {
    /// Returns the resource for the policy evaluation.
    pub(super) fn resource(&self, ctx: &Ctx<'_>) -> Result<String, Fault> {
        match self {
            Self::Account(id) => organization_part(ctx, "account", id.as_str()),
            Self::Root(id) => organization_part(ctx, "root", id.as_str()),
            Self::Other(_) => Ok("*".to_owned()),
        }
    }

    /// Fails unless the resource exists and the caller's account manages the organisation.
    pub(super) fn require(&self, read: &mut Read<'_>) -> Result<Organization, Fault> {
        let organization = require_managed(read)?;
        let is_there = match self {
            Self::Account(id) => account::find(read, id)?.is_some(),
            Self::Root(id) => *id == organization.root_id,
            Self::Other(_) => false,
        };
        if is_there {
            Ok(organization)
        } else {
            Err(Fault::not_found(OrganizationsEntity::Target, self))
        }
    }
}

impl fmt::Display for Taggable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => id.fmt(f),
            Self::Root(id) => id.fmt(f),
            Self::Other(id) => f.write_str(id),
        }
    }
}

impl FromStr for Taggable {
    type Err = &'static str;

    // AWS: `TaggableResourceId`; besides accounts and roots these are `ou-…`, `p-…`, `rp-…`,
    // `rt-…`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Account(id));
        }
        if let Ok(id) = text.parse() {
            return Ok(Self::Root(id));
        }
        let is_other = ["ou-", "p-", "rp-", "rt-"].iter().any(|prefix| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
            text.strip_prefix(prefix)
                .is_some_and(|rest| (4..=128).contains(&rest.len()) && rest.bytes().all(plain))
        });
        if is_other {
            Ok(Self::Other(text.to_owned()))
        } else {
            Err("be the id of an account, a root, an organizational unit or a policy")
        }
    }
}
