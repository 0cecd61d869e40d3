//! Connections of HTTP/1.1. RFC 9112.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};

use super::caller::{Caller, Failure};
use super::stopping::Told;
use crate::body::OWN_BODY_BYTES;
use crate::connections::{Pace, Underway, answer_on, watch};
use crate::head_reader::HeadReader;
use crate::raw_answer::{HEAD_BYTES_MAX, HEADERS_MAX};

/// Maximum length of the buffers of a connection. They grow only while a body streams in.
const BUFFER_BYTES_MAX: usize = 64 * 1024;

/// Maximum time of a request head, and of an idle connection.
const HEAD_TIME_MAX: Duration = Duration::from_secs(20);

/// Serves a connection until it ends. When the server stops, the request under way is the last.
pub(super) async fn serve<S>(
    stream: S,
    caller: Caller,
    is_tls: bool,
    mut told: Told,
) -> Result<(), Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Caller { peer, networks, connection, site, router } = caller;
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME_MAX);
    // `HeadReader` refuses long heads in words. This is for those that arrive with the request before.
    http.max_headers(HEADERS_MAX).max_header_size(HEAD_BYTES_MAX + 1);
    http.max_buf_size(BUFFER_BYTES_MAX);
    let of = (Arc::clone(&connection), site);
    let stream = HeadReader::new(stream, of, networks, is_tls);
    let service = TowerToHyperService::new(router);
    let answer = service_fn(move |request: http::Request<Incoming>| {
        let (mut request, body) = watch(request);
        let underway = Underway::begin(&connection, body.is_unread(), OWN_BODY_BYTES);
        request.extensions_mut().insert(ConnectInfo(peer));
        if let Some(underway) = &underway {
            request.extensions_mut().insert(Arc::clone(underway));
        }
        let of_body = (request.version(), body);
        // A client that reads nothing stalls the stream, which `ReadingClient` notices.
        answer_on(underway, of_body, Pace::default(), service.call(request))
    });
    let mut serving = std::pin::pin!(http.serve_connection(TokioIo::new(stream), answer));
    tokio::select! {
        ended = serving.as_mut() => return Ok(ended?),
        () = told.wait() => serving.as_mut().graceful_shutdown(),
    }
    Ok(serving.await?)
}
