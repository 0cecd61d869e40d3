//! Access and refresh tokens of clients: sealed, and held by the client alone.
//!
//! INVARIANT: a token proves what this server issued. Whether the session goes on and its person may still sign in is
//! asked at each use.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Fault;
use model::oauth::{ClientToken, TokenKind};
use policy::NamedPerson;
use serde::{Deserialize, Serialize};

use crate::Portico;
use crate::key_ring::Keys;

/// Purpose of the seal on tokens.
const PURPOSE: &str = "token of a client";

/// Maximum number of characters of a token. A longer text is refused unread.
const TOKEN_CHARS_MAX: usize = 4096;

/// Claims under short names, because every request carries them.
#[derive(Deserialize, Serialize)]
struct Claims {
    d: String,
    u: String,
    s: String,
    g: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    r: Option<RefreshClaims>,
    x: i64,
}

#[derive(Deserialize, Serialize)]
struct RefreshClaims {
    c: String,
    o: String,
}

/// Seals a token. The same content gives the same token.
pub fn seal(keys: &Keys, token: &ClientToken) -> Result<String, Fault> {
    let refresh = match &token.kind {
        TokenKind::Access => None,
        TokenKind::Refresh { client_hash, scopes } => {
            Some(RefreshClaims { c: URL_SAFE_NO_PAD.encode(client_hash), o: scopes.to_string() })
        }
    };
    let claims = Claims {
        d: token.identity_store_id.to_string(),
        u: token.user_id.to_string(),
        s: token.session_id.to_string(),
        g: token.generation,
        r: refresh,
        x: token.expires_at_ms,
    };
    let plain = serde_json::to_vec(&claims)
        .map_err(|why| Fault::broken_at("writing the claims of a token", why))?;
    keys.seal_alike(PURPOSE, &plain)
}

/// Opens a token that this server made. It may have expired, and its session may have ended.
#[must_use]
pub fn open(keys: &Keys, token: &str) -> Option<ClientToken> {
    if token.len() > TOKEN_CHARS_MAX {
        return None;
    }
    let claims: Claims = serde_json::from_slice(&keys.open(PURPOSE, b"", token)?).ok()?;
    let kind = match claims.r {
        None => TokenKind::Access,
        Some(refresh) => TokenKind::Refresh {
            client_hash: URL_SAFE_NO_PAD.decode(refresh.c).ok()?.try_into().ok()?,
            scopes: refresh.o.parse().ok()?,
        },
    };
    Some(ClientToken {
        identity_store_id: claims.d.parse().ok()?,
        user_id: claims.u.parse().ok()?,
        session_id: claims.s.parse().ok()?,
        generation: claims.g,
        kind,
        expires_at_ms: claims.x,
    })
}

/// Returns the person whom a token was issued for.
#[must_use]
pub(super) fn person_of(token: &ClientToken) -> NamedPerson {
    NamedPerson {
        identity_store_id: token.identity_store_id.clone(),
        user_id: token.user_id.clone(),
        session_id: Some(token.session_id.clone()),
    }
}

/// Tells whether this server made a token that has not expired, without a look at the database.
///
/// This is not authentication: the session may have ended before its time.
#[must_use]
pub fn is_unexpired(portico: &Portico, token: &str) -> bool {
    open(&portico.keys, token).is_some_and(|token| portico.clock.now_ms() < token.expires_at_ms)
}
