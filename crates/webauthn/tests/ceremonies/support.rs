//! A server, a person and their security key.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use testing::security_key::SecurityKey;
use webauthn::{Begun, Challenge, Credential, Registrant, RelyingParty, UserHandle};

pub const ORIGIN: &str = "https://sso.example.com";
pub const HANDLE: [u8; 16] = [9; 16];

/// A challenge that no other ceremony of the tests has.
pub fn challenge() -> Challenge {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let mut challenge = [7; 32];
    challenge[..8].copy_from_slice(&COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    challenge
}

pub fn begin_assertion(credentials: &[Credential]) -> Begun {
    server().begin_assertion(challenge(), credentials).unwrap()
}

pub fn begin_passkey() -> Begun {
    server().begin_passkey(challenge()).unwrap()
}

pub fn server() -> RelyingParty {
    RelyingParty::of(ORIGIN).unwrap()
}

pub fn begin_registration(registered: &[Credential]) -> Begun {
    let user_handle = UserHandle::new(HANDLE);
    let registrant = Registrant { user_handle, user_name: "alice", display_name: "Alice Example" };
    server().begin_registration(challenge(), &registrant, registered).unwrap()
}

/// Registers a key of a person with the handle [`HANDLE`].
pub fn register(key: &mut SecurityKey) -> Credential {
    let begun = begin_registration(&[]);
    let answer = key.register(&begun.options);
    server().finish_registration(&begun.state, &answer).unwrap()
}

/// A registered key, and what the server knows of it.
pub fn registered() -> (SecurityKey, Credential) {
    let mut key = SecurityKey::new(ORIGIN);
    let credential = register(&mut key);
    (key, credential)
}

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
