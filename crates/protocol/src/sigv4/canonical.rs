//! The canonical request: the one text that client and server both make of a request.

use std::borrow::Cow;

use http::HeaderMap;
use model::{Fault, SignatureFlaw};
use sha2::{Digest, Sha256};

use super::{Signable, hex_into};

/// How the path is written in the canonical request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PathForm {
    /// Without empty, `.` and `..` segments, and encoded once more.
    Normalized,
    /// As it was sent. AWS: S3 alone.
    AsSent,
}

impl PathForm {
    /// The form that the clients of `service` use.
    #[must_use]
    pub fn of_service(service: &str) -> Self {
        if service == "s3" { Self::AsSent } else { Self::Normalized }
    }
}

/// Method, path, query, headers, header names and payload hash, one below the other.
pub fn canonical_request(
    request: &Signable<'_>,
    signed_headers: &str,
    form: PathForm,
) -> Result<String, Fault> {
    let mut text = String::with_capacity(512);
    text.push_str(request.method);
    text.push('\n');
    match form {
        PathForm::Normalized => encode_into(&mut text, &normalized(request.path), b"/"),
        PathForm::AsSent => encode_into(&mut text, request.path, b"/%"),
    }
    text.push('\n');
    query_into(&mut text, request.query);
    text.push('\n');
    for name in signed_headers.split(';') {
        header_into(&mut text, name, request.headers)?;
    }
    text.push('\n');
    text.push_str(signed_headers);
    text.push('\n');
    payload_hash_into(&mut text, request)?;
    Ok(text)
}

fn normalized(path: &str) -> Cow<'_, str> {
    if path == "/" {
        return Cow::Borrowed(path);
    }
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            name => segments.push(name),
        }
    }
    let folder = path.ends_with('/') && !segments.is_empty();
    Cow::Owned(format!("/{}{}", segments.join("/"), if folder { "/" } else { "" }))
}

fn query_into(text: &mut String, query: &str) {
    let encoded = |part: &str| {
        let mut text = String::with_capacity(part.len());
        encode_into(&mut text, part, b"%");
        text
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (encoded(name), encoded(value))
    });
    let mut pairs: Vec<(String, String)> = pairs.collect();
    pairs.sort();
    for (number, (name, value)) in pairs.iter().enumerate() {
        for part in [if number == 0 { "" } else { "&" }, name, "=", value] {
            text.push_str(part);
        }
    }
}

fn header_into(text: &mut String, name: &str, headers: &HeaderMap) -> Result<(), Fault> {
    let bad = |must: &'static str| Fault::bad_signature(SignatureFlaw::Mismatched, must);
    let mut separator = ':';
    text.push_str(name);
    for value in headers.get_all(name) {
        text.push(separator);
        separator = ',';
        let value = value.to_str().map_err(|_| bad("cover headers of plain text only"))?;
        let words = value.split(' ').filter(|word| !word.is_empty());
        for (number, word) in words.enumerate() {
            text.push_str(if number == 0 { "" } else { " " });
            text.push_str(word);
        }
    }
    text.push('\n');
    if separator == ',' { Ok(()) } else { Err(bad("name only headers that were sent")) }
}

fn payload_hash_into(text: &mut String, request: &Signable<'_>) -> Result<(), Fault> {
    let start = text.len();
    hex_into(text, &Sha256::digest(request.body));
    // The header is signed, so it must say the truth about the body. (The miniature knows neither
    // UNSIGNED-PAYLOAD nor the streaming forms.)
    match request.headers.get("x-amz-content-sha256") {
        Some(said) if text.get(start..).map(str::as_bytes) != Some(said.as_bytes()) => {
            Err(Fault::bad_signature(
                SignatureFlaw::Mismatched,
                "come with an X-Amz-Content-SHA256 of the body",
            ))
        }
        Some(_) | None => Ok(()),
    }
}

// RFC 3986 §2.3: unreserved characters stay; so does what is in `keep`.
fn encode_into(text: &mut String, plain: &str, keep: &[u8]) {
    for &byte in plain.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || keep.contains(&byte) {
            text.push(char::from(byte));
        } else {
            let start = text.len();
            text.push('%');
            hex_into(text, &[byte]);
            if let Some(escape) = text.get_mut(start..) {
                escape.make_ascii_uppercase();
            }
        }
    }
}
