//! Bearer secrets of people and programs: cookies, tokens, codes.
//!
//! INVARIANT: a secret has 256 random bits and cannot be guessed, so one SHA-256 suffices to store
//! it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Random;
use model::random::random_bytes;
use model::token::TokenHash;
use sha2::{Digest, Sha256};

/// Plain secret before it is sent. `Debug` does not show it.
pub struct Secret(String);

impl Secret {
    /// Makes a random secret.
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random_bytes::<32>(random)))
    }

    /// Returns the hash to store.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        hash_secret(&self.0)
    }

    /// Returns the plain secret, to be sent to its holder.
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

/// Hashes a presented secret for the lookup.
#[must_use]
pub fn hash_secret(text: &str) -> TokenHash {
    Sha256::digest(text.as_bytes()).into()
}
