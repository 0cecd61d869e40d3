//! The query form: a signature in a link, good until it expires, for whoever has the link.

use std::borrow::Cow;

use model::{Fault, SignatureFlaw};

use super::signed::{Form, Signed};
use super::{ALGORITHM, Credential, EXPIRES_SECONDS_MAX, Parts, malformed, unhex};
use crate::percent;

pub(super) const ALGORITHM_PARAMETER: &str = "X-Amz-Algorithm";
pub(super) const CREDENTIAL_PARAMETER: &str = "X-Amz-Credential";
pub(super) const DATE_PARAMETER: &str = "X-Amz-Date";
pub(super) const EXPIRES_PARAMETER: &str = "X-Amz-Expires";
pub(super) const SIGNED_HEADERS_PARAMETER: &str = "X-Amz-SignedHeaders";
pub(super) const TOKEN_PARAMETER: &str = "X-Amz-Security-Token";
pub(super) const SIGNATURE_PARAMETER: &str = "X-Amz-Signature";
const BODY_HASH_PARAMETER: &str = "X-Amz-Content-Sha256";

/// Whether the query string has any of a signature's own parameters.
pub(super) fn is_in(query: &str) -> bool {
    names(query).any(|name| {
        [ALGORITHM_PARAMETER, CREDENTIAL_PARAMETER, SIGNATURE_PARAMETER].contains(&name)
    })
}

/// Whether the query string has a signature of version 2.
pub(super) fn is_foreign_in(query: &str) -> bool {
    let has = |wanted: &str| names(query).any(|name| name == wanted);
    has("AWSAccessKeyId") && has("Signature")
}

fn names(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').map(|pair| pair.split('=').next().unwrap_or(pair))
}

/// Reads the parameters of the query string. Nothing is verified yet.
pub(super) fn parse(parts: Parts<'_>) -> Result<Signed<'_>, Fault> {
    let parameter = |name| find(parts.query, name);
    let required = |name| {
        parameter(name)?.ok_or_else(|| {
            malformed(
                "have all of X-Amz-Algorithm, \
        X-Amz-Credential, X-Amz-Date, X-Amz-Expires, X-Amz-SignedHeaders and X-Amz-Signature",
            )
        })
    };
    let algorithm = required(ALGORITHM_PARAMETER)?;
    if algorithm != ALGORITHM {
        return Err(Fault::bad_signature(SignatureFlaw::Foreign, "be of AWS4-HMAC-SHA256"));
    }
    let credential =
        Credential::parse_encoded(required(CREDENTIAL_PARAMETER)?).ok_or_else(|| {
            malformed("have a Credential of key id, date, region, service and aws4_request")
        })?;
    let signature = unhex(required(SIGNATURE_PARAMETER)?)
        .ok_or_else(|| malformed("be 64 lower-case hexadecimal digits"))?;
    let expires = required(EXPIRES_PARAMETER)?.parse().ok();
    let expires_seconds = expires
        .filter(|seconds| (1..=EXPIRES_SECONDS_MAX).contains(seconds))
        .ok_or_else(|| malformed("have X-Amz-Expires between 1 and 604800"))?;
    let form = Form::Query { expires_seconds };
    let date = decoded(required(DATE_PARAMETER)?)?;
    let signed_headers = decoded(required(SIGNED_HEADERS_PARAMETER)?)?;
    let token = parameter(TOKEN_PARAMETER)?.map(decoded).transpose()?;
    Signed::new(parts, form, credential, signed_headers, signature, date, token)
}

/// What the query string says of the body, as some clients write it there.
pub(super) fn body_hash(query: &str) -> Result<Option<Cow<'_, str>>, Fault> {
    find(query, BODY_HASH_PARAMETER)?.map(decoded).transpose()
}

fn decoded(text: &str) -> Result<Cow<'_, str>, Fault> {
    percent::decode(text).ok_or_else(|| malformed("have percent-encoded parameters"))
}

// INVARIANT: a parameter that decides who asks is there once, or readers could disagree about it.
fn find<'a>(query: &'a str, name: &str) -> Result<Option<&'a str>, Fault> {
    let mut values = query.split('&').filter_map(|pair| {
        let (found, value) = pair.split_once('=').unwrap_or((pair, ""));
        (found == name).then_some(value)
    });
    let value = values.next();
    match values.next() {
        None => Ok(value),
        Some(_) => Err(malformed("have each of its parameters once")),
    }
}
