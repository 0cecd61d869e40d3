//! The refusal of a request to the store of objects, with S3's error codes.
//!
//! S3 API Reference, "List of error codes". `protocol` spells the [`Fault`]s of `service` and `store`;
//! errors that only S3 has are spelled here.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::perform::Failure;
use model::Fault;
use protocol::sigv4::BodyFault;
use protocol::{rest_xml, sentence};
use s3s::{S3Error, S3ErrorCode};

use crate::{error_table, wire};

/// The refusal of a request.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// A fault of `service` or `store`.
    Fault(Fault),
    /// An error that S3 has a code for.
    Code { code: S3ErrorCode, message: Cow<'static, str> },
    /// RFC 9110 §15.5.17: the object, of `size` bytes, has none of the bytes in the range.
    Unsatisfiable { size: u64 },
    /// RFC 9110 §15.4.5: the client has this version of the object.
    NotModified { etag: String, modified_at_ms: i64 },
}

impl Refusal {
    pub fn code(code: S3ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Code { code, message: message.into() }
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
            Self::Code { code, message } => {
                let status = error_table::status(code.as_str());
                let mut error = S3Error::with_message(code, message);
                error.set_status_code(status);
                error
            }
            Self::Unsatisfiable { size } => {
                let mut error = S3Error::new(S3ErrorCode::InvalidRange);
                error.set_headers(size_of_object(size));
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

impl Failure for Refusal {
    fn as_fault(&self) -> Cow<'_, Fault> {
        match self {
            Self::Fault(fault) => Cow::Borrowed(fault),
            Self::Code { message, .. } => Cow::Owned(Fault::conflict(message.clone())),
            Self::Unsatisfiable { .. } => {
                Cow::Owned(Fault::conflict("The object has no bytes in the range."))
            }
            Self::NotModified { .. } => Cow::Owned(Fault::conflict("The object is not modified.")),
        }
    }

    // AWS: CloudTrail has the codes of S3.
    fn written(&self) -> String {
        let fault = self.as_fault();
        let code = match self {
            Self::Fault(_) => return fault.written(),
            Self::Code { code, .. } => code.as_str(),
            Self::Unsatisfiable { .. } => S3ErrorCode::InvalidRange.as_str(),
            Self::NotModified { .. } => S3ErrorCode::NotModified.as_str(),
        };
        format!("{code}: {}", sentence(&fault))
    }
}

// AWS: chunks that cannot be read have the code of a body that was cut off.
impl From<BodyFault> for Refusal {
    fn from(fault: BodyFault) -> Self {
        let code = |code, must| Self::code(code, format!("The request must {must}."));
        match fault {
            BodyFault::Incomplete(must) => code(S3ErrorCode::IncompleteBody, must),
            BodyFault::Trailer(must) => code(malformed_trailer(), must),
            BodyFault::Other(fault) => fault.into(),
        }
    }
}

/// The code of trailing headers that are not those that were announced. `s3s` has no name for it.
fn malformed_trailer() -> S3ErrorCode {
    S3ErrorCode::Custom("MalformedTrailerError".into())
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

/// The headers of a 416. `s3s` has no others in an error that has headers.
fn size_of_object(size: u64) -> HeaderMap {
    let range = HeaderValue::try_from(format!("bytes */{size}"));
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    headers.extend(range.ok().map(|range| (header::CONTENT_RANGE, range)));
    headers
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
