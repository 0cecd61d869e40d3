//! The grant types of the token endpoint.

use std::str::FromStr;

/// The grant types of OAuth 2.0 that the token endpoint takes.
// RFC 6749 §4.1 and §6, RFC 8628 §3.4.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum GrantType {
    AuthorizationCode,
    DeviceCode,
    RefreshToken,
}

impl GrantType {
    /// The name in requests.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
            Self::RefreshToken => "refresh_token",
        }
    }
}

impl FromStr for GrantType {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::AuthorizationCode, Self::DeviceCode, Self::RefreshToken]
            .into_iter()
            .find(|grant| grant.as_str() == text)
            .ok_or("be a grant type that is known here")
    }
}
