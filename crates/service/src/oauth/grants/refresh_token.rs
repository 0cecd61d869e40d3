//! The refresh token grant: each token is good once, for a new pair.
//!
//! RFC 6749 §6, RFC 9700 §4.14.2. A client that asks again at once is answered the same (see
//! `docs/decisions/0007-refresh-token-repeats.md`).

use model::oauth::{ClientToken, GrantType, TokenKind};
use model::{AuditEvent, Fault};
use store::{Tx, client_token, session};

use super::{CREATE_TOKEN, event, invalid_grant};
use crate::Ctx;
use crate::oauth::client::KnownClient;
use crate::oauth::tokens::{CreateTokenReply, Pair, find_live_session, issue};
use crate::sessions::secret::hash_secret;

/// How long a token that was exchanged may be shown again by its client, which may have missed the
/// answer, or run twice over one cache of tokens.
const REPEAT_MS: i64 = 10 * 1000;

pub(in crate::oauth) fn exchange(
    ctx: &Ctx<'_>,
    known: &KnownClient,
    refresh_token: &str,
) -> Result<CreateTokenReply, Fault> {
    let permit = ctx.authorize(CREATE_TOKEN, "*")?;
    let mut tx = ctx.begin(permit)?;
    let now_ms = tx.now_ms();
    let hash = hash_secret(refresh_token);
    let found = client_token::find_refresh(&mut tx, &hash)?.ok_or_else(invalid_grant)?;
    let TokenKind::Refresh { client_hash, scopes, used_at_ms } = &found.kind else {
        return Err(invalid_grant());
    };
    let next = Pair::after(ctx, refresh_token);
    if let Some(used_at_ms) = *used_at_ms {
        let is_clients = *client_hash == known.hash;
        return if is_clients && now_ms - used_at_ms < REPEAT_MS && is_fresh(&mut tx, &next)? {
            repeat(tx, known, &found, used_at_ms, &next)
        } else {
            end_family(tx, known, &found)
        };
    }
    if *client_hash != known.hash || now_ms >= found.expires_at_ms {
        return Err(invalid_grant());
    }
    let session = find_live_session(&mut tx, &found.identity_store_id, &found.session_id, now_ms)?;
    let session = session.ok_or_else(invalid_grant)?;
    if !client_token::use_refresh(&mut tx, &hash)? {
        return Err(Fault::Contended);
    }
    let reply = issue(&mut tx, &session, known, scopes, &next)?;
    tx.commit(&event(known, GrantType::RefreshToken.as_str(), &session))?;
    Ok(reply)
}

/// Whether nobody has gone on from the pair.
fn is_fresh(tx: &mut Tx<'_>, pair: &Pair) -> Result<bool, Fault> {
    let found = client_token::find_refresh(tx, &pair.refresh_hash())?;
    Ok(found.is_some_and(|it| matches!(it.kind, TokenKind::Refresh { used_at_ms: None, .. })))
}

/// Answers what was answered before.
fn repeat(
    mut tx: Tx<'_>,
    known: &KnownClient,
    used: &ClientToken,
    used_at_ms: i64,
    next: &Pair,
) -> Result<CreateTokenReply, Fault> {
    let now_ms = tx.now_ms();
    let session = find_live_session(&mut tx, &used.identity_store_id, &used.session_id, now_ms)?;
    let session = session.ok_or_else(invalid_grant)?;
    let event = event(known, GrantType::RefreshToken.as_str(), &session);
    tx.commit(&event.answered("answeredAgain", true))?;
    Ok(next.reply_again(&session, used_at_ms, now_ms))
}

/// Somebody has a copy. Nobody can tell who is who, so both lose what came of it.
fn end_family(
    mut tx: Tx<'_>,
    known: &KnownClient,
    used: &ClientToken,
) -> Result<CreateTokenReply, Fault> {
    session::end(&mut tx, &used.identity_store_id, &used.session_id)?;
    let event = AuditEvent::new()
        .asked("grantType", GrantType::RefreshToken.as_str())
        .asked("clientName", &known.client.name)
        .answered("refreshTokenUsedAgain", true)
        .answered("sessionEnded", &used.session_id);
    tx.commit(&event)?;
    Err(invalid_grant())
}
