//! The ways to tokens, one a file. Each checks what it is shown and hands over to `tokens`.
//!
//! INVARIANT: what is good once is used up in the transaction that makes the tokens.

pub(super) mod authorization_code;
pub(super) mod device_code;
pub(super) mod refresh_token;

use model::session::Session;
use model::{AuditEvent, Fault, OAuthError};

use super::client::KnownClient;

/// The action of every exchange.
pub(super) const CREATE_TOKEN: &str = "sso-oauth:CreateToken";

fn invalid_grant() -> Fault {
    OAuthError::InvalidGrant
        .because("What was shown is not known, was used already, or its session has ended.")
}

/// The event of tokens that were given out.
fn event(known: &KnownClient, grant_type: &str, session: &Session) -> AuditEvent {
    AuditEvent::new()
        .asked("grantType", grant_type)
        .asked("clientName", &known.client.name)
        .hidden("clientSecret")
        .answered("sessionId", &session.id)
        .answered("userId", &session.user_id)
        .answered("identityStoreId", &session.identity_store_id)
}
