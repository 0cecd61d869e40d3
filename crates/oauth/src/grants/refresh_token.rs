//! Refresh token grant: each token can be exchanged once, for a new pair.
//!
//! RFC 6749 §6, RFC 9700 §4.14.2; decision 0007.

use kernel::Ctx;
use kernel::sessions::client_token;
use model::oauth::{Exchange, GrantType, TokenKind};
use model::session::Session;
use model::{AuditEvent, Fault};
use store::client_session::LiveClientSession;
use store::{Tx, client_session, session};

use super::{CREATE_TOKEN, event, invalid_grant};
use crate::client::KnownClient;
use crate::tokens::{CreateTokenReply, Pair};

pub(crate) fn exchange(
    ctx: &Ctx<'_>,
    known: &KnownClient,
    refresh_token: &str,
) -> Result<CreateTokenReply, Fault> {
    let permit = ctx.authorize(CREATE_TOKEN, "*")?;
    let token = client_token::open(&ctx.portico.keys, refresh_token).ok_or_else(invalid_grant)?;
    let TokenKind::Refresh { client_hash, scopes } = &token.kind else {
        return Err(invalid_grant());
    };
    let mut tx = ctx.begin(permit)?;
    let now_ms = tx.now_ms();
    let (store_id, session_id) = (&token.identity_store_id, &token.session_id);
    let found = client_session::find_live(&mut tx, store_id, session_id, now_ms)?;
    let live = found.ok_or_else(invalid_grant)?;
    let LiveClientSession { session, rotation, settings } = live;
    ctx.portico.session_uses.note(&session, &settings, now_ms);
    let is_of_client = *client_hash == known.hash;
    let (made_at_ms, is_again) = match rotation.exchange(token.generation, now_ms) {
        Exchange::New(_) if !is_of_client => return Err(invalid_grant()),
        Exchange::New(next) => {
            if !client_session::rotate(&mut tx, &session, rotation.generation, &next)? {
                return Err(Fault::Contended);
            }
            (now_ms, false)
        }
        Exchange::Again { exchanged_at_ms } if is_of_client => (exchanged_at_ms, true),
        Exchange::Again { .. } | Exchange::Copied => return end(tx, known, &session),
    };
    let pair = Pair { session: &session, generation: token.generation + 1, made_at_ms, now_ms };
    let reply = pair.issue(ctx, known, scopes)?;
    let event = event(known, GrantType::RefreshToken.as_str(), &session);
    tx.commit(&if is_again { event.answered("pairGivenAgain", true) } else { event })?;
    Ok(reply)
}

/// Ends the session of a token that was copied: the client and the thief cannot be told apart.
fn end(mut tx: Tx<'_>, known: &KnownClient, session: &Session) -> Result<CreateTokenReply, Fault> {
    session::end(&mut tx, &session.identity_store_id, &session.id)?;
    let event = AuditEvent::new()
        .asked("grantType", GrantType::RefreshToken.as_str())
        .asked("clientName", &known.client.name)
        .answered("refreshTokenUsedAgain", true)
        .answered("sessionEnded", &session.id);
    tx.commit(&event)?;
    Err(invalid_grant())
}
