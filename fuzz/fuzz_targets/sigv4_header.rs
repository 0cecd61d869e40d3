//! An `Authorization` header that was made without the key.

#![no_main]

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use protocol::sigv4::{Parts, Signed, SigningKey};

fuzz_target!(|input: (&[u8], &[u8], &str, &str)| {
    let (authorization, date, path, query) = input;
    let mut headers = HeaderMap::new();
    let pairs = [(AUTHORIZATION, authorization), (HeaderName::from_static("x-amz-date"), date)];
    for (name, value) in pairs {
        headers.extend(HeaderValue::from_bytes(value).ok().map(|value| (Some(name), value)));
    }
    headers.insert("host", HeaderValue::from_static("localhost"));
    let parts = Parts { method: "GET", path, query, headers: &headers };
    let Ok(Some(signed)) = Signed::find(parts) else { return };
    let key = SigningKey::derive("a secret that nobody knows", signed.credential());
    assert!(signed.verify(&key, b"", signed.signed_at_ms()).is_err());
    assert!(signed.verify_head(&key, signed.signed_at_ms()).is_err());
});
