//! Device authorizations: RFC 8628.

use super::client::{ClientHash, ClientName};
use super::scope::Scopes;
use super::user_code::UserCode;
use crate::ids::{IdentityStoreId, SessionId, UserId};
use crate::source_network::SourceNetwork;
use crate::token::TokenHash;

/// A client's request, on a device without a browser, to act for a person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeviceAuthorization {
    pub device_code_hash: TokenHash,
    pub user_code: UserCode,
    pub identity_store_id: IdentityStoreId,
    pub client_hash: ClientHash,
    pub client_name: ClientName,
    pub scopes: Scopes,
    /// The address of the device, for the person to recognise.
    pub source_address: String,
    pub source_network: SourceNetwork,
    pub user_agent: String,
    pub state: DeviceState,
    pub created_at_ms: i64,
    pub expires_at_ms: i64,
}

/// The state of a device authorization, with what is known in that state.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum DeviceState {
    /// The code was not typed yet.
    Pending,
    /// The person typed the code, in this session, and has not decided.
    Confirmed { user_id: UserId, portal_session_id: SessionId },
    /// The person allowed it. The session is the client's and waits for its first token request. Rows of an
    /// earlier version have no user.
    Approved { user_id: Option<UserId>, client_session_id: SessionId },
    /// The person refused.
    Denied,
    /// The client took its tokens.
    Used { user_id: Option<UserId>, client_session_id: SessionId },
}

impl DeviceState {
    /// The name in the database.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Confirmed { .. } => "CONFIRMED",
            Self::Approved { .. } => "APPROVED",
            Self::Denied => "DENIED",
            Self::Used { .. } => "USED",
        }
    }
}
