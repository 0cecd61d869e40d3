//! What every request passes before the router, and every answer after it.
//!
//! INVARIANT: below this module a request has exactly one `Host`, which is a host, and no other name of a
//! host: `one_host` replaced an absolute request target. Answers that HTTP itself needs before there is a request
//! (an unreadable head, one that is too long) are written by the HTTP library and do not come by here.

mod answer_headers;
mod one_host;

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

use crate::app::Site;
use crate::exchange::Exchange;
use crate::router;

/// A request that is refused before anything of it is done.
#[derive(Debug)]
pub struct Refused {
    pub status: StatusCode,
    /// The words for the client. Their code is the one of the protocol that the request speaks.
    pub fault: Fault,
}

impl Refused {
    /// `must` ends the sentence "The request must …".
    fn because(status: StatusCode, must: impl Into<Text>) -> Self {
        Self { status, fault: Fault::Unreadable { must: must.into() } }
    }
}

/// Passes a request on, unless it is refused, and completes its answer.
pub async fn pass(
    State(site): State<Arc<Site>>,
    axum::Extension(ConnectInfo(peer)): axum::Extension<ConnectInfo<SocketAddr>>,
    request: Request,
    next: Next,
) -> Result<Response, Infallible> {
    let (mut head, body) = request.into_parts();
    let mut response = match admit(&mut head) {
        Ok(()) => next.run(Request::from_parts(head, body)).await,
        Err(refused) => refuse(&site, head, peer, &refused),
    };
    answer_headers::complete(&site, response.headers_mut());
    Ok(response)
}

fn admit(head: &mut request::Parts) -> Result<(), Refused> {
    one_host::leave_one(head)
}

/// The answer to a request that is refused, in the words of the protocol that it speaks.
fn refuse(site: &Site, head: request::Parts, peer: SocketAddr, refused: &Refused) -> Response {
    let (core, is_sandbox) = (site.core(), site.sandbox.is_some());
    let exchange = Exchange::begin(core, is_sandbox, &site.trusted_proxies, head, peer);
    let _entered = exchange.span.enter();
    router::refuse(site, &exchange, refused.status, &refused.fault).map(Body::from)
}
