//! WebAuthn ceremonies: a person registers a security key, a built-in authenticator or a passkey, and proves later that
//! they have it.
//!
//! Web Authentication Level 2, §7.1 and §7.2 (decision 0041). Pure: no database, no clock, no randomness, no socket.
//! Who may begin a ceremony, how long it lasts and that it is used once are the caller's.

mod answer;
mod assertion;
mod attestation;
mod authenticator_data;
mod base64url;
mod cbor;
mod client_data;
mod creation_options;
mod credential;
mod passkey;
mod public_key;
mod refusal;
mod registration;
mod relying_party;
mod request_options;
mod user_handle;

pub use answer::ANSWER_BYTES_MAX;
pub use assertion::Asserted;
pub use credential::Credential;
pub use passkey::Claim;
pub use refusal::Refusal;
pub use registration::Registrant;
pub use relying_party::{Begun, Challenge, RelyingParty};
pub use user_handle::UserHandle;
