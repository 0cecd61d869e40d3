//! An instance of identity centre.

use std::str::FromStr;

use crate::ids::{AccountId, IdentityStoreId, InstanceId};
use crate::texts::text_newtype;

/// An instance, with the identity store that belongs to it alone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Instance {
    pub id: InstanceId,
    pub identity_store_id: IdentityStoreId,
    pub owner_account_id: AccountId,
    /// Whether it is the organisation's, which has permission sets, or one account's own.
    pub is_organization: bool,
    /// A new one has none.
    pub name: Option<InstanceName>,
    pub status: InstanceStatus,
    pub created_at_ms: i64,
}

impl Instance {
    /// What a person gives to a command line.
    // AWS: the classic form. For the command line it is a name; nothing is sent there.
    #[must_use]
    pub fn start_url(&self) -> String {
        format!("https://{}.awsapps.com/start", self.identity_store_id)
    }

    /// The ARN of its identity store.
    #[must_use]
    pub fn identity_store_arn(&self) -> String {
        self.identity_store_id.arn(&self.owner_account_id)
    }
}

text_newtype! {
    /// Up to 255 characters of `[\w+=,.@-]`.
    // AWS: NameType of sso-admin, which may be empty.
    InstanceName, |text| {
        if text.chars().count() > 255 {
            return Err("have length at most 255");
        }
        if text.chars().all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)) {
            Ok(())
        } else {
            Err("hold only letters, digits and _+=,.@-")
        }
    }
}

text_newtype! {
    /// 1 to 64 visible ASCII characters that make a repeated request the same request.
    // AWS: ClientToken of sso-admin.
    ClientToken, |text| {
        if !(1..=64).contains(&text.chars().count()) {
            return Err("have length between 1 and 64");
        }
        if text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(())
        } else {
            Err("hold visible ASCII characters only")
        }
    }
}

/// Where an instance is in its life.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum InstanceStatus {
    Active,
    /// What belongs to it is being deleted.
    DeleteInProgress,
}

impl InstanceStatus {
    /// The word of the API and of the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::DeleteInProgress => "DELETE_IN_PROGRESS",
        }
    }
}

impl FromStr for InstanceStatus {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "ACTIVE" => Ok(Self::Active),
            "DELETE_IN_PROGRESS" => Ok(Self::DeleteInProgress),
            _ => Err("be ACTIVE or DELETE_IN_PROGRESS"),
        }
    }
}
