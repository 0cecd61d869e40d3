//! S3: the store of objects reads the body as it streams in.

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use model::Fault;
use protocol::rest_xml::spelling;
use protocol::{sentence, xml};

use super::log_answered;
use crate::app::Site;
use crate::exchange::Exchange;
use crate::reply::{response, status};
use crate::timer::Timer;

/// The response to a request with this fault, which `objects` does not see.
pub(super) fn refusal(fault: &Fault, request_id: &str) -> Response<Bytes> {
    let (code, name) = spelling(fault);
    let mut error = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml::open_into(&mut error, "Error");
    xml::element_into(&mut error, "Code", name);
    xml::element_into(&mut error, "Message", &sentence(fault));
    xml::element_into(&mut error, "RequestId", request_id);
    xml::close_into(&mut error, "Error");
    response(status(code), "application/xml", error.into())
}

/// Answers a request of S3.
pub async fn answer(site: &Site, exchange: Exchange, body: Body) -> Response<Body> {
    let timer = Timer::start();
    let has_line = site.answer_lines.admit(&exchange);
    let Exchange { core, head, info, .. } = exchange;
    let (parts, signature) = head.into_parts();
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let request = Request::from_parts(parts, body);
    let response = core.objects.handle(info.clone(), request, signature).await;
    site.metrics.record("S3", response.status(), &timer);
    if has_line {
        log_answered(&info, (method.as_str(), &path), response.status(), &timer);
    }
    response.map(Body::new)
}
