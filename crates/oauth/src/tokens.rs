//! Tokens of a client session.
//!
//! RFC 6749 §5.1; RFC 9700 §4.14.2 (a refresh token is valid once).

use std::fmt;

use kernel::Ctx;
use kernel::sessions::secret::Secret;
use model::Fault;
use model::ids::{IdentityStoreId, SessionId};
use model::oauth::{ClientToken, GrantType, Scopes, TokenKind};
use model::session::Session;
use serde::Serialize;
use store::{Read, Tx, authority, client_token, session};

use super::client::KnownClient;

/// Validity of a refreshable access token, unless its session ends earlier.
const ACCESS_TOKEN_MS: i64 = 60 * 60 * 1000;

/// Maximum number of tokens of a session. A client that refreshes only when necessary needs a
/// dozen.
const TOKENS_MAX: i64 = 500;

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

/// Issues an access token for a client session, and a refresh token if the client may have one.
pub(super) fn issue(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    session: &Session,
    known: &KnownClient,
    scopes: &Scopes,
) -> Result<CreateTokenReply, Fault> {
    if client_token::count_of_session(tx, &session.identity_store_id, &session.id)? >= TOKENS_MAX {
        return Err(Fault::Throttled { retry_after_seconds: 600 });
    }
    let now_ms = tx.now_ms();
    let refreshes =
        known.client.grant_types.contains(&GrantType::RefreshToken) && !scopes.0.is_empty();
    // AWS: without a refresh token, as for older command lines, an access token is valid as long as
    // the session.
    let expires_at_ms = if refreshes {
        session.expires_at_ms.min(now_ms + ACCESS_TOKEN_MS)
    } else {
        session.expires_at_ms
    };
    let access_token = add(ctx, tx, session, TokenKind::Access, expires_at_ms)?;
    let refresh_token = if refreshes {
        let (client_hash, scopes) = (known.hash, scopes.clone());
        let kind = TokenKind::Refresh { client_hash, scopes, is_used: false };
        Some(add(ctx, tx, session, kind, session.expires_at_ms)?)
    } else {
        None
    };
    Ok(CreateTokenReply {
        access_token,
        token_type: "Bearer",
        expires_in: (expires_at_ms - now_ms) / 1000,
        refresh_token,
    })
}

fn add(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    session: &Session,
    kind: TokenKind,
    expires_at_ms: i64,
) -> Result<String, Fault> {
    let secret = Secret::of_session(ctx.portico, session)?;
    let token = ClientToken {
        token_hash: secret.hash(),
        identity_store_id: session.identity_store_id.clone(),
        session_id: session.id.clone(),
        kind,
        expires_at_ms,
    };
    client_token::insert(tx, &token)?;
    Ok(secret.reveal().to_owned())
}

/// Finds the client session of a token request, if it has not ended and its person may still sign
/// in.
pub(super) fn find_live_session(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    session_id: &SessionId,
    now_ms: i64,
) -> Result<Option<Session>, Fault> {
    let Some(found) = session::find(read, store_id, session_id)? else { return Ok(None) };
    if !found.is_live(now_ms) || authority::find_person(read, &found)?.is_none() {
        return Ok(None);
    }
    Ok(Some(found))
}
