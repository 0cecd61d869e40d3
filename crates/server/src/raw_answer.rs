//! Answers to connections of which no request could be read.
//!
//! INVARIANT: they have the headers that every answer has, and each ends its connection.

use http::{HeaderValue, Response, StatusCode, header};

use crate::app::Site;
use crate::front::answer_headers;

/// Maximum length of a request head. The longest that clients need has a session token (4,096 characters), the
/// metadata of an object (2 KiB), its key and that of a copy's source (3 KiB each when they are escaped).
// AWS: S3 takes 8 KB of headers at most (RequestHeaderSectionTooLarge).
pub const HEAD_BYTES_MAX: usize = 16 * 1024;

/// Maximum number of headers of a request.
pub const HEADERS_MAX: usize = 100;

/// A reason why no request of a connection is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unread {
    /// The head is longer than it may be.
    LongHead,
    /// The head is not one of HTTP/1.
    WrongHead { is_tls: bool },
    /// The client does not speak TLS on a connection that has it.
    NotTls,
    /// There is no memory for another long head.
    NoRoom,
    /// The connection has no place.
    NoConnection,
}

impl Unread {
    /// The answer, where the HTTP library writes it.
    #[must_use]
    pub fn response(self, site: &Site) -> Response<String> {
        let mut response = Response::new(self.text());
        *response.status_mut() = self.status();
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, plain);
        answer_headers::complete(site, self.status(), response.headers_mut());
        response
    }

    /// The whole answer, as it is written to the connection.
    #[must_use]
    pub fn answer(self, site: &Site) -> Vec<u8> {
        let (parts, text) = self.response(site).into_parts();
        let mut headers = parts.headers;
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        headers.insert(header::CONTENT_LENGTH, text.len().into());
        answer_headers::add_date(&mut headers, site.core().portico.clock.now_ms());
        let mut answer = format!("HTTP/1.1 {}\r\n", self.status()).into_bytes();
        for (name, value) in &headers {
            answer.extend_from_slice(name.as_str().as_bytes());
            answer.extend_from_slice(b": ");
            answer.extend_from_slice(value.as_bytes());
            answer.extend_from_slice(b"\r\n");
        }
        answer.extend_from_slice(b"\r\n");
        answer.extend_from_slice(text.as_bytes());
        answer
    }

    fn status(self) -> StatusCode {
        match self {
            Self::LongHead => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::WrongHead { .. } | Self::NotTls => StatusCode::BAD_REQUEST,
            Self::NoRoom | Self::NoConnection => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn text(self) -> String {
        match self {
            Self::LongHead => format!(
                "The request line and the headers may have {HEAD_BYTES_MAX} bytes, and there may be \
                 {HEADERS_MAX} headers. Send fewer or shorter headers, or delete cookies.\r\n"
            ),
            Self::WrongHead { is_tls } => {
                let port = if is_tls { "" } else { " This port speaks plain HTTP." };
                format!(
                    "The request cannot be read: its first line or one of its headers is not one of \
                     HTTP/1.1.{port}\r\n"
                )
            }
            Self::NotTls => {
                "This port speaks HTTPS. Use an address that begins with https://.\r\n".to_owned()
            }
            Self::NoRoom => {
                "Too many long requests arrive at the same time. Try again shortly.\r\n".to_owned()
            }
            Self::NoConnection => {
                "Too many connections at the same time. Try again shortly.\r\n".to_owned()
            }
        }
    }
}
