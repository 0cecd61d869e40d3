//! Caller of a portal cookie or of a client's access token.
//!
//! INVARIANT: the session is looked up at each call, so a user who was disabled, deleted or signed
//! out by an administrator is refused at the next call.

use std::sync::Arc;

use model::Fault;
use model::session::Session;
use model::token::TokenHash;
use policy::{Caller, NamedPerson, NoFacts, PersonSession, Principal, builtin};
use sha2::{Digest, Sha256};
use store::{Read, authority, client_token, session};

use super::authority::READ_AUTHORITY;
use super::rejection::Rejection;
use crate::Portico;
use crate::identified::identified;
use crate::sessions::secret::owner_of;

/// Finds the person whose access token a client presents.
pub fn caller_of_access_token(portico: &Portico, token: &str) -> Result<Arc<Caller>, Rejection> {
    caller_of(portico, token, client_token::find_access)
}

/// Finds the person whose cookie a browser presents.
pub fn caller_of_cookie(portico: &Portico, cookie: &str) -> Result<Arc<Caller>, Rejection> {
    caller_of(portico, cookie, session::find_by_token)
}

fn caller_of(
    portico: &Portico,
    secret: &str,
    find: fn(&mut Read<'_>, &TokenHash, i64) -> Result<Option<Session>, Fault>,
) -> Result<Arc<Caller>, Rejection> {
    let permit = policy::authorize(&Portico::itself(), READ_AUTHORITY, "*", &NoFacts)?;
    let mut read = portico.db.read(&permit)?;
    let hash = Sha256::digest(secret.as_bytes()).into();
    let Some(session) = find(&mut read, &hash, portico.clock.now_ms())? else {
        return Err(match owner_of(&portico.keys, secret) {
            Some(person) => Rejection::of_person(person, Fault::NoSession),
            None => Fault::NoSession.into(),
        });
    };
    let Some((instance_id, user_name)) = authority::find_person(&mut read, &session)? else {
        let Session { identity_store_id, id, user_id, .. } = session;
        let person = NamedPerson { identity_store_id, user_id, session_id: Some(id) };
        return Err(Rejection::of_person(person, Fault::NoSession));
    };
    let person = PersonSession {
        instance_id,
        identity_store_id: session.identity_store_id,
        user_id: session.user_id,
        user_name,
        session_id: session.id,
        expires_at_ms: session.expires_at_ms,
    };
    let principal = Principal::Person(person);
    Ok(identified(Arc::new(Caller { principal, policies: vec![builtin::person()] })))
}
