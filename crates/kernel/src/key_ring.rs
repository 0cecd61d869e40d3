//! Key ring: the keys for sealing, signing and derivation.
//!
//! The database stores the keys sealed under the server's key file. A copy of the database without
//! the key file opens nothing, and all nodes of one database share the keys.
//! INVARIANT: each purpose has its own key; data sealed for one purpose does not open for another.

use std::fmt;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use hmac::Mac;
use model::random::random_bytes;
use model::{AuditEvent, Fault, Random};
use policy::{NoFacts, Permit};
use protocol::mac::keyed;
use sha2::Sha256;
use store::master_key::{self, SealedKey};
use store::{Db, RowMac};
use zeroize::Zeroizing;

use crate::{RequestInfo, callers};

/// Age after which a credentials key is replaced. The previous key still opens tokens.
pub const ROTATE_AFTER_MS: i64 = 90 * 24 * 60 * 60 * 1000;

/// Age before which a credentials key makes no tokens, so that every node has loaded it before it
/// is used.
pub const SETTLE_MS: i64 = 5 * 60 * 1000;

/// Number of credentials keys that open tokens. All tokens of older keys have expired.
const LIVE_MAX: usize = 2;

const NONCE_BYTES: usize = 24;

/// Shared key that is overwritten with zeros when it is dropped.
type Secret = Zeroizing<[u8; 32]>;

/// All keys of the server.
pub struct Keys {
    /// Key of the key file. It opens the keys that other nodes add later.
    root: Secret,
    /// Keys of role credentials, newest first.
    credentials: RwLock<Vec<MasterKey>>,
    /// Key from which the keys of the other purposes are derived.
    seals: Secret,
    audit: SigningKey,
}

/// Opened key of the database.
#[derive(Clone)]
struct MasterKey {
    number: i64,
    made_at_ms: i64,
    key: Secret,
}

impl Keys {
    /// Opens the keys of the database with the key file's `root`, and makes missing ones.
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

    /// Replaces the key for role credentials when it is old enough, and loads keys that other nodes
    /// made. Servers call this every minute. Commands beside a server do not call it, because the
    /// server would not know the keys that they make.
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

    /// Returns the key that signs audit digests.
    #[must_use]
    pub fn audit(&self) -> &SigningKey {
        &self.audit
    }

    /// Returns the key that makes role credentials at this time, with its number.
    pub(crate) fn newest_credentials(&self, now_ms: i64) -> Result<(i64, Secret), Fault> {
        let live = self.live_credentials();
        let settled = live.iter().find(|key| key.made_at_ms + SETTLE_MS <= now_ms);
        let key = settled.or(live.last()).ok_or_else(|| Fault::broken("no key for credentials"))?;
        Ok((key.number, key.key.clone()))
    }

    /// Returns the key for role credentials with this number, unless it was replaced too long ago.
    pub(crate) fn credentials(&self, number: i64) -> Option<Secret> {
        self.live_credentials().iter().find(|key| key.number == number).map(|key| key.key.clone())
    }

    fn live_credentials(&self) -> RwLockReadGuard<'_, Vec<MasterKey>> {
        self.credentials.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Derives a key for a purpose, such as paging tokens or form tokens.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        expand(&self.seals, purpose.as_bytes())
    }

    /// Seals bytes for `purpose`, bound to `context`, as text for URLs, forms and headers.
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

    /// Seals bytes as [`Keys::seal`] does, the same bytes to the same text on every node.
    ///
    /// The nonce is a MAC of the bytes under a key of its own, so no two contents share one.
    pub fn seal_alike(&self, purpose: &str, plain: &[u8]) -> Result<String, Fault> {
        let mac = expand(&self.derive(&format!("nonce of {purpose}")), plain);
        let nonce =
            mac.first_chunk().ok_or_else(|| Fault::broken("a MAC is shorter than a nonce"))?;
        let sealed = seal_with(&self.derive(purpose), nonce, b"", plain)?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens text that [`Keys::seal`] made for the same purpose and context.
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
    /// Loads the keys of a purpose, newest first, and makes the first one if the database has none.
    fn load(&self, purpose: &'static str) -> Result<Vec<MasterKey>, Fault> {
        let known = self.list(purpose)?;
        if known.is_empty() { self.make(purpose, 1) } else { self.open_all(purpose, &known) }
    }

    /// Makes the key with this number unless another node already has, and loads all keys of the
    /// purpose.
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
            drop(tx); // Another node inserted the key first; it is used instead.
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
    policy::authorize(&callers::itself(), "portico:MakeKey", "*", &NoFacts)
}

/// Keeps the keys that still open tokens.
fn live(mut keys: Vec<MasterKey>) -> Vec<MasterKey> {
    keys.truncate(LIVE_MAX);
    keys
}

fn context(purpose: &str, number: i64) -> Vec<u8> {
    format!("portico master key {purpose} {number}").into_bytes()
}

/// XChaCha20-Poly1305. The output is nonce, ciphertext and tag.
pub(crate) fn seal(
    key: &[u8; 32],
    random: &dyn Random,
    context: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, Fault> {
    let nonce: [u8; NONCE_BYTES] = random_bytes(random);
    seal_with(key, &nonce, context, plain)
}

pub(crate) fn seal_with(
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

pub(crate) fn open(key: &[u8; 32], context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
    let cipher = XChaCha20Poly1305::new(&(*key).into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: context }).ok()
}

/// Returns the MAC of audit events.
pub(crate) fn event_mac(root: &[u8; 32]) -> Box<RowMac> {
    mac(root, b"portico audit event mac")
}

/// Returns the MAC of the file that holds a head of the audit log.
pub(crate) fn head_mac(root: &[u8; 32]) -> Box<RowMac> {
    mac(root, b"portico audit head mac")
}

/// Returns HMAC-SHA-256 under a key that comes from the key file alone: who writes to the database
/// cannot exchange it.
fn mac(root: &[u8; 32], purpose: &[u8]) -> Box<RowMac> {
    let started = keyed(&expand(root, purpose));
    Box::new(move |bytes| started.clone().chain_update(bytes).finalize().into_bytes().into())
}

/// RFC 5869: derives a key for one use from a key for many.
pub(crate) fn expand(key: &[u8; 32], info: &[u8]) -> [u8; 32] {
    let mut derived = [0; 32];
    // Expanding fails only for more than 255 hash lengths (RFC 5869 §2.3), and this output is one.
    Hkdf::<Sha256>::new(None, key).expand(info, &mut derived).ok();
    derived
}
