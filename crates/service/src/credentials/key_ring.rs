//! The keys that Portico seals, signs and binds with.
//!
//! The database holds them sealed under the server's key file, so that a copy of the database alone
//! opens nothing, and every node of one database has the same.
//! INVARIANT: each purpose has a key of its own; what was sealed for one opens for no other.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use model::senses::random_bytes;
use model::{AuditEvent, Fault, Random};
use sha2::Sha256;
use store::Db;
use store::master_key::{self, SealedKey};
use zeroize::Zeroizing;

use crate::{Portico, RequestInfo};

/// A credentials key is replaced at the first start after this time. The one before still opens.
const ROTATE_AFTER_MS: i64 = 90 * 24 * 60 * 60 * 1000;

const NONCE_BYTES: usize = 24;

/// A key that may be used by many threads and is forgotten with care.
type Secret = Zeroizing<[u8; 32]>;

/// Every key of the server.
pub struct Keys {
    /// For role credentials, newest first. At most two are live.
    credentials: Vec<(i64, Secret)>,
    /// From which the keys of the other purposes are derived.
    seals: Secret,
    audit: SigningKey,
}

impl Keys {
    /// Opens the keys of the database under the key file's `root`, and makes what is missing.
    pub fn load(db: &Db, root: &[u8; 32], random: &dyn Random, now_ms: i64) -> Result<Self, Fault> {
        let loader = Loader { db, root, random, now_ms };
        let credentials = loader.load("credentials", Some(ROTATE_AFTER_MS))?;
        let seals = loader.load("seals", None)?;
        let audit = loader.load("audit", None)?;
        let first = |keys: Vec<(i64, Secret)>| {
            keys.into_iter().next().map(|(_, key)| key).ok_or_else(|| Fault::broken("no key"))
        };
        Ok(Self {
            credentials: credentials.into_iter().take(2).collect(),
            seals: first(seals)?,
            audit: SigningKey::from_bytes(&*first(audit)?),
        })
    }

    /// The key that signs audit digests.
    #[must_use]
    pub fn audit(&self) -> &SigningKey {
        &self.audit
    }

    /// The newest key for role credentials, with its number.
    pub(super) fn newest_credentials(&self) -> Result<(i64, &[u8; 32]), Fault> {
        let newest = self.credentials.first().map(|(number, key)| (*number, &**key));
        newest.ok_or_else(|| Fault::broken("no key for credentials"))
    }

    /// The key for role credentials of this number, while it lives.
    pub(super) fn credentials(&self, number: i64) -> Option<&[u8; 32]> {
        self.credentials.iter().find(|(known, _)| *known == number).map(|(_, key)| &**key)
    }

    /// A key for `purpose`, for whoever needs one of its own: paging tokens, form tokens.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        expand(&self.seals, purpose.as_bytes())
    }

    /// Seals bytes for `purpose` and binds them to `context`, as text for URLs, forms and headers.
    pub fn seal(
        &self,
        purpose: &str,
        random: &dyn Random,
        context: &[u8],
        plain: &[u8],
    ) -> Result<String, Fault> {
        let sealed = seal(&self.derive(purpose), random, context, plain)?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens what [`Keys::seal`] made for the same purpose and context.
    #[must_use]
    pub fn open(&self, purpose: &str, context: &[u8], sealed: &str) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        open(&self.derive(purpose), context, &sealed)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

struct Loader<'a> {
    db: &'a Db,
    root: &'a [u8; 32],
    random: &'a dyn Random,
    now_ms: i64,
}

impl Loader<'_> {
    /// The keys of a purpose, newest first; a new one is made if there is none or it is too old.
    fn load(
        &self,
        purpose: &'static str,
        rotate_after_ms: Option<i64>,
    ) -> Result<Vec<(i64, Secret)>, Fault> {
        let caller = Portico::itself();
        let authorize = || policy::authorize(&caller, "portico:MakeKey", "*", &policy::NoFacts);
        let known = master_key::list(&mut self.db.read(&authorize()?)?, purpose)?;
        let newest = known.first().map(|key| (key.number, key.created_at_ms));
        let too_old = |made_ms: i64| rotate_after_ms.is_some_and(|ms| self.now_ms - made_ms > ms);
        let number = match newest {
            Some((_, made_ms)) if !too_old(made_ms) => return self.open_all(purpose, &known),
            Some((number, _)) => number + 1,
            None => 1,
        };
        let key = Zeroizing::new(random_bytes::<32>(self.random));
        let context = context(purpose, number);
        let sealed = seal(self.root, self.random, &context, &*key)?;
        let stamp = RequestInfo::own(self.random).stamp(self.now_ms, self.random);
        let mut tx = self.db.begin(authorize()?, stamp)?;
        let made = SealedKey { number, sealed, created_at_ms: self.now_ms };
        if master_key::insert(&mut tx, purpose, &made)? {
            tx.commit(&AuditEvent::new().asked("purpose", purpose).answered("number", number))?;
        } else {
            drop(tx); // Another node was faster; its key is as good.
        }
        let known = master_key::list(&mut self.db.read(&authorize()?)?, purpose)?;
        self.open_all(purpose, &known)
    }

    fn open_all(&self, purpose: &str, known: &[SealedKey]) -> Result<Vec<(i64, Secret)>, Fault> {
        let open_one = |key: &SealedKey| {
            let plain = open(self.root, &context(purpose, key.number), &key.sealed);
            let bytes = plain.and_then(|plain| <[u8; 32]>::try_from(plain.as_slice()).ok());
            bytes.map(|bytes| (key.number, Zeroizing::new(bytes))).ok_or_else(|| {
                Fault::Broken(
                    "the key file does not open the keys in the database: \
                     use the key file that this database was made with"
                        .to_owned(),
                )
            })
        };
        known.iter().map(open_one).collect()
    }
}

fn context(purpose: &str, number: i64) -> Vec<u8> {
    format!("portico master key {purpose} {number}").into_bytes()
}

/// XChaCha20-Poly1305: nonce, then ciphertext and tag.
pub(super) fn seal(
    key: &[u8; 32],
    random: &dyn Random,
    context: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, Fault> {
    let nonce: [u8; NONCE_BYTES] = random_bytes(random);
    seal_with(key, &nonce, context, plain)
}

pub(super) fn seal_with(
    key: &[u8; 32],
    nonce: &[u8; NONCE_BYTES],
    context: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, Fault> {
    let cipher = XChaCha20Poly1305::new(&(*key).into());
    let payload = Payload { msg: plain, aad: context };
    let sealed = cipher.encrypt(&XNonce::from(*nonce), payload);
    let sealed = sealed.map_err(|_| Fault::broken("sealing failed"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

pub(super) fn open(key: &[u8; 32], context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
    let cipher = XChaCha20Poly1305::new(&(*key).into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: context }).ok()
}

/// RFC 5869: a key for one use, from a key for many.
pub(super) fn expand(key: &[u8; 32], info: &[u8]) -> [u8; 32] {
    let mut derived = [0; 32];
    // The only error is a length of more than 255 hashes (RFC 5869 §2.3), and this is one.
    Hkdf::<Sha256>::new(None, key).expand(info, &mut derived).ok();
    derived
}
