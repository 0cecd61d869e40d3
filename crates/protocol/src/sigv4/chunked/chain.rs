//! The chain of chunk signatures: each covers the previous one, the first covers that of the request.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::sigv4::hex::hex;
use crate::sigv4::signing_key::SigningKey;

/// SHA-256 of the empty text. AWS: it stands for headers of the chunk, which do not exist.
const HASH_OF_NOTHING: &[u8; 64] =
    b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The last signature, with the key of the next one.
#[derive(Debug)]
pub struct Chain {
    key: SigningKey,
    date_and_scope: String,
    last: [u8; 32],
}

impl Chain {
    pub(in crate::sigv4) fn new(key: SigningKey, date_and_scope: String, seed: [u8; 32]) -> Self {
        Self { key, date_and_scope, last: seed }
    }

    /// Signs a chunk with this hash and advances to it.
    pub(super) fn sign_chunk(&mut self, data: Sha256) -> [u8; 32] {
        let data: [u8; 64] = hex(&data.finalize().into());
        self.sign(b"AWS4-HMAC-SHA256-PAYLOAD\n", &[HASH_OF_NOTHING, b"\n", &data])
    }

    /// Signs the trailing headers, each in the form `name:value\n`.
    pub(super) fn sign_trailer(&mut self, headers: &str) -> [u8; 32] {
        let headers: [u8; 64] = hex(&Sha256::digest(headers.as_bytes()).into());
        self.sign(b"AWS4-HMAC-SHA256-TRAILER\n", &[&headers])
    }

    fn sign(&mut self, algorithm: &[u8], what: &[&[u8]]) -> [u8; 32] {
        let last: [u8; 64] = hex(&self.last);
        let head: [&[u8]; 4] = [algorithm, self.date_and_scope.as_bytes(), &last, b"\n"];
        self.last = self.key.sign(head.iter().chain(what));
        self.last
    }
}

/// Compares two signatures in constant time.
pub(super) fn is_same(ours: &[u8; 32], theirs: &[u8; 32]) -> bool {
    ours.ct_eq(theirs).into()
}
