//! Session tokens: a role session, sealed and held by the client.
//!
//! Layout: version, key number and nonce, then XChaCha20-Poly1305 over the claims. The access key
//! id is the associated data, so a token opens only with its own key id. A token has at most 4,096
//! characters.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use model::{Fault, Random};
use policy::{Grounds, RolePerson, RoleSession};
use serde::{Deserialize, Serialize};

use crate::key_ring::{Keys, expand, open, seal};

/// Version of the token layout.
const VERSION: u8 = 1;

/// Maximum number of characters of a token. A longer text is refused unread.
// AWS: «up to 4,096 bytes» in the STS documentation; clients reserve this much.
const TOKEN_CHARS_MAX: usize = 4096;

/// Claims under short names, because every request carries them.
#[derive(Debug, Deserialize, Serialize)]
struct Claims {
    a: String,
    r: String,
    i: String,
    s: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<PersonClaims>,
    t: i64,
    e: i64,
}

#[derive(Debug, Deserialize, Serialize)]
struct PersonClaims {
    d: String,
    u: String,
    n: String,
    p: String,
    s: String,
    /// Marks and grants. Tokens of earlier versions have neither: they are good where nothing was ever
    /// revoked, while a grant of an earlier version is left, and those have the number 0.
    #[serde(default)]
    m: i64,
    #[serde(default = "grants_of_earlier_versions")]
    g: Vec<i64>,
}

fn grants_of_earlier_versions() -> Vec<i64> {
    vec![0]
}

/// Content of a valid token, with the secret access key that belongs to it.
#[derive(Debug)]
pub struct Opened {
    pub session: RoleSession,
    pub secret: String,
}

/// Makes the token of a session, and the secret access key that belongs to it.
pub fn make(
    keys: &Keys,
    random: &dyn Random,
    session: &RoleSession,
) -> Result<(String, String), Fault> {
    let (number, key) = keys.newest_credentials(session.issued_at_ms)?;
    let person = session.person.as_ref().map(|person| PersonClaims {
        d: person.identity_store_id.to_string(),
        u: person.user_id.to_string(),
        n: person.instance_id.to_string(),
        p: person.permission_set_id.to_string(),
        s: person.session_id.to_string(),
        m: person.grounds.marks,
        g: person.grounds.grants.iter().copied().take(Grounds::GRANTS_MAX).collect(),
    });
    let claims = Claims {
        a: session.account_id.to_string(),
        r: session.role_name.clone(),
        i: session.role_id.clone(),
        s: session.session_name.clone(),
        p: person,
        t: session.issued_at_ms,
        e: session.expires_at_ms,
    };
    let plain = serde_json::to_vec(&claims)
        .map_err(|why| Fault::broken_at("writing the claims of a session token", why))?;
    let key_number = u32::try_from(number)
        .map_err(|why| Fault::broken_at("numbering the key of a session token", why))?;
    let sealed = seal(&key, random, session.access_key_id.as_bytes(), &plain)?;
    let secret = secret(&key, &session.access_key_id, &sealed);
    let mut token = vec![VERSION];
    token.extend(key_number.to_be_bytes());
    token.extend(sealed);
    Ok((STANDARD_NO_PAD.encode(token), secret))
}

/// Opens a token that this server made for the key id. The token may be expired or withdrawn.
#[must_use]
pub fn read(keys: &Keys, access_key_id: &str, token: &str) -> Option<Opened> {
    if token.len() > TOKEN_CHARS_MAX {
        return None;
    }
    let token = STANDARD_NO_PAD.decode(token).ok()?;
    let (&[VERSION, a, b, c, d], sealed) = token.split_first_chunk::<5>()? else { return None };
    let key = keys.credentials(i64::from(u32::from_be_bytes([a, b, c, d])))?;
    let plain = open(&key, access_key_id.as_bytes(), sealed)?;
    let session = session(access_key_id, serde_json::from_slice(&plain).ok()?)?;
    Some(Opened { session, secret: secret(&key, access_key_id, sealed) })
}

fn session(access_key_id: &str, claims: Claims) -> Option<RoleSession> {
    let person = match claims.p {
        None => None,
        Some(person) => Some(RolePerson {
            identity_store_id: person.d.parse().ok()?,
            user_id: person.u.parse().ok()?,
            instance_id: person.n.parse().ok()?,
            permission_set_id: person.p.parse().ok()?,
            session_id: person.s.parse().ok()?,
            grounds: Grounds { marks: person.m, grants: person.g },
        }),
    };
    Some(RoleSession {
        account_id: claims.a.parse().ok()?,
        access_key_id: access_key_id.to_owned(),
        role_name: claims.r,
        role_id: claims.i,
        session_name: claims.s,
        person,
        issued_at_ms: claims.t,
        expires_at_ms: claims.e,
    })
}

/// Derives the secret access key from the master key, the key id and the nonce. AWS: it has 40
/// characters; 30 bytes encode to them.
fn secret(key: &[u8; 32], access_key_id: &str, sealed: &[u8]) -> String {
    let nonce = sealed.get(..24).unwrap_or(sealed);
    let info =
        [b"portico secret access key ".as_slice(), access_key_id.as_bytes(), b" ", nonce].concat();
    let derived = expand(key, &info);
    STANDARD_NO_PAD.encode(derived.first_chunk::<30>().unwrap_or(&[0; 30]))
}
