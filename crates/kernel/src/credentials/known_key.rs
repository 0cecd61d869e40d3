//! Whether the key that a request names is one of this server's, before its signature is verified.

use model::Fault;
use protocol::sigv4::Signed;

use super::{authority, session_token};
use crate::Portico;

/// Fails unless the request names a key that this server gave out and that has not expired.
///
/// This is not authentication: the signature is verified only once the whole body is there. A stranger who
/// makes up a key cannot pass, because a session token opens only if this server sealed it.
pub fn require_known_key(portico: &Portico, signed: &Signed<'_>) -> Result<(), Fault> {
    let Some(token) = signed.session_token() else {
        let is_known = |key: &crate::StaticKey| key.access_key_id == signed.key_id();
        return if portico.static_keys.iter().any(is_known) {
            Ok(())
        } else {
            Err(Fault::UnknownKey)
        };
    };
    let known = authority::find(portico, token);
    let known = known.filter(|known| known.access_key_id == signed.key_id());
    let expires_at_ms = if let Some(known) = known {
        known.expires_at_ms
    } else {
        let opened = session_token::read(&portico.keys, signed.key_id(), token);
        opened.ok_or(Fault::UnknownKey)?.session.expires_at_ms
    };
    if expires_at_ms <= portico.clock.now_ms() { Err(Fault::ExpiredKey) } else { Ok(()) }
}
