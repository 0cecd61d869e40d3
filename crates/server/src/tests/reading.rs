//! Clients that send requests and do not read the answers.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use crate::connections::testing::connection;
use crate::connections::{Pace, Underway, answer_on, watch};
use crate::reading_client::ReadingClient;

/// Bytes that the line holds in each direction.
const LINE_BYTES: usize = 1024;

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_gets_no_further_answers() {
    for request in [
        // The answer to HEAD is a head alone, which hyper buffers in another place than a body.
        "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    ] {
        let (ours, mut theirs) = duplex(LINE_BYTES);
        let answered = Arc::new(AtomicUsize::new(0));
        let connection = connection();
        let stream = TokioIo::new(ReadingClient::new(ours));
        let counted = Arc::clone(&answered);
        let answer = service_fn(move |request: Request<Incoming>| {
            let (request, body) = watch(request);
            let underway = Underway::begin(&connection, body.is_unread(), 0);
            counted.fetch_add(1, Ordering::Relaxed);
            let answer = async { Ok::<_, Infallible>(Response::new(Body::from("0123456789"))) };
            answer_on(underway, (request.version(), body), Pace::default(), answer)
        });
        let serving = tokio::spawn(http1::Builder::new().serve_connection(stream, answer));
        let requests = request.repeat(10_000);
        let sending = theirs.write_all(requests.as_bytes());
        // The clock moves only when nothing else can happen any more.
        let sent = tokio::time::timeout(Duration::from_secs(30), sending).await;
        assert!(sent.is_err(), "all requests were taken without an answer being read");
        assert!(answered.load(Ordering::Relaxed) <= LINE_BYTES / 50, "{answered:?}");
        // A client that begins to read gets its answers.
        let mut answers = vec![0; 2 * LINE_BYTES];
        let reading = theirs.read_exact(&mut answers);
        tokio::time::timeout(Duration::from_secs(5), reading).await.unwrap().unwrap();
        serving.abort();
    }
}
