//! AWS Signature Version 4 in the `Authorization` header.
//!
//! IAM User Guide, "AWS Signature Version 4 for API requests". Pure: whose a key id is, and what
//! time it is, are for the caller to say.

mod amz_date;
mod authorization;
mod canonical;
mod signing_key;

use http::HeaderMap;
use model::{Fault, SignatureFlaw};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub use authorization::Authorization;
pub use canonical::{PathForm, canonical_request};
pub use signing_key::SigningKey;

/// How far the clocks of a client and of Portico may differ.
// AWS: five minutes (S3 allows fifteen).
pub const SKEW_MS_MAX: u64 = 5 * 60 * 1000;

/// The parts of an HTTP request that a signature covers.
#[derive(Clone, Copy, Debug)]
pub struct Signable<'a> {
    pub method: &'a str,
    /// As the request line has it, up to the `?`.
    pub path: &'a str,
    /// As the request line has it, after the `?`; empty without one.
    pub query: &'a str,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

/// Accepts the request if `key` signed it, all of it, within [`SKEW_MS_MAX`] of `now_ms`.
pub fn verify(
    request: &Signable<'_>,
    authorization: &Authorization<'_>,
    key: &SigningKey,
    now_ms: i64,
) -> Result<(), Fault> {
    let bad = |must: &'static str| Err(Fault::bad_signature(SignatureFlaw::Mismatched, must));
    let (date, at_ms) = signed_at(request)?;
    if at_ms.abs_diff(now_ms) > SKEW_MS_MAX {
        return bad("be made within 5 minutes of the server's time");
    }
    if !date.starts_with(authorization.date) {
        return bad("have a credential scope of the day in X-Amz-Date");
    }
    let names = authorization.signed_headers;
    let is_signed = |name: &str| names.split(';').any(|signed| signed == name);
    // AWS: host and every x-amz-* header must be signed, or a stranger could change them.
    let left_out = |name: &&str| name.starts_with("x-amz-") && !is_signed(name);
    if !is_signed("host")
        || request.headers.keys().map(http::HeaderName::as_str).any(|n| left_out(&n))
    {
        return bad("cover the host and every x-amz- header");
    }
    let ours = sign(request, authorization, key, date)?;
    if bool::from(ours.ct_eq(&authorization.signature)) {
        Ok(())
    } else {
        bad("match the request, the key and the scope")
    }
}

/// The signature that `key` gives the request. `authorization.signature` is not looked at.
pub fn sign(
    request: &Signable<'_>,
    authorization: &Authorization<'_>,
    key: &SigningKey,
    date: &str,
) -> Result<[u8; 32], Fault> {
    let form = PathForm::of_service(authorization.service);
    let canonical = canonical_request(request, authorization.signed_headers, form)?;
    let mut text = String::with_capacity(192);
    for part in ["AWS4-HMAC-SHA256\n", date, "\n", authorization.scope, "\n"] {
        text.push_str(part);
    }
    hex_into(&mut text, &Sha256::digest(canonical.as_bytes()));
    Ok(key.sign(text.as_bytes()))
}

fn signed_at<'a>(request: &Signable<'a>) -> Result<(&'a str, i64), Fault> {
    let date = request.headers.get("x-amz-date").and_then(|date| date.to_str().ok());
    date.and_then(|date| Some((date, amz_date::to_ms(date)?))).ok_or(Fault::bad_signature(
        SignatureFlaw::Mismatched,
        "come with X-Amz-Date, like 20260131T235959Z",
    ))
}

/// Appends bytes in lower-case hexadecimal.
pub(crate) fn hex_into(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }));
        }
    }
}
