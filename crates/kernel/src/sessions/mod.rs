//! Sessions of people: their beginning, their person and their removal.

pub mod client_token;
pub mod owner;
pub mod proof;
pub mod secret;
pub mod sequence;
pub mod sweep;
pub mod uses;

use model::Fault;
use model::ids::SessionId;
use model::session::{Session, SessionKind};
use model::session_settings::SessionSettings;
use policy::{PersonSession, Principal};
use secret::Secret;
use sequence::SignInProof;
use store::{Read, Tx, session, setting};

use crate::Ctx;

/// New portal session.
#[derive(Debug)]
pub struct NewSession {
    pub session: Session,
    /// Value of the browser's cookie.
    pub cookie: Secret,
    /// True if an administrator let the person in once without the second factor that they lost.
    pub is_excused: bool,
}

/// Begins a portal session of a person who went through the sign-in sequence.
pub fn begin_portal_session(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    proof: &SignInProof,
) -> Result<NewSession, Fault> {
    let (identity_store_id, user_id) = proof.person();
    let settings: SessionSettings = setting::find_of_store(tx, identity_store_id)?;
    let session = Session {
        identity_store_id: identity_store_id.clone(),
        id: SessionId::random(&*ctx.portico.random),
        user_id: user_id.clone(),
        kind: SessionKind::Portal,
        source_address: ctx.request.origin.source_address.clone(),
        user_agent: kept_user_agent(&ctx.request.origin.user_agent),
        created_at_ms: tx.now_ms(),
        expires_at_ms: tx.now_ms() + settings.portal_session_ms(),
        used_at_ms: tx.now_ms(),
        proved_at_ms: tx.now_ms(),
        whole_proof_at_ms: if proof.is_whole() { tx.now_ms() } else { 0 },
    };
    let cookie = Secret::of_session(ctx.portico, &session)?;
    session::insert(tx, &session, Some(&cookie.hash()))?;
    Ok(NewSession { session, cookie, is_excused: false })
}

/// Truncates the user agent that an unauthenticated client sent, and removes control characters.
#[must_use]
pub fn kept_user_agent(user_agent: &str) -> String {
    user_agent.chars().filter(|character| !character.is_control()).take(256).collect()
}

/// Returns the calling person, with a session of any kind.
pub fn person<'a>(ctx: &Ctx<'a>) -> Result<&'a PersonSession, Fault> {
    match &ctx.caller.principal {
        Principal::Person(person) => Ok(person),
        Principal::Anonymous
        | Principal::Unproven(_)
        | Principal::NamedPerson(_)
        | Principal::Role(_)
        | Principal::Portico => Err(Fault::NoSession),
    }
}

/// Returns the portal session of the calling person.
///
/// INVARIANT: only a browser with the portal's cookie passes. A client's token also identifies a
/// person, but must not authorize another client.
pub fn require_portal(read: &mut Read<'_>, person: &PersonSession) -> Result<Session, Fault> {
    let found = session::find(read, &person.identity_store_id, &person.session_id)?;
    found.filter(|session| session.kind == SessionKind::Portal).ok_or(Fault::NoSession)
}
