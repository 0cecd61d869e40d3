//! Sessions of people: how they begin, who is behind them, how they are forgotten.

pub mod secret;
pub mod sweep;

use model::Fault;
use model::ids::{IdentityStoreId, SessionId, UserId};
use model::session::{Session, SessionKind};
use policy::{PersonSession, Principal};
use secret::Secret;
use store::{Read, Tx, session};

use crate::Ctx;

/// How long a portal session lasts.
// AWS: 8 hours unless an administrator says otherwise.
pub const SESSION_MS: i64 = 8 * 60 * 60 * 1000;

/// A portal session that has just begun.
#[derive(Debug)]
pub struct NewSession {
    pub session: Session,
    /// What the browser's cookie is to hold.
    pub cookie: Secret,
}

/// Begins a portal session of a person.
pub fn begin_portal_session(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    identity_store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<NewSession, Fault> {
    let cookie = Secret::random(&*ctx.portico.random);
    let session = Session {
        identity_store_id: identity_store_id.clone(),
        id: SessionId::random(&*ctx.portico.random),
        user_id: user_id.clone(),
        kind: SessionKind::Portal,
        source_address: ctx.request.origin.source_address.clone(),
        user_agent: kept_user_agent(&ctx.request.origin.user_agent),
        created_at_ms: tx.now_ms(),
        expires_at_ms: tx.now_ms() + SESSION_MS,
    };
    session::insert(tx, &session, Some(&cookie.hash()))?;
    Ok(NewSession { session, cookie })
}

/// A stranger's description of themselves, no longer than anyone has to read.
pub fn kept_user_agent(user_agent: &str) -> String {
    user_agent.chars().filter(|character| !character.is_control()).take(256).collect()
}

/// The person who calls, with a session of any kind.
pub fn person<'a>(ctx: &Ctx<'a>) -> Result<&'a PersonSession, Fault> {
    match &ctx.caller.principal {
        Principal::Person(person) => Ok(person),
        Principal::Anonymous | Principal::Role(_) | Principal::Portico => Err(Fault::NoSession),
    }
}

/// The portal session of the person who calls.
///
/// INVARIANT: a client's token speaks for a person too, and must not be good for letting in another
/// client: only a browser with the portal's cookie passes here.
pub fn require_portal(read: &mut Read<'_>, person: &PersonSession) -> Result<Session, Fault> {
    let found = session::find(read, &person.identity_store_id, &person.session_id)?;
    found.filter(|session| session.kind == SessionKind::Portal).ok_or(Fault::NoSession)
}
