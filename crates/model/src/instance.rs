//! An instance of identity centre.

use std::str::FromStr;

use crate::ids::{AccountId, IdentityStoreId, InstanceId};
use crate::network::NetworkConfiguration;
use crate::text_type::text_type;

/// An instance, with the id of its own identity store.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Instance {
    pub id: InstanceId,
    pub identity_store_id: IdentityStoreId,
    pub owner_account_id: AccountId,
    /// True for the instance of the organisation, which has permission sets; false for an account's.
    pub is_organization: bool,
    /// A new instance has no name.
    pub name: Option<InstanceName>,
    pub status: InstanceStatus,
    /// From where the operations of its identity store may be called. `None` restricts nothing.
    pub network: Option<NetworkConfiguration>,
    pub created_at_ms: i64,
}

impl Instance {
    /// The start URL that a person configures in a command line.
    // AWS: the classic form. The command line uses it as an identifier and sends nothing there.
    #[must_use]
    pub fn start_url(&self) -> String {
        format!("https://{}.awsapps.com/start", self.identity_store_id)
    }

    /// The ARN of the identity store.
    #[must_use]
    pub fn identity_store_arn(&self) -> String {
        self.identity_store_id.arn(&self.owner_account_id)
    }
}

text_type! {
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

text_type! {
    /// 1 to 64 visible ASCII characters that identify a request, so that a repetition is recognised.
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

/// The state of an instance.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum InstanceStatus {
    Active,
    /// A job is deleting what belongs to the instance.
    DeleteInProgress,
}

impl InstanceStatus {
    /// The name in the API and in the database.
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
