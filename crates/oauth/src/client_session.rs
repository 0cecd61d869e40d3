//! Sessions of clients, and the scope that they may have.

use kernel::Ctx;
use kernel::sessions::kept_user_agent;
use model::Fault;
use model::ids::SessionId;
use model::oauth::{ClientName, Scopes};
use model::session::{Session, SessionKind};
use store::{Tx, session};

/// The one scope that there is something behind: the portal API.
pub const ACCOUNT_ACCESS: &str = "sso:account:access";

/// What a person is told that a client with these scopes may do.
// AWS: a client that names no scope, as older command lines do, may do what this one stands for.
// INVARIANT: every token of a client is good for the portal, so nobody is asked about less.
pub(crate) fn shown(scopes: Scopes) -> Scopes {
    if scopes.0.is_empty() { ACCOUNT_ACCESS.parse().unwrap_or(scopes) } else { scopes }
}

/// Makes the session of a client that a person has just let in.
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
        // It ends with the portal session that it comes from.
        expires_at_ms: portal.expires_at_ms,
    };
    session::insert(tx, &session, None)?;
    Ok(session)
}
