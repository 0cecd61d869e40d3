//! The keys that Portico seals, signs and binds with.
//!
//! The database holds them sealed under the server's key file, so that a copy of the database alone
//! opens nothing, and every node of one database has the same.
//! INVARIANT: each purpose has a key of its own; what was sealed for one opens for no other.

use std::fmt;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use model::senses::random_bytes;
use model::{AuditEvent, Fault, Random};
use policy::{NoFacts, Permit};
use sha2::Sha256;
use store::Db;
use store::master_key::{self, SealedKey};
use zeroize::Zeroizing;

use crate::{Portico, RequestInfo};

/// A credentials key is replaced after this time. The one before still opens.
pub const ROTATE_AFTER_MS: i64 = 90 * 24 * 60 * 60 * 1000;

/// A new credentials key makes nothing for this time: by then every node has looked and knows it.
pub const SETTLE_MS: i64 = 5 * 60 * 1000;

/// Credentials keys that live at a time. Nothing that was made with an older one is good any more.
const LIVE_MAX: usize = 2;

const NONCE_BYTES: usize = 24;

/// A key that may be used by many threads and is forgotten with care.
type Secret = Zeroizing<[u8; 32]>;

/// Every key of the server.
pub struct Keys {
    /// The key file's, for the keys that other nodes make later.
    root: Secret,
    /// For role credentials, newest first.
    credentials: RwLock<Vec<MasterKey>>,
    /// From which the keys of the other purposes are derived.
    seals: Secret,
    audit: SigningKey,
}

/// A key of the database, opened.
#[derive(Clone)]
struct MasterKey {
    number: i64,
    made_at_ms: i64,
    key: Secret,
}

impl Keys {
    /// Opens the keys of the database under the key file's `root`, and makes what is missing.
    pub fn load(db: &Db, root: &[u8; 32], random: &dyn Random, now_ms: i64) -> Result<Self, Fault> {
        let loader = Loader { db, root, random, now_ms };
        let credentials = loader.load("credentials")?;
        let first = |purpose| {
            let newest = loader.load(purpose)?.into_iter().next();
            newest.map(|newest| newest.key).ok_or_else(|| Fault::broken("no key"))
        };
        Ok(Self {
            root: Zeroizing::new(*root),
            credentials: RwLock::new(live(credentials)),
            seals: first("seals")?,
            audit: SigningKey::from_bytes(&*first("audit")?),
        })
    }

    /// Replaces the key for role credentials when it is old enough, and learns of the keys that other
    /// nodes made. Servers do so every minute; commands beside a server do not, or they would make
    /// keys that it does not know.
    pub fn keep_fresh(&self, db: &Db, random: &dyn Random, now_ms: i64) -> Result<(), Fault> {
        let loader = Loader { db, root: &self.root, random, now_ms };
        let mut known = loader.load("credentials")?;
        let newest = known.first().map(|newest| (newest.number, newest.made_at_ms));
        if let Some((number, made_at_ms)) = newest
            && now_ms - made_at_ms > ROTATE_AFTER_MS
        {
            known = loader.make("credentials", number + 1)?;
        }
        *self.credentials.write().unwrap_or_else(PoisonError::into_inner) = live(known);
        Ok(())
    }

    /// The key that signs audit digests.
    #[must_use]
    pub fn audit(&self) -> &SigningKey {
        &self.audit
    }

    /// The key that makes role credentials at this time, with its number.
    pub(super) fn newest_credentials(&self, now_ms: i64) -> Result<(i64, Secret), Fault> {
        let live = self.live_credentials();
        let settled = live.iter().find(|key| key.made_at_ms + SETTLE_MS <= now_ms);
        let key = settled.or(live.last()).ok_or_else(|| Fault::broken("no key for credentials"))?;
        Ok((key.number, key.key.clone()))
    }

    /// The key for role credentials of this number, while it lives.
    pub(super) fn credentials(&self, number: i64) -> Option<Secret> {
        self.live_credentials().iter().find(|key| key.number == number).map(|key| key.key.clone())
    }

    fn live_credentials(&self) -> RwLockReadGuard<'_, Vec<MasterKey>> {
        self.credentials.read().unwrap_or_else(PoisonError::into_inner)
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
    /// The keys of a purpose, newest first; the first one is made if there is none.
    fn load(&self, purpose: &'static str) -> Result<Vec<MasterKey>, Fault> {
        let known = self.list(purpose)?;
        if known.is_empty() { self.make(purpose, 1) } else { self.open_all(purpose, &known) }
    }

    /// The keys of a purpose with this one among them, whoever makes it.
    fn make(&self, purpose: &'static str, number: i64) -> Result<Vec<MasterKey>, Fault> {
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
        self.open_all(purpose, &self.list(purpose)?)
    }

    fn list(&self, purpose: &'static str) -> Result<Vec<SealedKey>, Fault> {
        master_key::list(&mut self.db.read(&authorize()?)?, purpose)
    }

    fn open_all(&self, purpose: &str, known: &[SealedKey]) -> Result<Vec<MasterKey>, Fault> {
        let open_one = |key: &SealedKey| {
            let plain = open(self.root, &context(purpose, key.number), &key.sealed);
            let bytes = plain.and_then(|plain| <[u8; 32]>::try_from(plain.as_slice()).ok());
            let (number, made_at_ms) = (key.number, key.created_at_ms);
            let master_key = |bytes| MasterKey { number, made_at_ms, key: Zeroizing::new(bytes) };
            bytes.map(master_key).ok_or_else(|| {
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

fn authorize() -> Result<Permit, Fault> {
    policy::authorize(&Portico::itself(), "portico:MakeKey", "*", &NoFacts)
}

/// Those that still open what was made with them.
fn live(mut keys: Vec<MasterKey>) -> Vec<MasterKey> {
    keys.truncate(LIVE_MAX);
    keys
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
