//! AWS Signature Version 4: who signed a request, and whether the signature holds.
//!
//! IAM User Guide, "AWS Signature Version 4 for API requests"; Amazon S3 API Reference,
//! "Authenticating Requests (AWS Signature Version 4)". Pure: whose a key id is, and what time it
//! is, are for the caller to say. The way of one request:
//!
//! 1. [`Signed::find`] takes the signature from the `Authorization` header or the query string;
//! 2. the caller finds the secret for [`Signed::key_id`] and [`Signed::session_token`], and makes
//!    a [`SigningKey`] of it;
//! 3. [`Signed::verify`] accepts a request with its whole body, or, where bodies stream,
//!    [`Signed::verify_head`] accepts all but the body and gives the [`SignedBody`] that it has to
//!    pass through.

mod body;
mod canonical;
pub mod chunked;
mod credential;
mod header;
mod presigned;
mod signed;
mod signer;
mod signing_key;

use http::HeaderMap;
use model::{Fault, SignatureFlaw};

pub use body::SignedBody;
pub use canonical::{PathForm, canonical_request};
pub use credential::Credential;
pub use signed::{DetachedSignature, Signed};
pub use signer::{BodyToSign, Signer};
pub use signing_key::SigningKey;

/// The one algorithm.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// How long a presigned request may be good.
// AWS: seven days.
pub const EXPIRES_SECONDS_MAX: i64 = 604_800;

const DATE_HEADER: &str = "x-amz-date";
const TOKEN_HEADER: &str = "x-amz-security-token";
const BODY_HASH_HEADER: &str = "x-amz-content-sha256";
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// The parts of an HTTP request that a signature covers, but for the body.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    pub method: &'a str,
    /// As the request line has it, up to the `?`.
    pub path: &'a str,
    /// As the request line has it, after the `?`; empty without one.
    pub query: &'a str,
    /// With `host`, which HTTP/2 has in `:authority`.
    pub headers: &'a HeaderMap,
}

fn malformed(must: &'static str) -> Fault {
    Fault::bad_signature(SignatureFlaw::Malformed, must)
}

/// Lower-case hexadecimal.
fn hex<const N: usize, const M: usize>(bytes: &[u8; N]) -> [u8; M] {
    const { assert!(M == 2 * N) };
    let mut digits = [b'0'; M];
    let (pairs, _) = digits.as_chunks_mut::<2>();
    for ([high, low], byte) in pairs.iter_mut().zip(bytes) {
        (*high, *low) = (hex_digit(byte >> 4), hex_digit(byte & 15));
    }
    digits
}

fn hex_digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' + (value - 10) }
}

/// The 32 bytes of 64 lower-case hexadecimal digits.
fn unhex(digits: &str) -> Option<[u8; 32]> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    (pairs.len() == 32 && rest.is_empty()).then_some(())?;
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = hex_value(*high)? << 4 | hex_value(*low)?;
    }
    Some(bytes)
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

fn push_ascii(text: &mut String, bytes: &[u8]) {
    text.extend(bytes.iter().map(|&byte| char::from(byte)));
}
