//! What every request passes before the router, and every answer after it.
//!
//! INVARIANT: below this module a request has exactly one `Host`, which is a host, and no other name of a
//! host: `one_host` replaced an absolute request target. Answers before there is a request (`raw_answer`) do not
//! pass here; they take their headers from `answer_headers` too.

pub mod answer_headers;
mod one_host;
mod other_sites;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{StatusCode, request};
use model::Fault;
use model::fault::Text;
use tracing::Instrument;

use crate::app::Site;
use crate::body::Collected;
use crate::exchange::{Attempt, Exchange};
use crate::router;

/// A request that is refused before anything of it is done.
#[derive(Debug)]
pub struct Refused {
    pub status: StatusCode,
    /// The words for the client. Their code is the one of the protocol that the request speaks.
    pub fault: Fault,
}

impl Refused {
    /// A request that is none of HTTP. `must` ends the sentence "The request must …".
    fn unreadable(must: impl Into<Text>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, fault: Fault::Unreadable { must: must.into() } }
    }

    /// A request that is not for this server, or not from whom it serves.
    fn not_admitted(status: StatusCode, must: impl Into<Text>) -> Self {
        Self { status, fault: Fault::NotAdmitted { must: must.into() } }
    }
}

/// The address of the client's end of the connection.
type Peer = axum::Extension<ConnectInfo<SocketAddr>>;

/// Passes a request to the server on, unless it is refused, and completes its answer.
pub async fn pass(
    State(site): State<Arc<Site>>,
    peer: Peer,
    request: Request,
    next: Next,
) -> Result<Response, Infallible> {
    Ok(pass_admitted(&site, peer, request, next, admit).await)
}

/// Passes a request to the address of the metrics on, under whatever name it has.
pub async fn pass_to_metrics(
    State(site): State<Arc<Site>>,
    peer: Peer,
    request: Request,
    next: Next,
) -> Result<Response, Infallible> {
    Ok(pass_admitted(&site, peer, request, next, |_, head| one_host::leave_one(head)).await)
}

async fn pass_admitted(
    site: &Site,
    axum::Extension(ConnectInfo(peer)): Peer,
    request: Request,
    next: Next,
    admit: impl FnOnce(&Site, &mut request::Parts) -> Result<(), Refused>,
) -> Response {
    let (mut head, body) = request.into_parts();
    let mut response = match admit(site, &mut head) {
        Ok(()) => next.run(Request::from_parts(head, body)).await,
        Err(refused) => refuse(site, head, peer, refused).await,
    };
    answer_headers::complete(site, response.status(), response.headers_mut());
    response
}

fn admit(site: &Site, head: &mut request::Parts) -> Result<(), Refused> {
    one_host::leave_one(head)?;
    if let Some(names) = &site.names {
        // RFC 9110 §15.5.20: the server does not answer for this host.
        let misdirected = |must| Refused::not_admitted(StatusCode::MISDIRECTED_REQUEST, must);
        names.check(head).map_err(misdirected)?;
    }
    if site.sandbox.is_some() {
        other_sites::refuse_others(head)?;
    }
    Ok(())
}

/// The answer to a request that is refused, in the words of the protocol that it speaks. If the head proves who
/// signed it, the event of the refusal names them.
pub async fn refuse(
    site: &Site,
    head: request::Parts,
    peer: SocketAddr,
    Refused { status, fault }: Refused,
) -> Response {
    let (core, is_sandbox) = (site.core(), site.sandbox.is_some());
    let exchange = Exchange::begin(core, is_sandbox, &site.trusted_proxies, head, peer);
    let span = exchange.span.clone();
    let response = span.in_scope(|| router::refuse(site, &exchange, status, &fault));
    if exchange.is_signed() {
        // Nothing is known of the body, which is not read.
        let exchange = Exchange { body: Collected::Refused(fault.clone()), ..exchange };
        let name = move || router::name_signer(Attempt::of_worker(&exchange), fault);
        // A full queue costs the event, not the answer.
        site.workers.run(name).instrument(span).await.ok();
    }
    response.map(Body::from)
}
