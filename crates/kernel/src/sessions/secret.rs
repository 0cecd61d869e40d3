//! Bearer secrets of people and programs: cookies, tokens, codes.
//!
//! INVARIANT: a secret has at least 192 random bits and cannot be guessed, so one SHA-256 suffices to
//! store it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::random::random_bytes;
use model::session::Session;
use model::token::TokenHash;
use model::{Fault, Random};
use policy::NamedPerson;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Portico;
use crate::key_ring::Keys;

/// Purpose of the seal on secrets of sessions.
const SESSION_PURPOSE: &str = "secret of a session";

/// Plain secret before it is sent. `Debug` does not show it.
pub struct Secret(String);

impl Secret {
    /// Makes a random secret.
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random_bytes::<32>(random)))
    }

    /// Makes the secret of a session. The server can read in it whose it was after the rows of the
    /// session are gone. The nonce of the seal is 192 random bits.
    pub fn of_session(portico: &Portico, session: &Session) -> Result<Self, Fault> {
        let claims = Claims {
            d: session.identity_store_id.to_string(),
            u: session.user_id.to_string(),
            s: session.id.to_string(),
            x: Some(session.expires_at_ms),
        };
        let plain = serde_json::to_vec(&claims)
            .map_err(|why| Fault::broken_at("writing the claims of a session", why))?;
        portico.keys.seal(SESSION_PURPOSE, &*portico.random, b"", &plain).map(Self)
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

/// Content of the secret of a session. It names the session and grants nothing: the row does.
#[derive(Deserialize, Serialize)]
struct Claims {
    d: String,
    u: String,
    s: String,
    /// Time at which the session expires. Secrets of earlier versions have none.
    x: Option<i64>,
}

/// Tells whether this server made a secret for a session that has not expired, without a look at the database.
///
/// This is not authentication: the session may have ended before its time. A stranger who makes up a secret
/// cannot pass, because it opens only if this server sealed it.
#[must_use]
pub fn is_of_unexpired_session(portico: &Portico, secret: &str) -> bool {
    let expires_at_ms = claims(&portico.keys, secret).and_then(|claims| claims.x);
    expires_at_ms.is_some_and(|expires_at_ms| portico.clock.now_ms() < expires_at_ms)
}

/// Returns whose session a secret was made for, if this server made it.
#[must_use]
pub(super) fn person_of(keys: &Keys, secret: &str) -> Option<NamedPerson> {
    let claims = claims(keys, secret)?;
    Some(NamedPerson {
        identity_store_id: claims.d.parse().ok()?,
        user_id: claims.u.parse().ok()?,
        session_id: Some(claims.s.parse().ok()?),
    })
}

fn claims(keys: &Keys, secret: &str) -> Option<Claims> {
    serde_json::from_slice(&keys.open(SESSION_PURPOSE, b"", secret)?).ok()
}

/// Hashes a presented secret for the lookup.
#[must_use]
pub fn hash_secret(text: &str) -> TokenHash {
    Sha256::digest(text.as_bytes()).into()
}
