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
use protocol::rest_json::find_route;
use protocol::sigv4::{Parts, Signed};
use service::Access;
use service::credentials::authenticate::authenticate;
use service::dispatch::trace;
use service::reply::WriteReply;
use service::{Ctx, Portico, RequestInfo};
use store::{Origin, Together};

use crate::app::{Core, Site, signed_parts};
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
    manner: Manner<'a>,
}

/// On what kind of thread a request is answered.
#[derive(Clone, Copy)]
enum Manner<'a> {
    /// One that may wait.
    Patient,
    /// One that must not.
    Hurried,
    /// One that answers several requests when what they wrote is on disk.
    Together(&'a Together<'a>),
}

/// The way on which a request is answered best.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Way {
    /// On the thread that took it: to a worker and back would take as long as the read does.
    AtOnce,
    /// With others that write, on one thread.
    Together,
    /// By a worker.
    Worker,
}

/// An answer that is not given yet.
pub struct Prepared {
    answer: Answer,
    info: RequestInfo,
    timer: Timer,
}

/// An answer, and what the log calls the operation.
struct Answer {
    operation: &'static str,
    response: Response<Bytes>,
}

/// A request whose body is here, and where it came from.
pub type Asked<'a> = (&'a request::Parts, &'a Collected, SocketAddr);

/// Answers one request. It may wait for the disk and for others.
pub fn answer(site: &Site, asked: Asked<'_>) -> Response<Bytes> {
    prepare(site, &site.core(), asked, Manner::Patient).finish(site, asked.0)
}

/// The way on which to answer a request.
#[must_use]
pub fn way(site: &Site, parts: &request::Parts, body: &Collected) -> Way {
    let is_short = matches!(body, Collected::Whole(body) if body.len() <= SHORT_BYTES_MAX);
    if !is_short || !site.core().portico.db.reads_at_once() {
        return Way::Worker;
    }
    let operation = if let Some(target) = parts.headers.get(TARGET) {
        target.to_str().ok().and_then(service::find)
    } else {
        let query = parts.uri.query().unwrap_or_default();
        let route = find_route(parts.method.as_str(), parts.uri.path(), query);
        route.and_then(rest_json::operation)
    };
    match operation.map(|operation| operation.access()) {
        Some(Access::Reads) => Way::AtOnce,
        Some(Access::Writes) => Way::Together,
        Some(Access::WritesSlowly) | None => Way::Worker,
    }
}

/// Answers a request among others; `together` is of the core's database.
pub fn answer_together(
    site: &Site,
    core: &Core,
    together: &Together<'_>,
    asked: Asked<'_>,
) -> Prepared {
    prepare(site, core, asked, Manner::Together(together))
}

/// Answers a read that goes well and waits for nobody.
pub fn answer_at_once(site: &Site, asked: Asked<'_>) -> Option<Response<Bytes>> {
    let prepared = prepare(site, &site.core(), asked, Manner::Hurried);
    let went_well = prepared.answer.response.status().is_success();
    went_well.then(|| prepared.finish(site, asked.0))
}

fn prepare(
    site: &Site,
    core: &Core,
    (parts, body, peer): Asked<'_>,
    manner: Manner<'_>,
) -> Prepared {
    let timer = Timer::start();
    let body = match body {
        Collected::Whole(body) => Ok(body),
        Collected::TooLong { bytes_max } => Err(Fault::TooLarge { bytes_max: *bytes_max as u64 }),
        Collected::NoRoom => Err(Fault::Busy),
    };
    let portico = &*core.portico;
    let info = request_info(portico, &site.trusted_proxies, &parts.headers, peer);
    let exchange = Exchange { portico, parts, body, info, manner };
    Prepared { answer: exchange.answer(site), info: exchange.info, timer }
}

impl Prepared {
    /// What every answer gets: an id, a place in the numbers, a line in the log.
    pub fn finish(self, site: &Site, parts: &request::Parts) -> Response<Bytes> {
        let Self { answer: Answer { operation, mut response }, info, timer } = self;
        if let Ok(id) = HeaderValue::from_str(info.id.as_str()) {
            response.headers_mut().insert(HeaderName::from_static("x-amzn-requestid"), id);
        }
        site.metrics.record(operation, response.status(), &timer);
        tracing::info!(
            request_id = %info.id,
            source = %info.origin.source_address,
            method = %parts.method,
            // INVARIANT: the path alone; query strings hold tokens.
            path = logged(parts.uri.path()),
            operation,
            status = response.status().as_u16(),
            micros = timer.micros(),
            "answered"
        );
        response
    }
}

impl Exchange<'_> {
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
        if let Some(route) = find_route(method, path, self.query()) {
            return rest_json::answer(self, route);
        }
        if query::is_query(self) {
            return query::answer(self);
        }
        pages::answer(self, &site.core().web)
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
        match self.manner {
            Manner::Patient => ctx,
            Manner::Hurried => ctx.hurried(),
            Manner::Together(together) => ctx.within(together),
        }
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

/// The JSON of a reply.
fn json(reply: &dyn WriteReply) -> Result<Vec<u8>, Fault> {
    let mut json = Vec::with_capacity(256);
    reply.write_json(&mut json)?;
    Ok(json)
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
