//! Status of a user.

use std::str::FromStr;

/// Status of a user: only an enabled user may sign in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum UserStatus {
    Enabled,
    Disabled,
}

impl UserStatus {
    /// The name in the API and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "ENABLED",
            Self::Disabled => "DISABLED",
        }
    }
}

impl FromStr for UserStatus {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "ENABLED" => Ok(Self::Enabled),
            "DISABLED" => Ok(Self::Disabled),
            _ => Err("be ENABLED or DISABLED"),
        }
    }
}
