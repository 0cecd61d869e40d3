//! The canonical request: the text that client and server both build from a request.

use std::borrow::Cow;

use http::HeaderMap;
use model::{Fault, SignatureFlaw};

use super::parts::{Parts, malformed};
use crate::percent;

/// The form of the path in the canonical request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PathForm {
    /// Without empty, `.` and `..` segments, and encoded a second time.
    Normalized,
    /// As it was sent. AWS: only for S3.
    AsSent,
}

impl PathForm {
    /// The form that the clients of `service` use.
    #[must_use]
    pub fn of_service(service: &str) -> Self {
        if service == "s3" { Self::AsSent } else { Self::Normalized }
    }
}

/// Builds the text: method, path, query, headers, header names and body hash, one below the other.
///
/// Query parameters in `left_out` are skipped, because they were added after signing.
pub fn canonical_request(
    parts: &Parts<'_>,
    form: PathForm,
    left_out: &[&str],
    signed_headers: &str,
    body_hash: &str,
) -> Result<String, Fault> {
    let mut text = String::with_capacity(512 + parts.query.len());
    text.push_str(parts.method);
    text.push('\n');
    match form {
        PathForm::Normalized => percent::encode_into(&mut text, &normalized(parts.path), b"/"),
        PathForm::AsSent => percent::normalize_into(&mut text, parts.path, b"/"),
    }
    text.push('\n');
    query_into(&mut text, parts.query, left_out);
    text.push('\n');
    for name in signed_headers.split(';') {
        header_into(&mut text, name, parts.headers)?;
    }
    for part in ["\n", signed_headers, "\n", body_hash] {
        text.push_str(part);
    }
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

fn query_into(text: &mut String, query: &str, left_out: &[&str]) {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let pairs = pairs.filter(|(name, _)| !left_out.contains(name));
    let mut pairs: Vec<_> = pairs.map(|(name, value)| (one_form(name), one_form(value))).collect();
    pairs.sort_unstable();
    for (number, (name, value)) in pairs.iter().enumerate() {
        for part in [if number == 0 { "" } else { "&" }, name, "=", value] {
            text.push_str(part);
        }
    }
}

// AWS: a query string is decoded like a form before it is signed, so that `+` is signed as `%20`. Some
// clients send one and sign the other.
fn one_form(part: &str) -> Cow<'_, str> {
    if percent::is_normal(part) {
        return Cow::Borrowed(part);
    }
    let mut text = String::with_capacity(part.len() + 8);
    percent::normalize_form_into(&mut text, part);
    Cow::Owned(text)
}

fn header_into(text: &mut String, name: &str, headers: &HeaderMap) -> Result<(), Fault> {
    let mut separator = ':';
    text.push_str(name);
    for value in headers.get_all(name) {
        text.push(separator);
        separator = ',';
        // AWS: object metadata may be UTF-8, which `to_str` would refuse.
        let value = std::str::from_utf8(value.as_bytes())
            .map_err(|_| malformed("cover headers of plain text only"))?;
        let words = value.split(' ').filter(|word| !word.is_empty());
        for (number, word) in words.enumerate() {
            text.push_str(if number == 0 { "" } else { " " });
            text.push_str(word);
        }
    }
    text.push('\n');
    if separator == ',' {
        return Ok(());
    }
    // AWS: the signature of another request, which had the header.
    let must = format!("name only headers that were sent; {name} was not");
    Err(Fault::bad_signature(SignatureFlaw::Mismatched, must))
}
