//! The token of a form, so that no other site can send it.
//!
//! The token is an HMAC of the form's address and of a secret that only this browser holds: the cookie
//! of the session, or a random cookie before sign-in. The server stores nothing for it. The token
//! reveals nothing, and is valid only for one address and one session.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Name of the hidden field.
pub(crate) const FIELD: &str = "form_token";

/// Makes the token of the form that the holder of `secret` sends to `path`.
pub(crate) fn make(key: &[u8; 32], secret: &str, path: &str) -> String {
    URL_SAFE_NO_PAD.encode(code(key, secret, path))
}

/// Tells whether `token` is the token of this form.
pub(crate) fn is_good(key: &[u8; 32], secret: &str, path: &str, token: &str) -> bool {
    let ours = make(key, secret, path);
    // Every browser without a cookie has an empty secret.
    !secret.is_empty() && bool::from(ours.as_bytes().ct_eq(token.as_bytes()))
}

fn code(key: &[u8; 32], secret: &str, path: &str) -> [u8; 32] {
    // RFC 2104 §2: zeroes fill a short key up to the block.
    let mut block = [0_u8; 64];
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sha256>::new((&block).into());
    mac.update(b"portico form token 1\0");
    // INVARIANT: the length comes first, so the end of a secret cannot pass for the start of a path.
    mac.update(&(secret.len() as u64).to_be_bytes());
    mac.update(secret.as_bytes());
    mac.update(path.as_bytes());
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [3; 32];

    #[test]
    fn a_token_is_good_for_its_own_form_browser_and_key_only() {
        let token = make(&KEY, "session", "/sign-out");
        assert!(is_good(&KEY, "session", "/sign-out", &token));
        assert!(!is_good(&KEY, "session", "/device", &token));
        assert!(!is_good(&KEY, "another", "/sign-out", &token));
        assert!(!is_good(&KEY, "sessio", "n/sign-out", &token));
        assert!(!is_good(&[4; 32], "session", "/sign-out", &token));
        assert!(!is_good(&KEY, "session", "/sign-out", ""));
    }

    #[test]
    fn nobody_without_a_cookie_has_a_token() {
        assert!(!is_good(&KEY, "", "/sign-out", &make(&KEY, "", "/sign-out")));
    }
}
