//! Grants, one per file. Each checks its proof and then calls `tokens`.
//!
//! INVARIANT: a single-use proof is consumed in the transaction that issues the tokens.

pub(super) mod authorization_code;
pub(super) mod device_code;
pub(super) mod refresh_token;

use model::session::Session;
use model::{AuditEvent, Fault, OAuthError};

use super::client::KnownClient;

/// Action of every token exchange.
pub(super) const CREATE_TOKEN: &str = "sso-oauth:CreateToken";

fn invalid_grant() -> Fault {
    OAuthError::InvalidGrant
        .because("What was shown is not known, was used already, or its session has ended.")
}

/// Makes the event of issued tokens.
fn event(known: &KnownClient, grant_type: &str, session: &Session) -> AuditEvent {
    AuditEvent::new()
        .asked("grantType", grant_type)
        .asked("clientName", &known.client.name)
        .hidden("clientSecret")
        .answered("sessionId", &session.id)
        .answered("userId", &session.user_id)
        .answered("identityStoreId", &session.identity_store_id)
}
