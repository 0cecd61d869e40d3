//! Tokens of client sessions.

use super::client::ClientHash;
use super::scope::Scopes;
use crate::ids::{IdentityStoreId, SessionId};
use crate::token::TokenHash;

/// A token of a client session.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClientToken {
    pub token_hash: TokenHash,
    pub identity_store_id: IdentityStoreId,
    pub session_id: SessionId,
    pub kind: TokenKind,
    pub expires_at_ms: i64,
}

/// The use of a token, with what is known of a token of that kind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TokenKind {
    /// Calls to the portal API.
    Access,
    /// One exchange for a new pair of tokens, by the client that received the token.
    Refresh { client_hash: ClientHash, scopes: Scopes, is_used: bool },
}

impl TokenKind {
    /// The name in the database.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Access => "ACCESS",
            Self::Refresh { .. } => "REFRESH",
        }
    }
}
