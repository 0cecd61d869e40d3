//! OAuth 2.0: clients, what they register and present, and the codes and tokens that they receive.
//!
//! RFC 8628 (device codes), RFC 7636 (PKCE), RFC 8252 §7.3 (loopback redirection).

mod authorization_code;
mod client;
mod client_token;
mod device_authorization;
mod grant_type;
mod pkce;
mod redirect_uri;
mod rotation;
mod scope;
mod user_code;

pub use authorization_code::AuthorizationCode;
pub use client::{ClientHash, ClientName};
pub use client_token::{ClientToken, TokenKind};
pub use device_authorization::{DeviceAuthorization, DeviceState};
pub use grant_type::GrantType;
pub use pkce::{CodeChallenge, CodeVerifier};
pub use redirect_uri::RedirectUri;
pub use rotation::{Exchange, Rotation};
pub use scope::{SCOPES_MAX, Scope, Scopes};
pub use user_code::UserCode;
