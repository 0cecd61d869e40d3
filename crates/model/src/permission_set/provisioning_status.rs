//! Provisioning status of a role.

use std::str::FromStr;

/// State of a role: with the latest edit of its permission set, or without it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProvisioningStatus {
    Latest,
    NotLatest,
}

impl ProvisioningStatus {
    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Latest => "LATEST_PERMISSION_SET_PROVISIONED",
            Self::NotLatest => "LATEST_PERMISSION_SET_NOT_PROVISIONED",
        }
    }
}

impl FromStr for ProvisioningStatus {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "LATEST_PERMISSION_SET_PROVISIONED" => Ok(Self::Latest),
            "LATEST_PERMISSION_SET_NOT_PROVISIONED" => Ok(Self::NotLatest),
            _ => Err("be LATEST_PERMISSION_SET_PROVISIONED or \
                LATEST_PERMISSION_SET_NOT_PROVISIONED"),
        }
    }
}
