//! The query form: a signature in a URL, valid until it expires, for every holder of the URL.

use model::{Fault, SignatureFlaw};

use super::credential::Credential;
use super::hex::unhex;
use super::parts::{ALGORITHM, Parts, malformed_link};
use super::query::{
    ALGORITHM_PARAMETER, CREDENTIAL_PARAMETER, DATE_PARAMETER, EXPIRES_PARAMETER,
    SIGNATURE_PARAMETER, SIGNED_HEADERS_PARAMETER, TOKEN_PARAMETER, decoded, find, names,
};
use super::signed::{Form, Signed};

/// Maximum lifetime of a presigned request.
// AWS: seven days.
pub const EXPIRES_SECONDS_MAX: i64 = 604_800;

/// Tells whether the query string has a parameter that only a signature has.
pub(super) fn has_signature(query: &str) -> bool {
    names(query).any(|name| {
        [ALGORITHM_PARAMETER, CREDENTIAL_PARAMETER, SIGNATURE_PARAMETER].contains(&name)
    })
}

/// Tells whether the query string has a signature of version 2.
pub(super) fn has_version_2_signature(query: &str) -> bool {
    let has = |wanted: &str| names(query).any(|name| name == wanted);
    has("AWSAccessKeyId") && has("Signature")
}

/// Reads the parameters of the query string. Nothing is verified here.
pub(super) fn parse(parts: Parts<'_>) -> Result<Signed<'_>, Fault> {
    let parameter = |name| find(parts.query, name);
    let required = |name| {
        parameter(name)?.ok_or_else(|| {
            malformed_link(
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
            malformed_link("have a Credential of key id, date, region, service and aws4_request")
        })?;
    let signature = unhex(required(SIGNATURE_PARAMETER)?)
        .ok_or_else(|| malformed_link("be 64 lower-case hexadecimal digits"))?;
    let expires = required(EXPIRES_PARAMETER)?.parse().ok();
    let expires_seconds = expires
        .filter(|seconds| (1..=EXPIRES_SECONDS_MAX).contains(seconds))
        .ok_or_else(|| malformed_link("have X-Amz-Expires between 1 and 604800"))?;
    let form = Form::Query { expires_seconds };
    let date = decoded(required(DATE_PARAMETER)?)?;
    let signed_headers = decoded(required(SIGNED_HEADERS_PARAMETER)?)?;
    let token = parameter(TOKEN_PARAMETER)?.map(decoded).transpose()?;
    Signed::new(parts, form, credential, signed_headers, signature, date, token)
}
