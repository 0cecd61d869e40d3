//! Caller of a portal cookie or of a client's access token.
//!
//! INVARIANT: the session is looked up at each call, so a user who was disabled, deleted or signed
//! out by an administrator is refused at the next call.

use std::sync::Arc;

use model::Fault;
use model::oauth::{ClientToken, TokenKind};
use model::session::{Session, SessionKind};
use model::session_settings::SessionSettings;
use policy::{
    Caller, NamedPerson, NoFacts, PersonSession, Policies, Principal, RoleSession, builtin,
};
use store::authority::SessionPerson;
use store::{Read, authority, session, setting};

use super::authority::READ_AUTHORITY;
use super::rejection::Rejection;
use crate::Portico;
use crate::identified::identified;
use crate::sessions::client_token;
use crate::sessions::owner::owner_of;
use crate::sessions::secret::hash_secret;

/// Finds the person whose access token a client presents.
pub fn caller_of_access_token(portico: &Portico, token: &str) -> Result<Arc<Caller>, Rejection> {
    let now_ms = portico.clock.now_ms();
    let is_good =
        |token: &ClientToken| token.kind == TokenKind::Access && now_ms < token.expires_at_ms;
    let opened = client_token::open(&portico.keys, token).filter(is_good);
    caller_of(portico, token, |read| {
        let Some(token) = opened else { return Ok(None) };
        let found = session::find(read, &token.identity_store_id, &token.session_id)?;
        Ok(found.filter(|session| session.is_live(now_ms)))
    })
}

/// Finds the person whose cookie a browser presents.
pub fn caller_of_cookie(portico: &Portico, cookie: &str) -> Result<Arc<Caller>, Rejection> {
    let (hash, now_ms) = (hash_secret(cookie), portico.clock.now_ms());
    caller_of(portico, cookie, |read| session::find_by_token(read, &hash, now_ms))
}

/// Refuses the keys of a console in a browser whose portal session has ended by inactivity, and notes the use of that
/// session. Keys that no person got through the portal are not refused.
///
/// Keys in the hands of programs go on: not all stores that they are used at tell of it (decision 0043).
pub fn require_session_in_use(portico: &Portico, caller: &Arc<Caller>) -> Result<(), Rejection> {
    let Principal::Role(RoleSession { person: Some(person), .. }) = &caller.principal else {
        return Ok(());
    };
    let permit = policy::authorize(&Portico::itself(), READ_AUTHORITY, "*", &NoFacts)?;
    let mut read = portico.db.read(&permit)?;
    let found = session::find(&mut read, &person.identity_store_id, &person.session_id)?;
    let settings: SessionSettings = setting::find_of_store(&mut read, &person.identity_store_id)?;
    let now_ms = portico.clock.now_ms();
    let is_in_use = match &found {
        Some(session) => is_used(&mut read, session, &settings, now_ms)?,
        None => false,
    };
    let Some(session) = found.filter(|_| is_in_use) else {
        return Err(Rejection::of_caller(caller, Fault::ExpiredKey));
    };
    portico.session_uses.note(&session, &settings, now_ms);
    Ok(())
}

/// Finds the person of the session that a presented secret finds.
fn caller_of(
    portico: &Portico,
    secret: &str,
    find: impl FnOnce(&mut Read<'_>) -> Result<Option<Session>, Fault>,
) -> Result<Arc<Caller>, Rejection> {
    let permit = policy::authorize(&Portico::itself(), READ_AUTHORITY, "*", &NoFacts)?;
    let mut read = portico.db.read(&permit)?;
    let Some(session) = find(&mut read)? else {
        return Err(match owner_of(&portico.keys, secret) {
            Some(person) => Rejection::of_person(person, Fault::NoSession),
            None => Fault::NoSession.into(),
        });
    };
    let found = authority::find_person(&mut read, &session)?;
    let now_ms = portico.clock.now_ms();
    let is_used = match &found {
        Some(person) => is_used(&mut read, &session, &person.settings, now_ms)?,
        None => false,
    };
    let Some(SessionPerson { instance_id, user_name, settings }) = found.filter(|_| is_used) else {
        let Session { identity_store_id, id, user_id, .. } = session;
        let person = NamedPerson { identity_store_id, user_id, session_id: Some(id) };
        return Err(Rejection::of_person(person, Fault::NoSession));
    };
    portico.session_uses.note(&session, &settings, now_ms);
    let person = PersonSession {
        instance_id,
        identity_store_id: session.identity_store_id,
        user_id: session.user_id,
        user_name,
        session_id: session.id,
        expires_at_ms: session.expires_at_ms,
    };
    let principal = Principal::Person(person);
    Ok(identified(Arc::new(Caller {
        principal,
        policies: Policies::identity_based(vec![builtin::person()]),
    })))
}

/// Tells whether a session has not ended by inactivity. The use of a client is a use of its portal session too.
fn is_used(
    read: &mut Read<'_>,
    session: &Session,
    settings: &SessionSettings,
    now_ms: i64,
) -> Result<bool, Fault> {
    if !settings.is_idle(session.used_at_ms, now_ms) {
        return Ok(true);
    }
    match &session.kind {
        SessionKind::Portal => Ok(false),
        SessionKind::Client { parent_id, .. } => {
            let parent = session::find(read, &session.identity_store_id, parent_id)?;
            Ok(parent.is_some_and(|parent| !settings.is_idle(parent.used_at_ms, now_ms)))
        }
    }
}
