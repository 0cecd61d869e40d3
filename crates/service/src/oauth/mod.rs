//! AWS SSO OIDC: clients that act for people, and the pages on which people let them.
//!
//! RFC 6749 (OAuth 2.0), RFC 7636 (PKCE), RFC 8628 (device codes), RFC 9700 (best current practice).
//! INVARIANT: a client gets tokens only for a client session, which only a person with a portal
//! session makes, and which ends with that.

pub mod authorize;
mod client;
pub mod create_token;
pub mod device;
mod grants;
pub mod polls;
pub mod register_client;
pub mod start_device_authorization;
mod start_url;
#[cfg(test)]
mod tests;
mod tokens;

use model::Fault;
use model::ids::SessionId;
use model::oauth::{ClientName, Scopes};
use model::session::{Session, SessionKind};
use store::{Tx, session};

use crate::Ctx;
use crate::sessions::kept_user_agent;

use crate::operation::Served;

/// Every operation that the service serves, by name.
pub const OPERATIONS: &[&dyn Served] = &[
    &create_token::OPERATION,
    &register_client::OPERATION,
    &start_device_authorization::OPERATION,
];

/// The one scope that there is something behind: the portal API.
pub const ACCOUNT_ACCESS: &str = "sso:account:access";

/// What a person is told that a client with these scopes may do.
// AWS: a client that names no scope, as older command lines do, may do what this one stands for.
// INVARIANT: every token of a client is good for the portal, so nobody is asked about less.
fn shown(scopes: Scopes) -> Scopes {
    if scopes.0.is_empty() { ACCOUNT_ACCESS.parse().unwrap_or(scopes) } else { scopes }
}

/// Makes the session of a client that a person has just let in.
fn begin_client_session(
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
