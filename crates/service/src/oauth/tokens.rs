//! The tokens of a client session.
//!
//! RFC 6749 §5.1; RFC 9700 §4.14.2 (a refresh token is good once).

use std::fmt;

use model::Fault;
use model::ids::{IdentityStoreId, SessionId};
use model::oauth::{ClientToken, GrantType, Scopes, TokenKind};
use model::session::{Session, TokenHash};
use serde::Serialize;
use store::{Read, Tx, client_token, instance, session, user_password};

use super::client::KnownClient;
use crate::Ctx;
use crate::sessions::secret::Secret;

/// How long an access token that can be refreshed is good, if its session lasts as long.
const ACCESS_TOKEN_MS: i64 = 60 * 60 * 1000;

/// Tokens that a session may have at a time. A client that refreshes when it has to needs a dozen.
const TOKENS_MAX: i64 = 500;

/// The reply of `CreateToken`.
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

/// Two secrets that a client is about to be given.
pub(super) struct Pair {
    access: Secret,
    refresh: Secret,
}

impl Pair {
    pub(super) fn random(ctx: &Ctx<'_>) -> Self {
        let secret = || Secret::random(&*ctx.portico.random);
        Self { access: secret(), refresh: secret() }
    }

    /// What comes of a refresh token: whenever it is asked, and whichever node is, the same.
    pub(super) fn after(ctx: &Ctx<'_>, refresh_token: &str) -> Self {
        let secret = |kind: &str| {
            Secret::of(&ctx.portico.keys.derive(&format!("{kind} token after {refresh_token}")))
        };
        Self { access: secret("access"), refresh: secret("refresh") }
    }

    pub(super) fn refresh_hash(&self) -> TokenHash {
        self.refresh.hash()
    }

    /// What was answered when the pair was given out at `issued_at_ms`, with the time that is left.
    pub(super) fn reply_again(
        &self,
        session: &Session,
        issued_at_ms: i64,
        now_ms: i64,
    ) -> CreateTokenReply {
        let expires_at_ms = access_expires_at_ms(session, issued_at_ms);
        self.reply(true, expires_at_ms - now_ms)
    }

    fn reply(&self, refreshes: bool, lasts_ms: i64) -> CreateTokenReply {
        CreateTokenReply {
            access_token: self.access.reveal().to_owned(),
            token_type: "Bearer",
            expires_in: lasts_ms / 1000,
            refresh_token: refreshes.then(|| self.refresh.reveal().to_owned()),
        }
    }
}

/// When an access token that can be refreshed runs out.
fn access_expires_at_ms(session: &Session, issued_at_ms: i64) -> i64 {
    session.expires_at_ms.min(issued_at_ms + ACCESS_TOKEN_MS)
}

/// Gives the client of a session an access token, and a refresh token if it may have one.
pub(super) fn issue(
    tx: &mut Tx<'_>,
    session: &Session,
    known: &KnownClient,
    scopes: &Scopes,
    pair: &Pair,
) -> Result<CreateTokenReply, Fault> {
    if client_token::count_of_session(tx, &session.identity_store_id, &session.id)? >= TOKENS_MAX {
        return Err(Fault::Throttled { retry_after_seconds: 600 });
    }
    let now_ms = tx.now_ms();
    let refreshes =
        known.client.grant_types.contains(&GrantType::RefreshToken) && !scopes.0.is_empty();
    // AWS: without refresh, as older command lines have it, a token lasts as long as the session.
    let expires_at_ms =
        if refreshes { access_expires_at_ms(session, now_ms) } else { session.expires_at_ms };
    let token = |secret: &Secret, kind, expires_at_ms| ClientToken {
        token_hash: secret.hash(),
        identity_store_id: session.identity_store_id.clone(),
        session_id: session.id.clone(),
        kind,
        expires_at_ms,
    };
    client_token::insert(tx, &token(&pair.access, TokenKind::Access, expires_at_ms))?;
    if refreshes {
        let (client_hash, scopes) = (known.hash, scopes.clone());
        let kind = TokenKind::Refresh { client_hash, scopes, used_at_ms: None };
        client_token::insert(tx, &token(&pair.refresh, kind, session.expires_at_ms))?;
    }
    Ok(pair.reply(refreshes, expires_at_ms - now_ms))
}

/// The client session that tokens are asked for, if it is live and its person may still sign in.
pub(super) fn find_live_session(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    session_id: &SessionId,
    now_ms: i64,
) -> Result<Option<Session>, Fault> {
    let Some(found) = session::find(read, store_id, session_id)? else { return Ok(None) };
    if !found.is_live(now_ms) || instance::find_by_store(read, store_id)?.is_none() {
        return Ok(None);
    }
    let signer = user_password::find_signer(read, store_id, &found.user_id)?;
    Ok(signer.filter(|signer| signer.is_enabled).map(|_| found))
}
