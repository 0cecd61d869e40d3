//! The fields of a restJson1 request: query string, header and body.

#![no_main]

use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use protocol::rest_json::{BEARER_TOKEN, ROUTES};

fuzz_target!(|input: (&str, &[u8], &[u8])| {
    let (link, token, body) = input;
    let mut headers = HeaderMap::new();
    if let Ok(token) = HeaderValue::from_bytes(token) {
        headers.insert(BEARER_TOKEN, token);
    }
    for route in ROUTES {
        let _ = route.fields(link, &headers, body);
    }
});
