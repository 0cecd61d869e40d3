//! Errors of OAuth 2.0: RFC 6749 §5.2, RFC 8628 §3.5, RFC 7591 §3.2.2.

use std::borrow::Cow;

/// An error answer of OAuth 2.0.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OAuthFault {
    pub error: OAuthError,
    /// A whole sentence for the client's log.
    pub description: Cow<'static, str>,
}

/// The error codes of OAuth 2.0 that the service model of sso-oidc has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OAuthError {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    InvalidScope,
    AuthorizationPending,
    SlowDown,
    AccessDenied,
    ExpiredToken,
    InvalidClientMetadata,
    InvalidRedirectUri,
}
