//! From an HTTP request to the protocol that it speaks, and on to an operation or a page.
//!
//! The protocol is decided once, here: by the target header, the credential scope, the form action
//! or the path. After that nobody looks at raw HTTP again.

mod aws_json;
mod pages;
mod query;
mod rest_json;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header, request};
use model::Fault;
use model::ids::RequestId;
use policy::Caller;
use protocol::sigv4::{Parts, Signed};
use service::credentials::authenticate::authenticate;
use service::dispatch::{self, Access, trace};
use service::{Ctx, Portico, RequestInfo};
use store::Origin;

use crate::app::{Site, signed_parts};
use crate::body::Collected;
use crate::client_address::client_address;
use crate::telemetry::logged;
use crate::timer::Timer;

/// The header that awsJson names its operation in.
pub const TARGET: &str = "x-amz-target";

/// The longest body that is read where it arrived: reading a megabyte would hold up others.
const SHORT_BYTES_MAX: usize = 64 * 1024;

/// A request with everything that its protocol needs to answer it.
struct Exchange<'a> {
    portico: &'a Portico,
    parts: &'a request::Parts,
    body: Result<&'a Bytes, Fault>,
    info: RequestInfo,
    /// Whether it is answered on a thread that must not wait.
    is_hurried: bool,
}

/// An answer, and what the log calls the operation.
struct Answer {
    operation: &'static str,
    response: Response<Bytes>,
}

/// Answers one request. It may wait for the disk and for others.
pub fn answer(
    site: &Site,
    parts: &request::Parts,
    body: &Collected,
    peer: SocketAddr,
) -> Response<Bytes> {
    let timer = Timer::start();
    let core = site.core();
    let exchange = Exchange::new(&core.portico, site, parts, body, peer);
    let answer = exchange.answer(site);
    exchange.finish(site, answer, &timer)
}

/// Answers a read that goes well and waits for nobody. To go to a worker thread and back would take
/// as long as the read does.
pub fn answer_at_once(
    site: &Site,
    parts: &request::Parts,
    body: &Collected,
    peer: SocketAddr,
) -> Option<Response<Bytes>> {
    let timer = Timer::start();
    let core = site.core();
    let mut exchange = Exchange::new(&core.portico, site, parts, body, peer);
    if !core.portico.db.reads_at_once() || !exchange.is_short_read() {
        return None;
    }
    exchange.is_hurried = true;
    let answer = exchange.answer(site);
    answer.response.status().is_success().then(|| exchange.finish(site, answer, &timer))
}

impl<'a> Exchange<'a> {
    fn new(
        portico: &'a Portico,
        site: &Site,
        parts: &'a request::Parts,
        body: &'a Collected,
        peer: SocketAddr,
    ) -> Self {
        let body = match body {
            Collected::Whole(body) => Ok(body),
            Collected::TooLong { bytes_max } => {
                Err(Fault::TooLarge { bytes_max: *bytes_max as u64 })
            }
            Collected::NoRoom => Err(Fault::Busy),
        };
        let info = request_info(portico, &site.trusted_proxies, &parts.headers, peer);
        Self { portico, parts, body, info, is_hurried: false }
    }

    fn answer(&self, site: &Site) -> Answer {
        let path = self.parts.uri.path();
        if let Some(answer) =
            site.sandbox.as_ref().and_then(|sandbox| sandbox.answer(site, self.parts, &self.body))
        {
            return Answer { operation: "Sandbox", response: answer };
        }
        match path {
            "/metrics" => {
                return plain("Metrics", StatusCode::OK, site.metrics.text(site.workers.waiting()));
            }
            "/readyz" => return self.readyz(),
            _ => {}
        }
        if let Some(target) = self.header(TARGET) {
            return aws_json::answer(self, target);
        }
        let method = self.parts.method.as_str();
        if let Some(route) = protocol::rest_json::find_route(method, path, self.query()) {
            return rest_json::answer(self, route);
        }
        if query::is_query(self) {
            return query::answer(self);
        }
        pages::answer(self, &site.core().web)
    }

