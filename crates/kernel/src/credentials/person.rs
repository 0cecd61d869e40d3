//! Who a portal session's cookie or a command line's token makes its holder.
//!
//! INVARIANT: it is asked anew at each call, so whoever is disabled, deleted or signed out by an
//! administrator has nothing to go on with.

use std::sync::Arc;

use model::Fault;
use model::session::{Session, TokenHash};
use policy::{Caller, NoFacts, PersonSession, Principal, builtin};
use sha2::{Digest, Sha256};
use store::{Read, authority, client_token, session};

use super::authority::READ_AUTHORITY;
use crate::Portico;

/// The person whose access token a command line shows.
pub fn caller_of_access_token(portico: &Portico, token: &str) -> Result<Arc<Caller>, Fault> {
    caller_of(portico, token, client_token::find_access)
}

/// The person whose cookie a browser shows.
pub fn caller_of_cookie(portico: &Portico, cookie: &str) -> Result<Arc<Caller>, Fault> {
    caller_of(portico, cookie, session::find_by_token)
}

fn caller_of(
    portico: &Portico,
    secret: &str,
    find: fn(&mut Read<'_>, &TokenHash, i64) -> Result<Option<Session>, Fault>,
) -> Result<Arc<Caller>, Fault> {
    let permit = policy::authorize(&Portico::itself(), READ_AUTHORITY, "*", &NoFacts)?;
    let mut read = portico.db.read(&permit)?;
    let hash = Sha256::digest(secret.as_bytes()).into();
    let session = find(&mut read, &hash, portico.clock.now_ms())?.ok_or(Fault::NoSession)?;
    let found = authority::find_person(&mut read, &session)?;
    let (instance_id, user_name) = found.ok_or(Fault::NoSession)?;
    let person = PersonSession {
        instance_id,
        identity_store_id: session.identity_store_id,
        user_id: session.user_id,
        user_name,
        session_id: session.id,
        expires_at_ms: session.expires_at_ms,
    };
    let principal = Principal::Person(person);
    Ok(Arc::new(Caller { principal, policies: vec![builtin::person()] }))
}
