//! The XML documents of answers, completed after `s3s` wrote them.
//!
//! Amazon S3 API Reference, "REST error responses"; XML 1.0 §2.2 and §2.11.

use std::fmt::Write;

use http::{HeaderMap, Response, StatusCode, header};
use protocol::xml;
use s3s::Body;

use crate::error_table;

/// The end of the document of an error.
const END: &str = "</Error>";

/// Marks an answer whose `ETag` has no quotation marks, which `s3s` writes around each.
#[derive(Clone, Copy, Debug)]
pub struct PlainETag;

/// The request that an answer is to.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The path without the query.
    pub path: String,
    pub range: Option<String>,
    pub request_id: String,
}

/// Completes the document of an answer, if it has one.
pub fn complete(response: &mut Response<Body>, asked: &Asked) {
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    if is_error {
        complete_error(response, asked);
    }
    let is_document =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/xml");
    let plain_etag = response.extensions_mut().remove::<PlainETag>().is_some();
    let Some(document) = response.body().bytes().filter(|_| is_document) else { return };
    if plain_etag {
        let text = String::from_utf8_lossy(&document);
        let text = text.replace("<ETag>\"", "<ETag>").replace("\"</ETag>", "</ETag>");
        replace(response, text);
    } else if let Some(text) = escaped(&document) {
        replace(response, text);
    }
}

fn replace(response: &mut Response<Body>, text: String) {
    *response.body_mut() = Body::from(text);
    response.headers_mut().remove(header::CONTENT_LENGTH);
}

/// Adds to the document of an error what `s3s` left out: the message of an error of its own, the size of
/// the object that a range lies outside of, the resource and the request id. Corrects the status.
fn complete_error(response: &mut Response<Body>, asked: &Asked) {
    let document = response.body().bytes().unwrap_or_default();
    let text = std::str::from_utf8(&document).ok();
    let Some(text) = text.and_then(|text| text.strip_suffix(END)) else { return };
    let code = element(text, "Code").unwrap_or_default();
    let is_own = text.contains("<RequestId>");
    // The sentences of `s3s` have no full stop, and promise what is missing.
    let mut completed = if is_own {
        text.to_owned()
    } else {
        text.replace(" is not implemented yet</Message>", " is not available</Message>")
            .replace("</Message>", ".</Message>")
    };
    if !text.contains("<Message>") {
        let message = error_table::message(code);
        xml::element_into(&mut completed, "Message", message);
    }
    if let Some(size) = size_of_object(response.headers()) {
        xml::element_into(&mut completed, "ActualObjectSize", size);
        if let Some(range) = &asked.range {
            xml::element_into(&mut completed, "RangeRequested", range);
        }
    }
    xml::element_into(&mut completed, "Resource", &asked.path);
    if !is_own {
        // The errors of `s3s` are about the request, and some of its codes have no status.
        let is_broken = response.status() == StatusCode::INTERNAL_SERVER_ERROR;
        if is_broken || error_table::find(code).is_some() {
            *response.status_mut() = error_table::status(code);
        }
        xml::element_into(&mut completed, "RequestId", &asked.request_id);
    }
    completed.push_str(END);
    replace(response, completed);
}

/// Maximum number of characters of a message of `s3s` in an event: it may repeat text of the request.
const MESSAGE_CHARS_MAX: usize = 512;

/// The code and the message of an error, for the audit log. An answer without a document has those of its
/// status.
pub fn read_error(response: &Response<Body>) -> (String, String) {
    let document = response.body().bytes().unwrap_or_default();
    let text = std::str::from_utf8(&document).unwrap_or_default();
    let reason = response.status().canonical_reason().unwrap_or_default();
    let code = element(text, "Code").map_or_else(|| reason.replace(' ', ""), str::to_owned);
    let message = element(text, "Message").unwrap_or_else(|| error_table::message(&code));
    (code, message.chars().take(MESSAGE_CHARS_MAX).collect())
}

fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}

fn size_of_object(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes */")
}

/// The documents that list keys, for which a client can ask for URL encoding.
const LISTS: [&str; 3] =
    ["<ListBucketResult", "<ListVersionsResult", "<ListMultipartUploadsResult"];

/// The document without control characters, if it has any.
// AWS: a list has references to the control characters of keys, although XML 1.0 allows none: no other key
// would be right. In other documents a key is only repeated, and a document that no client can read would hide
// the outcome of the request, so the character is replaced. A reader turns a carriage return that is not escaped
// into a line feed.
fn escaped(document: &[u8]) -> Option<String> {
    let is_escaped = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n');
    if !document.iter().copied().any(is_escaped) {
        return None;
    }
    let text = std::str::from_utf8(document).ok()?;
    let is_list = LISTS.iter().any(|list| text.contains(list));
    let mut escaped = String::with_capacity(text.len() + 64);
    for character in text.chars() {
        if !u8::try_from(character).is_ok_and(is_escaped) {
            escaped.push(character);
        } else if is_list || character == '\r' {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "&#x{:x};", u32::from(character));
        } else {
            escaped.push(char::REPLACEMENT_CHARACTER);
        }
    }
    Some(escaped)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn completed(status: u16, text: &str) -> (u16, String) {
        let mut response = Response::new(Body::from(text.to_owned()));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        let kind = HeaderValue::from_static("application/xml");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        let asked = Asked { path: "/b/<k>".into(), range: None, request_id: "r-1".into() };
        complete(&mut response, &asked);
        let body = response.body().bytes().unwrap();
        (response.status().as_u16(), String::from_utf8(body.to_vec()).unwrap())
    }

    #[test]
    fn an_error_gets_its_message_its_status_and_its_place() {
        assert_eq!(
            completed(500, "<Error><Code>InvalidAddressingHeader</Code></Error>"),
            (
                400,
                "<Error><Code>InvalidAddressingHeader</Code>\
                 <Message>The request was refused.</Message>\
                 <Resource>/b/&lt;k&gt;</Resource><RequestId>r-1</RequestId></Error>"
                    .to_owned()
            )
        );
        assert_eq!(completed(500, "<Error><Code>NoSuchCode</Code></Error>").0, 400);
        assert_eq!(completed(500, "<Error><Code>InternalError</Code></Error>").0, 500);
    }

    #[test]
    fn the_status_of_an_own_error_stays() {
        let own =
            "<Error><Code>NoSuchCode</Code><Message>m</Message><RequestId>r</RequestId></Error>";
        assert_eq!(completed(507, own).0, 507);
    }

    #[test]
    fn control_characters_are_escaped_in_lists_and_replaced_elsewhere() {
        let key = "<Key>a\u{1}b\rc\td\ne\u{1F600}</Key>";
        let (_, text) = completed(200, &format!("<ListBucketResult>{key}"));
        assert_eq!(text, "<ListBucketResult><Key>a&#x1;b&#xd;c\td\ne\u{1F600}</Key>");
        let (_, text) = completed(200, key);
        assert_eq!(text, "<Key>a\u{FFFD}b&#xd;c\td\ne\u{1F600}</Key>");
    }
}
