//! The parts of a request that a signature covers, and the names that it is written with.

use http::HeaderMap;
use model::{Fault, SignatureFlaw};

/// The only algorithm.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

pub(super) const DATE_HEADER: &str = "x-amz-date";
pub(super) const TOKEN_HEADER: &str = "x-amz-security-token";
pub(super) const BODY_HASH_HEADER: &str = "x-amz-content-sha256";

/// The value of [`BODY_HASH_HEADER`] for a body that is not signed.
pub(super) const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// The parts of an HTTP request that a signature covers, except the body.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    pub method: &'a str,
    /// The path as sent in the request line, up to the `?`.
    pub path: &'a str,
    /// The query as sent in the request line, after the `?`; empty without one.
    pub query: &'a str,
    /// The headers with `host`, which HTTP/2 sends as `:authority`.
    pub headers: &'a HeaderMap,
}

/// The fault of a signature that is not of the form of the standard.
pub(super) fn malformed(must: &'static str) -> Fault {
    Fault::bad_signature(SignatureFlaw::Malformed, must)
}

/// The fault of a signature in a query string that is not of the form of the standard.
pub(super) fn malformed_link(must: &'static str) -> Fault {
    Fault::bad_signature(SignatureFlaw::MalformedLink, must)
}
