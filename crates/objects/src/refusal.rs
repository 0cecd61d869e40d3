//! The refusal of a request to the store of objects, with S3's error codes.
//!
//! S3 API Reference, "List of error codes". `protocol` spells the [`Fault`]s of `service` and `store`;
//! errors that only S3 has are spelled here.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::perform::Failure;
use model::Fault;
use protocol::{rest_xml, sentence, xml};
use s3s::{Body, S3Error, S3ErrorCode};

use crate::wire;

/// The end of the document of an error.
const END: &str = "</Error>";

/// The refusal of a request.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// A fault of `service` or `store`.
    Fault(Fault),
    /// An error that S3 has a code for.
    Code { code: S3ErrorCode, status: Option<StatusCode>, message: Cow<'static, str> },
    /// RFC 9110 §15.4.5: the client has this version of the object.
    NotModified { etag: String, modified_at_ms: i64 },
}

impl Refusal {
    pub fn code(code: S3ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Code { code, status: None, message: message.into() }
    }

    /// A header or parameter that is invalid; `must` is a whole sentence.
    pub fn invalid(must: impl Into<Cow<'static, str>>) -> Self {
        Self::code(S3ErrorCode::InvalidArgument, must)
    }

    /// A feature of S3 that Portico does not have; `what` is a whole sentence.
    pub fn not_implemented(what: impl Into<Cow<'static, str>>) -> Self {
        Self::code(S3ErrorCode::NotImplemented, what)
    }

    /// RFC 4918 §11.5. AWS: S3 is never full, so it has no code for it.
    #[must_use]
    pub fn disk_full() -> Self {
        Self::Code {
            code: S3ErrorCode::Custom("InsufficientStorage".into()),
            status: Some(StatusCode::INSUFFICIENT_STORAGE),
            message: "There is no room for the object. Nothing was stored.".into(),
        }
    }

    #[must_use]
    pub fn precondition_failed() -> Self {
        let message = "At least one of the preconditions you specified did not hold.";
        Self::code(S3ErrorCode::PreconditionFailed, message)
    }

    /// The answer that a client gets.
    #[must_use]
    pub fn into_error(self, request_id: &str) -> S3Error {
        let mut error = match self {
            Self::Fault(fault) => fault_error(&fault),
            Self::Code { code, status, message } => {
                let mut error = S3Error::with_message(code, message);
                if let Some(status) = status {
                    error.set_status_code(status);
                }
                error
            }
            Self::NotModified { etag, modified_at_ms } => {
                let mut error = S3Error::new(S3ErrorCode::NotModified);
                error.set_status_code(StatusCode::NOT_MODIFIED);
                error.set_headers(validators(&etag, modified_at_ms));
                error
            }
        };
        error.set_request_id(request_id);
        error
    }
}

/// Adds the resource and the request id to the document of an error. `s3s` has no field for the
/// resource, and writes no request id into its own errors. `path` is without the query.
// Amazon S3 API Reference, "REST error responses".
pub fn complete_error(body: &mut Body, path: &str, request_id: &str) {
    let document = body.bytes().unwrap_or_default();
    let text = std::str::from_utf8(&document).ok();
    let Some(text) = text.and_then(|text| text.strip_suffix(END)) else { return };
    let mut completed = text.to_owned();
    xml::element_into(&mut completed, "Resource", path);
    if !text.contains("<RequestId>") {
        xml::element_into(&mut completed, "RequestId", request_id);
    }
    completed.push_str(END);
    *body = Body::from(completed);
}

impl Failure for Refusal {
    // The audit log has no codes of S3's own.
    fn as_fault(&self) -> Cow<'_, Fault> {
        match self {
            Self::Fault(fault) => Cow::Borrowed(fault),
            Self::Code { message, .. } => Cow::Owned(Fault::conflict(message.clone())),
            Self::NotModified { .. } => Cow::Owned(Fault::conflict("The object is not modified.")),
        }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

fn fault_error(fault: &Fault) -> S3Error {
    if let Fault::Broken(what) = fault {
        tracing::error!(what, "a request to the store of objects broke");
    }
    let (status, code) = rest_xml::spelling(fault);
    let mut error = S3Error::with_message(named(code), sentence(fault));
    error.set_status_code(StatusCode::from_u16(status).unwrap_or_default());
    error
}

fn named(code: &str) -> S3ErrorCode {
    S3ErrorCode::from_bytes(code.as_bytes()).unwrap_or(S3ErrorCode::InternalError)
}

/// `ETag` and `Last-Modified`, which a 304 repeats.
fn validators(etag: &str, modified_at_ms: i64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers
        .extend(HeaderValue::try_from(format!("\"{etag}\"")).ok().map(|tag| (header::ETAG, tag)));
    let date = HeaderValue::try_from(wire::http_date(modified_at_ms));
    headers.extend(date.ok().map(|date| (header::LAST_MODIFIED, date)));
    headers
}

#[cfg(test)]
impl Refusal {
    /// The code that a client would read.
    pub(crate) fn code_text(self) -> String {
        self.into_error("r-1").code().as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_broken_one() {
        let full = Refusal::disk_full().into_error("r-1");
        assert_eq!(
            (full.status_code().unwrap().as_u16(), full.code().as_str()),
            (507, "InsufficientStorage")
        );
        let broken = Refusal::from(Fault::broken("/secret/path")).into_error("r-1");
        assert_eq!(
            (broken.status_code().unwrap().as_u16(), broken.code().as_str()),
            (500, "InternalError")
        );
        assert!(!broken.message().unwrap().contains("secret"));
        assert_eq!(broken.request_id(), Some("r-1"));
    }
}
