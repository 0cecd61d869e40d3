//! Sessions of clients, and their scope.

use kernel::Ctx;
use kernel::sessions::kept_user_agent;
use model::Fault;
use model::ids::SessionId;
use model::oauth::{ClientName, Scopes};
use model::session::{Session, SessionKind};
use store::{Tx, session};

/// The only scope with an effect: access to the portal API.
pub const ACCOUNT_ACCESS: &str = "sso:account:access";

/// Returns the scopes to show to the person who is asked for consent.
// AWS: a client without scopes, such as an older command line, has the access of this scope.
// INVARIANT: every client token gives access to the portal, so the consent page never shows less.
pub(crate) fn shown(scopes: Scopes) -> Scopes {
    if scopes.0.is_empty() { ACCOUNT_ACCESS.parse().unwrap_or(scopes) } else { scopes }
}

/// Begins the session of a client that a person has just authorized.
pub(crate) fn begin_client_session(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    portal: &Session,
    client_name: &ClientName,
    source_address: &str,
    user_agent: &str,
) -> Result<Session, Fault> {
    let session = Session {
        identity_store_id: portal.identity_store_id.clone(),
        id: SessionId::random(&*ctx.portico.random),
        user_id: portal.user_id.clone(),
        kind: SessionKind::Client {
            parent_id: portal.id.clone(),
            client_name: client_name.clone(),
        },
        source_address: source_address.to_owned(),
        user_agent: kept_user_agent(user_agent),
        created_at_ms: tx.now_ms(),
        // A client session ends with the portal session that authorized it.
        expires_at_ms: portal.expires_at_ms,
        used_at_ms: tx.now_ms(),
        proved_at_ms: 0,
        whole_proof_at_ms: 0,
    };
    session::insert(tx, &session, None)?;
    Ok(session)
}
