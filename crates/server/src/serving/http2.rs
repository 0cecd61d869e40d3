//! Connections of HTTP/2. RFC 9113.
//!
//! INVARIANT: the requests of a connection together hold little more than the one of HTTP/1.1 may (`own_bytes`), a
//! client that gives up request after request loses its connection (rapid reset, CVE-2023-44487), and so does one that
//! takes nothing of an answer for a minute.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{HeaderMap, HeaderValue, Request, header};
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};

use super::caller::{Caller, Failure};
use super::own_bytes::OwnBytes;
use super::stopping::Told;
use crate::connections::{Paces, Phase, Underway, answer_on, watch};
use crate::raw_answer::{HEAD_BYTES_MAX, HEADERS_MAX, Unread};

/// Maximum number of requests at a time on a connection. Browsers have six connections of HTTP/1.1 instead.
const REQUESTS_MAX: u32 = 16;

/// Maximum number of bytes of a body that were sent and not read yet: of one request, and of all on a connection.
const REQUEST_WINDOW_BYTES: u32 = 128 * 1024;
const CONNECTION_WINDOW_BYTES: u32 = 256 * 1024;

/// Maximum number of bytes of an answer that wait to be sent.
const SEND_BYTES_MAX: usize = 64 * 1024;

/// Maximum number of requests that a client gives up before they are looked at, and of those that are refused for a
/// wrong form. RFC 9113 §10.5.
const RESETS_MAX: usize = 20;

/// Time between two looks at a connection.
const LOOK_PAUSE: Duration = Duration::from_secs(5);

/// Number of looks at a connection without a request after which it ends: 20 s, as in HTTP/1.1.
const IDLE_LOOKS_MAX: u32 = 4;

/// Number of looks at an answer of which nothing is taken after which the connection ends: a minute.
const STUCK_LOOKS_MAX: u32 = 12;

/// Serves a connection until it ends. When the server stops, the requests under way are the last.
pub(super) async fn serve<S>(stream: S, caller: Caller, mut told: Told) -> Result<(), Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Caller { peer, networks, connection, site, router } = caller;
    let mut http = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    http.max_concurrent_streams(REQUESTS_MAX)
        .max_header_list_size(u32::try_from(HEAD_BYTES_MAX)?)
        .initial_stream_window_size(REQUEST_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_send_buf_size(SEND_BYTES_MAX)
        .max_pending_accept_reset_streams(RESETS_MAX)
        .max_local_error_reset_streams(RESETS_MAX);
    let own_bytes = OwnBytes::new(Arc::clone(&site.bodies.strangers), networks);
    let (paces, service) = (Arc::new(Paces::default()), TowerToHyperService::new(router));
    let (watched, on) = (Arc::clone(&paces), Arc::clone(&connection));
    let answer = service_fn(move |request: Request<Incoming>| {
        let (mut request, body) = watch(request);
        let head_bytes = head_bytes(&request);
        let is_long = head_bytes > HEAD_BYTES_MAX || request.headers().len() > HEADERS_MAX;
        let taken = own_bytes.take(head_bytes, body.is_unread());
        let refusal = match &taken {
            _ if is_long => Some(Unread::LongHead),
            None => Some(Unread::NoRoom),
            Some(_) => None,
        };
        let refusal = refusal.map(|why| why.response(&site).map(Body::from));
        let own_body_bytes = taken.as_ref().map_or(0, |taken| taken.body_bytes);
        let underway = Underway::begin(&on, body.is_unread(), own_body_bytes);
        join_cookies(request.headers_mut());
        request.extensions_mut().insert(ConnectInfo(peer));
        if let Some(underway) = &underway {
            request.extensions_mut().insert(Arc::clone(underway));
        }
        let of_body = (request.version(), body);
        // A future of the router does nothing before it is polled.
        let answered = match refusal {
            Some(refusal) => Err(ready(Ok(refusal))),
            None => Ok(service.call(request)),
        };
        let answered = async move {
            let _taken = taken;
            match answered {
                Ok(answered) => answered.await,
                Err(refused) => refused.await,
            }
        };
        answer_on(underway, of_body, watched.watch(), answered)
    });
    let mut serving = std::pin::pin!(http.serve_connection(TokioIo::new(stream), answer));
    let (mut is_ending, mut idle_looks, mut seen) = (false, 0, connection.phase());
    loop {
        tokio::select! {
            ended = serving.as_mut() => return Ok(ended?),
            () = told.wait(), if !is_ending => {
                is_ending = true;
                serving.as_mut().graceful_shutdown();
            }
            () = connection.flooded() => return Err("too many requests were given up".into()),
            () = tokio::time::sleep(LOOK_PAUSE) => {
                if paces.look() >= STUCK_LOOKS_MAX {
                    return Err("an answer is not taken".into());
                }
                // Each time of waiting has a number of its own.
                let is_idle = matches!(seen, Phase::Waiting(_)) && seen == connection.phase();
                idle_looks = if is_idle { idle_looks + 1 } else { 0 };
                seen = connection.phase();
                match idle_looks {
                    // A client that does not confirm the end is left.
                    IDLE_END.. => return Ok(()),
                    IDLE_LOOKS_MAX => serving.as_mut().graceful_shutdown(),
                    _ => {}
                }
            }
        }
    }
}

/// Number of looks at a connection without a request after which it is left.
const IDLE_END: u32 = IDLE_LOOKS_MAX + 1;

/// Number of bytes of a head, as in HTTP/1.1.
fn head_bytes<B>(request: &Request<B>) -> usize {
    let uri = request.uri();
    let target = uri.path_and_query().map_or(0, |path| path.as_str().len());
    let host = uri.authority().map_or(0, |host| host.as_str().len());
    let lines = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    request.method().as_str().len() + target + host + lines.sum::<usize>()
}

/// Makes one line of several with cookies. RFC 9113 §8.2.3.
fn join_cookies(headers: &mut HeaderMap) {
    let lines: Vec<&[u8]> =
        headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if lines.len() > 1
        && let Ok(joined) = HeaderValue::from_bytes(&lines.join(&b"; "[..]))
    {
        headers.insert(header::COOKIE, joined);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_in_several_lines_are_one() {
        let mut headers = HeaderMap::new();
        for cookie in ["a=1", "b=2"] {
            headers.append(header::COOKIE, HeaderValue::from_static(cookie));
        }
        join_cookies(&mut headers);
        let lines: Vec<_> = headers.get_all(header::COOKIE).iter().collect();
        assert_eq!(lines, ["a=1; b=2"]);
    }

    #[test]
    fn a_head_counts_what_it_has() {
        let request = Request::get("https://localhost/a?b").header("x", "yz").body(()).unwrap();
        assert_eq!(head_bytes(&request), 3 + 4 + 9 + 1 + 2 + 4);
    }
}
