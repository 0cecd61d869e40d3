//! Tokens of client sessions. The client alone holds them; the database holds a `Rotation` for each session.

use super::client::ClientHash;
use super::scope::Scopes;
use crate::ids::{IdentityStoreId, SessionId, UserId};

/// Content of a token of a client session.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClientToken {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub session_id: SessionId,
    /// Number of exchanges of the session before this token.
    pub generation: i64,
    pub kind: TokenKind,
    pub expires_at_ms: i64,
}

/// Use of a token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TokenKind {
    /// Calls to the portal API.
    Access,
    /// One exchange for a new pair of tokens, by the client that received the token.
    Refresh { client_hash: ClientHash, scopes: Scopes },
}