    /// What every answer gets: an id, a place in the numbers, a line in the log.
    fn finish(&self, site: &Site, answer: Answer, timer: &Timer) -> Response<Bytes> {
        let Answer { operation, mut response } = answer;
        if let Ok(id) = HeaderValue::from_str(self.info.id.as_str()) {
            response.headers_mut().insert(HeaderName::from_static("x-amzn-requestid"), id);
        }
        site.metrics.record(operation, response.status(), timer);
        tracing::info!(
            request_id = %self.info.id,
            source = %self.info.origin.source_address,
            method = %self.parts.method,
            // INVARIANT: the path alone; query strings hold tokens.
            path = logged(self.parts.uri.path()),
            operation,
            status = response.status().as_u16(),
            micros = timer.micros(),
            "answered"
        );
        response
    }

    /// Whether the request is for an operation that only reads, and itself short to read.
    fn is_short_read(&self) -> bool {
        let operation = match self.header(TARGET) {
            Some(target) => dispatch::find(target),
            None => protocol::rest_json::find_route(
                self.parts.method.as_str(),
                self.parts.uri.path(),
                self.query(),
            )
            .and_then(rest_json::operation),
        };
        let is_short = self.body.as_ref().is_ok_and(|body| body.len() <= SHORT_BYTES_MAX);
        is_short && operation.is_some_and(|operation| operation.access == Access::Reads)
    }

    /// Who signed the request.
    fn signer(&self, service: &str) -> Result<Arc<Caller>, Fault> {
        let body = self.body.clone()?;
        let signed = Signed::find(self.signed_parts())?.ok_or(Fault::Unsigned)?;
        if signed.service() != service {
            return Err(Fault::bad_signature(
                model::SignatureFlaw::Mismatched,
                format!("have a credential scope of the service {service}"),
            ));
        }
        let verify = |key: &_, now_ms| signed.verify(key, body, now_ms);
        authenticate(self.portico, &signed, verify).map(|(caller, ())| caller)
    }

    /// Refuses somebody of whom nothing is known, and leaves the event of it.
    fn refuse_stranger<T>(&self, action: &'static str, fault: Fault) -> Result<T, Fault> {
        let stranger = Portico::stranger();
        trace(&self.ctx(&stranger), action, Some(&fault)).and(Err(fault))
    }

    fn signed_parts(&self) -> Parts<'_> {
        signed_parts(self.parts)
    }

    fn ctx<'s>(&'s self, caller: &'s Arc<Caller>) -> Ctx<'s> {
        let ctx = Ctx::new(self.portico, caller, &self.info);
        if self.is_hurried { ctx.hurried() } else { ctx }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn query(&self) -> &str {
        self.parts.uri.query().unwrap_or_default()
    }

    /// `GET /readyz`: the database answers.
    fn readyz(&self) -> Answer {
        match service::health::check_database(self.portico) {
            Ok(()) => plain("Ready", StatusCode::OK, "ready\n".to_owned()),
            Err(fault) => {
                log_broken(&self.info, &fault);
                let text = "the database does not answer\n".to_owned();
                plain("Ready", StatusCode::SERVICE_UNAVAILABLE, text)
            }
        }
    }
}

/// Where a request came from. A proxy that is trusted says for whom it asks.
pub fn request_info(
    portico: &Portico,
    trusted_proxies: &[IpAddr],
    headers: &HeaderMap,
    peer: SocketAddr,
) -> RequestInfo {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    RequestInfo {
        id: RequestId::random(&*portico.random),
        origin: Origin {
            source_address: client_address(trusted_proxies, headers, peer.ip()).to_string(),
            user_agent: text("user-agent").unwrap_or_default().to_owned(),
        },
        secure: portico.settings.public_url.starts_with("https://"),
    }
}

/// What the caller is not told goes to the log.
fn log_broken(info: &RequestInfo, fault: &Fault) {
    if let Fault::Broken(what) = fault {
        tracing::error!(request_id = %info.id, what, "a request broke");
    }
}

fn plain(operation: &'static str, status: StatusCode, text: String) -> Answer {
    let response = response(status, "text/plain; charset=utf-8", text.into());
    Answer { operation, response }
}

fn response(status: StatusCode, content_type: &'static str, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// An error whose name the SDKs read in a header.
fn error_response(
    (code, error, body): (u16, &'static str, serde_json::Value),
    content_type: &'static str,
) -> Response<Bytes> {
    let mut response = response(status(code), content_type, body.to_string().into());
    let name = HeaderName::from_static(protocol::rest_json::ERROR_TYPE);
    response.headers_mut().insert(name, HeaderValue::from_static(error));
    response
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
