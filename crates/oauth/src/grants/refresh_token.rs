//! Refresh token grant: each token can be exchanged once, for a new pair.
//!
//! RFC 6749 §6, RFC 9700 §4.14.2.

use kernel::Ctx;
use kernel::sessions::secret::hash_secret;
use model::oauth::{GrantType, TokenKind};
use model::{AuditEvent, Fault};
use store::{client_token, session};

use super::{CREATE_TOKEN, event, invalid_grant};
use crate::client::KnownClient;
use crate::tokens::{CreateTokenReply, find_live_session, issue};

pub(crate) fn exchange(
    ctx: &Ctx<'_>,
    known: &KnownClient,
    refresh_token: &str,
) -> Result<CreateTokenReply, Fault> {
    let permit = ctx.authorize(CREATE_TOKEN, "*")?;
    let mut tx = ctx.begin(permit)?;
    let now_ms = tx.now_ms();
    let hash = hash_secret(refresh_token);
    let found = client_token::find_refresh(&mut tx, &hash)?.ok_or_else(invalid_grant)?;
    let TokenKind::Refresh { client_hash, scopes, .. } = &found.kind else {
        return Err(invalid_grant());
    };
    let (store_id, session_id) = (&found.identity_store_id, &found.session_id);
    if !client_token::use_refresh(&mut tx, &hash)? {
        // The token was copied. The server cannot tell the client from the attacker, so the whole
        // session ends.
        session::end(&mut tx, store_id, session_id)?;
        let event = AuditEvent::new()
            .asked("grantType", GrantType::RefreshToken.as_str())
            .asked("clientName", &known.client.name)
            .answered("refreshTokenUsedAgain", true)
            .answered("sessionEnded", session_id);
        tx.commit(&event)?;
        return Err(invalid_grant());
    }
    if *client_hash != known.hash || now_ms >= found.expires_at_ms {
        return Err(invalid_grant());
    }
    let session = find_live_session(&mut tx, store_id, session_id, now_ms)?;
    let session = session.ok_or_else(invalid_grant)?;
    let reply = issue(ctx, &mut tx, &session, known, scopes)?;
    tx.commit(&event(known, GrantType::RefreshToken.as_str(), &session))?;
    Ok(reply)
}
