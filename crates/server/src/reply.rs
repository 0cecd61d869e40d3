//! HTTP responses of the protocols.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use kernel::reply::WriteReply;
use model::Fault;

use crate::exchange::Answer;

/// A response of this type.
pub fn response(status: StatusCode, content_type: &'static str, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// A response of plain text.
pub fn plain(operation: &'static str, status: StatusCode, text: String) -> Answer {
    let response = response(status, "text/plain; charset=utf-8", text.into());
    Answer { operation, response }
}

/// The JSON of a reply.
pub fn json(reply: &dyn WriteReply) -> Result<Vec<u8>, Fault> {
    let mut json = Vec::with_capacity(256);
    reply.write_json(&mut json)?;
    Ok(json)
}

/// An error whose name the SDKs read in a header.
pub fn error_response(
    (code, error, body): (u16, &'static str, serde_json::Value),
    content_type: &'static str,
) -> Response<Bytes> {
    let mut response = response(status(code), content_type, body.to_string().into());
    let name = HeaderName::from_static(protocol::rest_json::ERROR_TYPE);
    response.headers_mut().insert(name, HeaderValue::from_static(error));
    response
}

pub fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
