//! From a request to the protocol that it speaks, and on to an operation or a page.
//!
//! The head decided the protocol already (`destination`).

mod aws_json;
pub mod objects;
mod pages;
mod query;
mod rest_json;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use kernel::RequestInfo;
use model::fault::kept;
use model::service::PORTICO_ADMIN;
use model::{AuditEvent, Fault};

use crate::app::Site;
use crate::core::Core;
use crate::destination::{Destination, has_action};
use crate::exchange::{Answer, Attempt, Exchange, log_broken};
use crate::metrics::Load;
use crate::metrics_access::MetricsAccess;
use crate::reply::plain;
use crate::telemetry::logged;
use crate::timer::Timer;

/// An answer that is not given yet.
pub struct Prepared {
    answer: Answer,
    timer: Timer,
}

/// Prepares the answer to a request.
pub fn prepare(site: &Site, attempt: Attempt<'_>) -> Prepared {
    let timer = Timer::start();
    Prepared { answer: answer(site, attempt), timer }
}

impl Prepared {
    /// Tells whether the request succeeded.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.answer.response.status().is_success()
    }

    /// Completes the answer: its id, its metrics, its log line.
    #[must_use]
    pub fn finish(self, site: &Site, exchange: &Exchange) -> Response<Bytes> {
        let Self { answer: Answer { operation, mut response }, timer } = self;
        if let Ok(id) = HeaderValue::from_str(exchange.info.id.as_str()) {
            response.headers_mut().insert(HeaderName::from_static("x-amzn-requestid"), id);
        }
        site.metrics.record(operation, response.status(), &timer);
        if site.answer_lines.admit(exchange) {
            let (method, path) = (exchange.head.method(), exchange.head.path());
            log_answered(&exchange.info, (method, path), response.status(), &timer);
        }
        response
    }
}

/// Answers a request that nothing of is done, with this status.
#[must_use]
pub fn refuse(
    site: &Site,
    exchange: &Exchange,
    status: StatusCode,
    fault: &Fault,
) -> Response<Bytes> {
    let timer = Timer::start();
    let request_id = exchange.info.id.as_str();
    let mut response = match exchange.destination {
        Destination::Objects => objects::refusal(fault, request_id),
        Destination::AwsJson(_) => aws_json::refusal(exchange, fault),
        Destination::Rest(route, _) => rest_json::refusal(route, fault),
        Destination::Query => query::refusal(None, fault, request_id),
        Destination::Sandbox
        | Destination::Metrics
        | Destination::Alive
        | Destination::Ready
        | Destination::QueryOrPage
        | Destination::Page => {
            plain(REFUSED, status, format!("{}\n", protocol::sentence(fault))).response
        }
    };
    *response.status_mut() = status;
    Prepared { answer: Answer { operation: REFUSED, response }, timer }.finish(site, exchange)
}

/// The name in the metrics of requests of which nothing is done.
const REFUSED: &str = "Refused";

fn answer(site: &Site, attempt: Attempt<'_>) -> Answer {
    let exchange = attempt.exchange;
    let unsigned = match exchange.destination {
        Destination::AwsJson(operation) => return aws_json::answer(attempt, operation),
        Destination::Rest(route, operation) => return rest_json::answer(attempt, route, operation),
        Destination::Query => return query::answer(attempt),
        Destination::QueryOrPage if has_form_action(exchange) => return query::answer(attempt),
        Destination::Sandbox => control(site, exchange),
        Destination::Metrics => {
            let client = exchange.info.origin.source_address.parse().ok();
            let headers = &exchange.head.parts.headers;
            let access = &site.metrics_access;
            metrics(site, access, access.admits(headers, client, &site.trusted_proxies))
        }
        Destination::Ready => ready(&exchange.core),
        // The shell answers requests for objects by itself, because their bodies stream, and whether the process
        // runs, because no thread has to be free for that.
        Destination::QueryOrPage
        | Destination::Page
        | Destination::Objects
        | Destination::Alive => pages::answer(exchange),
    };
    if unsigned.response.status().is_client_error() && exchange.is_signed() {
        let head = &exchange.head;
        name_signer(attempt, Fault::unknown_request(head.method(), head.path()));
    }
    unsigned
}

/// Leaves the event of a signed request that is refused where no signature is asked for.
pub fn name_signer(attempt: Attempt<'_>, fault: Fault) {
    let head = &attempt.exchange.head;
    let asked = AuditEvent::new().asked("method", head.method());
    let asked = asked.asked("path", kept(head.path()));
    let action = PORTICO_ADMIN.unknown_action;
    // The answer is the same whatever becomes of the event.
    if let Err(fault) = attempt.refuse_unserved::<()>(action, asked, fault) {
        log_broken(&fault);
    }
}

fn has_form_action(exchange: &Exchange) -> bool {
    let body = exchange.body().ok().and_then(|body| std::str::from_utf8(body).ok());
    body.is_some_and(has_action)
}

/// A control route of the sandbox.
fn control(site: &Site, exchange: &Exchange) -> Answer {
    let Some(sandbox) = &site.sandbox else { return pages::answer(exchange) };
    let body = exchange.body();
    let (response, core) = sandbox.answer(&exchange.core, &exchange.head.parts, &body);
    if let Some(core) = core {
        site.replace_core(core);
    }
    Answer { operation: "Sandbox", response }
}

/// `GET /metrics`, if the client may read them.
#[must_use]
pub fn metrics(site: &Site, access: &MetricsAccess, is_admitted: bool) -> Answer {
    if !is_admitted {
        return plain("Metrics", StatusCode::FORBIDDEN, access.refusal().to_owned());
    }
    let core = site.core();
    let load = Load {
        waiting: site.workers.waiting() + site.write_queue.waiting(),
        connections: &site.connections,
        stranger_bytes: site.bodies.strangers.held(),
        strangers: &core.portico.strangers,
        audit_findings: core.portico.watch.findings(),
        forwards: &core.portico.forwards.all(),
        listening: core.portico.db.signals().how_it_listens(),
        certificate: site.certificate.as_deref(),
        messages: core.delivery.as_ref().map(|delivery| delivery.totals()),
    };
    plain("Metrics", StatusCode::OK, site.metrics.text(&load))
}

/// `GET /readyz`: whether the database answers, and whether the clocks agree.
#[must_use]
pub fn ready(core: &Core) -> Answer {
    let healthy = kernel::health::check_database(&core.portico);
    match healthy.and_then(|()| core.objects.require_shared_folder()) {
        Ok(()) => {
            let complaint = kernel::health::clock_complaint(&core.portico);
            let complaint = complaint.map(|complaint| format!("but {complaint}\n"));
            plain("Ready", StatusCode::OK, format!("ready\n{}", complaint.unwrap_or_default()))
        }
        Err(fault) => {
            log_broken(&fault);
            let text = "the database does not answer or takes no writes, or the files of objects are missing; the log says which\n";
            plain("Ready", StatusCode::SERVICE_UNAVAILABLE, text.to_owned())
        }
    }
}

/// Writes the log line of an answer. The span adds the request id, the operation and the caller.
fn log_answered(
    info: &RequestInfo,
    (method, path): (&str, &str),
    status: StatusCode,
    timer: &Timer,
) {
    tracing::info!(
        source = %info.origin.source_address,
        method,
        // INVARIANT: only the path; query strings hold tokens.
        path = logged(path),
        status = status.as_u16(),
        micros = timer.micros(),
        "answered"
    );
}
