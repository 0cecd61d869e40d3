//! Seal on password hashes, so that a copy of the database without the key file allows no guessing.
//!
//! A sealed hash is one byte for the format, then nonce, ciphertext and tag of XChaCha20-Poly1305. The owner is the
//! associated data, so the hash of one user does not open in the row of another.

use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::password::{PasswordHash, StoredHash};

use crate::Portico;
use crate::key_ring::{open, seal};

/// Purpose of the key. Another key, or another cipher, is another format.
const PURPOSE: &str = "password hash";
const FORMAT: u8 = 1;

/// User whose password it is.
pub type Owner<'a> = (&'a IdentityStoreId, &'a UserId);

/// Seals the hash of a password for the row of its owner.
pub fn seal_hash(
    portico: &Portico,
    owner: Owner<'_>,
    hash: &PasswordHash,
) -> Result<StoredHash, Fault> {
    let key = portico.keys.derive(PURPOSE);
    let sealed = seal(&key, &*portico.random, &context(owner), &hash.hash)?;
    let hash_bytes = [&[FORMAT], sealed.as_slice()].concat();
    Ok(StoredHash { cost: hash.cost, salt: hash.salt, hash: hash_bytes })
}

/// Opens the hash of a password. A hash that an earlier version stored is open already.
///
/// `None` means that the row was changed by others, or has the hash of another user: then no password is right.
#[must_use]
pub fn open_hash(portico: &Portico, owner: Owner<'_>, stored: &StoredHash) -> Option<PasswordHash> {
    if let Some(unsealed) = stored.unsealed() {
        return Some(unsealed);
    }
    let opened = stored.hash.strip_prefix(&[FORMAT]).and_then(|sealed| {
        open(&portico.keys.derive(PURPOSE), &context(owner), sealed)?.try_into().ok()
    });
    if opened.is_none() {
        let (store_id, user_id) = owner;
        tracing::error!(%store_id, %user_id, "a password hash does not open; reset the password");
    }
    opened.map(|hash| PasswordHash { cost: stored.cost, salt: stored.salt, hash })
}

fn context((store_id, user_id): Owner<'_>) -> Vec<u8> {
    format!("{store_id}/{user_id}").into_bytes()
}
