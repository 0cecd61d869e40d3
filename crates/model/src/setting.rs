//! Settings of an instance that administrators may change.

use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::words::words;

/// A setting of an instance. The default is that of a new instance.
pub trait Setting: Default + Serialize + DeserializeOwned {
    /// Name in the database.
    const NAME: &'static str;
}

/// Whether people may let programs in with a code that they type into a browser on another machine.
///
/// RFC 8628 §5.4: a stranger can talk people into typing a code of his. Programs on the machine of the browser need
/// none (RFC 8252).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum DeviceAuthorizationStatus {
    #[default]
    Enabled,
    Disabled,
}

impl Setting for DeviceAuthorizationStatus {
    const NAME: &'static str = "device-authorization";
}

impl DeviceAuthorizationStatus {
    /// The name in the API and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "ENABLED",
            Self::Disabled => "DISABLED",
        }
    }
}

impl FromStr for DeviceAuthorizationStatus {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "ENABLED" => Ok(Self::Enabled),
            "DISABLED" => Ok(Self::Disabled),
            _ => Err("be ENABLED or DISABLED"),
        }
    }
}

/// Whether people may sign in with a passkey alone.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PasskeySignInStatus {
    Enabled,
    #[default]
    Disabled,
}

impl Setting for PasskeySignInStatus {
    const NAME: &'static str = "passkey-sign-in";
}

words!(PasskeySignInStatus, "be ENABLED or DISABLED", Enabled = "ENABLED", Disabled = "DISABLED");
