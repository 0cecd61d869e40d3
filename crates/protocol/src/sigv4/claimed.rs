//! The key id of a signature that cannot be read, for the log.

use http::header::AUTHORIZATION;

use super::parts::Parts;

/// Returns the text that stands where a signature names its key, in the forms of all versions; empty without one.
#[must_use]
pub fn claimed_key_id<'a>(parts: &Parts<'a>) -> &'a str {
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let in_header = header.and_then(|header| {
        let named = header.split_once("Credential=").map(|(_, rest)| rest);
        // AWS: version 2 has `AWS <key id>:<signature>`.
        named.or_else(|| header.strip_prefix("AWS "))
    });
    let in_query = || {
        let mut pairs = parts.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find_map(|(name, value)| {
            matches!(name, "X-Amz-Credential" | "AWSAccessKeyId").then_some(value)
        })
    };
    let text = in_header.or_else(in_query).unwrap_or_default();
    let is_of_key_id = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let length = text.bytes().position(|byte| !is_of_key_id(byte)).unwrap_or(text.len());
    text.get(..length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};
    use proptest::prelude::*;

    use super::*;

    fn claimed(header: Option<&[u8]>, query: &str) -> String {
        let mut headers = HeaderMap::new();
        if let Some(value) = header.and_then(|header| HeaderValue::from_bytes(header).ok()) {
            headers.insert(AUTHORIZATION, value);
        }
        let parts = Parts { method: "GET", path: "/", query, headers: &headers };
        claimed_key_id(&parts).to_owned()
    }

    #[test]
    fn a_key_is_found_in_every_form() {
        for header in [
            "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261130/us-east-1/s3/aws4_request, Signature=00",
            "AWS4-ECDSA-P256-SHA256 Credential=AKIAEXAMPLE/20261130/s3/aws4_request",
            "AWS4-HMAC-SHA256 SignedHeaders=host, Credential=AKIAEXAMPLE",
            "AWS AKIAEXAMPLE:c2ln",
        ] {
            assert_eq!(claimed(Some(header.as_bytes()), ""), "AKIAEXAMPLE", "{header}");
        }
        for query in [
            "X-Amz-Expires=0&X-Amz-Credential=AKIAEXAMPLE%2F20261130%2Fus-east-1",
            "AWSAccessKeyId=AKIAEXAMPLE&Signature=x",
        ] {
            assert_eq!(claimed(None, query), "AKIAEXAMPLE", "{query}");
        }
        for header in ["Bearer abc", "AWS4-HMAC-SHA256", ""] {
            assert_eq!(claimed(Some(header.as_bytes()), "a=b"), "", "{header}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(header in prop::collection::vec(any::<u8>(), 0..60), query in ".{0,40}") {
            let key_id = claimed(Some(&header), &query);
            prop_assert!(key_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
        }
    }
}
