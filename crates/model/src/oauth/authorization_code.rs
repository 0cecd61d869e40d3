//! Authorization codes: RFC 6749 §4.1.

use super::client::ClientHash;
use super::pkce::CodeChallenge;
use super::redirect_uri::RedirectUri;
use super::scope::Scopes;
use crate::ids::{IdentityStoreId, SessionId};
use crate::token::TokenHash;

/// A code that a browser carries to a client. The client exchanges it for tokens.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuthorizationCode {
    pub code_hash: TokenHash,
    pub identity_store_id: IdentityStoreId,
    /// The session that the person allowed and that the code opens.
    pub client_session_id: SessionId,
    pub client_hash: ClientHash,
    pub redirect_uri: RedirectUri,
    pub code_challenge: CodeChallenge,
    pub scopes: Scopes,
    pub expires_at_ms: i64,
    /// True if the client took its tokens.
    pub is_used: bool,
}
