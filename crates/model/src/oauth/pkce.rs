//! Proof keys of authorization codes: RFC 7636 (PKCE).

use std::fmt;
use std::str::FromStr;

use crate::text_type::text_type;

text_type! {
    /// The SHA-256 of a code verifier that only the client knows.
    // RFC 7636 §4.2: BASE64URL(SHA256(…)), 43 characters.
    CodeChallenge, |text| {
        let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if text.len() == 43 && text.bytes().all(url_safe) {
            Ok(())
        } else {
            Err("be the SHA-256 of a code verifier in base64url, 43 characters")
        }
    }
}

/// The secret by which a client proves that it asked for a code.
// RFC 7636 §4.1: 43 to 128 unreserved characters.
#[derive(Clone, Eq, PartialEq)]
pub struct CodeVerifier(String);

impl CodeVerifier {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CodeVerifier {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        ((43..=128).contains(&text.len()) && text.bytes().all(unreserved))
            .then(|| Self(text.to_owned()))
            .ok_or("be 43 to 128 letters, digits and -._~")
    }
}

impl fmt::Debug for CodeVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeVerifier(…)")
    }
}
