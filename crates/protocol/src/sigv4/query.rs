//! The parameters of a signature in a query string.

use std::borrow::Cow;

use model::Fault;

use super::parts::malformed_link;
use crate::percent;

pub(super) const ALGORITHM_PARAMETER: &str = "X-Amz-Algorithm";
pub(super) const CREDENTIAL_PARAMETER: &str = "X-Amz-Credential";
pub(super) const DATE_PARAMETER: &str = "X-Amz-Date";
pub(super) const EXPIRES_PARAMETER: &str = "X-Amz-Expires";
pub(super) const SIGNED_HEADERS_PARAMETER: &str = "X-Amz-SignedHeaders";
pub(super) const TOKEN_PARAMETER: &str = "X-Amz-Security-Token";
pub(super) const SIGNATURE_PARAMETER: &str = "X-Amz-Signature";
pub(super) const BODY_HASH_PARAMETER: &str = "X-Amz-Content-Sha256";

/// The names of the parameters of a query string.
pub(super) fn names(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').map(|pair| pair.split('=').next().unwrap_or(pair))
}

/// The value of a parameter, as it was sent.
// INVARIANT: a parameter that decides who the caller is may occur only once, because readers of a
// doubled parameter disagree about its value.
pub(super) fn find<'a>(query: &'a str, name: &str) -> Result<Option<&'a str>, Fault> {
    let mut values = query.split('&').filter_map(|pair| {
        let (found, value) = pair.split_once('=').unwrap_or((pair, ""));
        (found == name).then_some(value)
    });
    let value = values.next();
    match values.next() {
        None => Ok(value),
        Some(_) => Err(malformed_link("have each of its parameters once")),
    }
}

/// Decodes a value.
pub(super) fn decoded(text: &str) -> Result<Cow<'_, str>, Fault> {
    percent::decode(text).ok_or_else(|| malformed_link("have percent-encoded parameters"))
}
