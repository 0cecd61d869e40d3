//! Secrets that people and programs carry: cookies, tokens, codes.
//!
//! INVARIANT: 256 random bits cannot be guessed, so one SHA-256 is enough to keep them by.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Random;
use model::senses::random_bytes;
use model::session::TokenHash;
use sha2::{Digest, Sha256};

/// A secret on its way out. It is shown in no log.
pub struct Secret(String);

impl Secret {
    /// A fresh one.
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random_bytes::<32>(random)))
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        hash_secret(&self.0)
    }

    /// The secret itself, for whoever is to carry it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// By what a secret that somebody shows is found.
#[must_use]
pub fn hash_secret(text: &str) -> TokenHash {
    Sha256::digest(text.as_bytes()).into()
}
