//! The answer of an authenticator, which strangers send.

#![no_main]

use libfuzzer_sys::fuzz_target;
use webauthn::{Claim, Registrant, RelyingParty, UserHandle};

fuzz_target!(|answer: &str| {
    let Some(server) = RelyingParty::of("https://sso.example.com") else { return };
    let user_handle = UserHandle::new([9; 16]);
    let registrant = Registrant { user_handle, user_name: "alice", display_name: "Alice" };
    let Ok(begun) = server.begin_registration([5; 32], &registrant, &[]) else { return };
    // The challenge is random, so no answer is right.
    assert!(server.finish_registration(&begun.state, answer).is_err());
    if let Ok(claim) = Claim::of(answer) {
        assert!(!claim.credential_id.is_empty() || answer.contains("rawId"));
    }
});
