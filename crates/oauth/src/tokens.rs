//! Tokens of a client session.
//!
//! RFC 6749 §5.1; decision 0007.

use std::fmt;

use kernel::Ctx;
use kernel::sessions::client_token;
use model::Fault;
use model::oauth::{ClientToken, GrantType, Scopes, TokenKind};
use model::session::Session;
use serde::Serialize;

use super::client::KnownClient;

/// Validity of a refreshable access token, unless its session ends earlier.
const ACCESS_TOKEN_MS: i64 = 60 * 60 * 1000;

/// Reply of `CreateToken`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateTokenReply {
    pub access_token: String,
    pub token_type: &'static str,
    /// Seconds.
    pub expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

impl fmt::Debug for CreateTokenReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateTokenReply")
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

/// Pair of tokens of a client session, which is the same each time it is issued.
pub(super) struct Pair<'a> {
    pub(super) session: &'a Session,
    pub(super) generation: i64,
    /// Time of the exchange that made the pair.
    pub(super) made_at_ms: i64,
    pub(super) now_ms: i64,
}

impl<'a> Pair<'a> {
    /// The pair that begins a session.
    pub(super) fn first(session: &'a Session, now_ms: i64) -> Self {
        Self { session, generation: 0, made_at_ms: now_ms, now_ms }
    }

    /// Issues the access token, and the refresh token if the client may have one.
    pub(super) fn issue(
        &self,
        ctx: &Ctx<'_>,
        known: &KnownClient,
        scopes: &Scopes,
    ) -> Result<CreateTokenReply, Fault> {
        let refreshes =
            known.client.grant_types.contains(&GrantType::RefreshToken) && !scopes.0.is_empty();
        let session_ends_ms = self.session.expires_at_ms;
        // AWS: without a refresh token, as for older command lines, an access token is valid as long as
        // the session.
        let expires_at_ms = if refreshes {
            session_ends_ms.min(self.made_at_ms + ACCESS_TOKEN_MS)
        } else {
            session_ends_ms
        };
        let access_token = self.seal(ctx, TokenKind::Access, expires_at_ms)?;
        let refresh_token = if refreshes {
            let kind = TokenKind::Refresh { client_hash: known.hash, scopes: scopes.clone() };
            Some(self.seal(ctx, kind, session_ends_ms)?)
        } else {
            None
        };
        Ok(CreateTokenReply {
            access_token,
            token_type: "Bearer",
            expires_in: (expires_at_ms - self.now_ms).max(0) / 1000,
            refresh_token,
        })
    }

    fn seal(&self, ctx: &Ctx<'_>, kind: TokenKind, expires_at_ms: i64) -> Result<String, Fault> {
        let token = ClientToken {
            identity_store_id: self.session.identity_store_id.clone(),
            user_id: self.session.user_id.clone(),
            session_id: self.session.id.clone(),
            generation: self.generation,
            kind,
            expires_at_ms,
        };
        client_token::seal(&ctx.portico.keys, &token)
    }
}
