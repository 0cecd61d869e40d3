//! HTTP/2: its requests, and what one connection may cost.

use bytes::Bytes;
use h2::client::{self, ResponseFuture, SendRequest};
use h2::{Reason, SendStream};
use http::{Request, StatusCode, Version, request};
use rustls::version::TLS13;
use tokio::task::JoinHandle;

use super::kit::{Bench, HOST, head, signed};
use super::sockets::ip;
use super::tls::Secured;
use crate::body::Bodies;
use crate::host_names::Names;
use crate::raw_answer::{HEAD_BYTES_MAX, HEADERS_MAX};
use crate::shares::shares_of;

/// A connection of HTTP/2.
struct Client {
    requests: SendRequest<Bytes>,
    driver: JoinHandle<Result<(), h2::Error>>,
}

impl Client {
    async fn of(secured: &Secured) -> Self {
        Self::with_window(secured, 1024 * 1024).await
    }

    /// A client that takes this many bytes of an answer.
    async fn with_window(secured: &Secured, window: u32) -> Self {
        let stream = secured.connect(ip("127.0.0.1"), &[&TLS13], &[b"h2"]).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let mut builder = client::Builder::new();
        builder.initial_window_size(window);
        let (requests, connection) = builder.handshake(stream).await.unwrap();
        let driver = tokio::spawn(connection);
        // The server's settings have arrived when this is answered.
        let mut client = Self { requests, driver };
        let (status, _) = client.ask(get("/healthz", &[])).await;
        assert_eq!(status, StatusCode::OK);
        client
    }

    async fn begin(
        &mut self,
        request: Request<()>,
        is_whole: bool,
    ) -> Result<(ResponseFuture, SendStream<Bytes>), h2::Error> {
        let mut ready = self.requests.clone().ready().await?;
        ready.send_request(request, is_whole)
    }

    /// Sends a request without a body, and reads the answer.
    async fn ask(&mut self, request: Request<()>) -> (StatusCode, String) {
        let (answer, _) = self.begin(request, true).await.unwrap();
        read(answer).await
    }
}

async fn read(answer: ResponseFuture) -> (StatusCode, String) {
    let (parts, mut body) = answer.await.unwrap().into_parts();
    let mut text = Vec::new();
    while let Some(data) = body.data().await {
        let data = data.unwrap();
        body.flow_control().release_capacity(data.len()).unwrap();
        text.extend_from_slice(&data);
    }
    assert_eq!(parts.headers["x-content-type-options"], "nosniff");
    (parts.status, String::from_utf8(text).unwrap())
}

fn request(method: &str, target: &str, headers: &[(&str, &str)]) -> Request<()> {
    let mut request = Request::builder()
        .method(method)
        .version(Version::HTTP_2)
        .uri(format!("https://{HOST}{target}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap()
}

fn get(target: &str, headers: &[(&str, &str)]) -> Request<()> {
    request("GET", target, headers)
}

/// A request with a signature for S3.
fn signed_for_s3(method: &str, target: &str, body: &str) -> Request<()> {
    let request::Parts { headers, .. } = signed(head(method, target, &[]), "s3", body);
    let mut request = request(method, target, &[]);
    *request.headers_mut() = headers;
    request
}

#[tokio::test]
async fn a_request_has_one_authority() {
    let bench = Bench::with(|site| site.names = Some(Names::of_sandbox(&[])));
    let secured = Secured::on(bench).await;
    let mut client = Client::of(&secured).await;
    for (host, status) in [
        (HOST, StatusCode::OK),
        ("other.example", StatusCode::BAD_REQUEST),
        ("localhost:1", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(client.ask(get("/readyz", &[("host", host)])).await.0, status, "{host}");
    }
    // The names of a server on loopback count here too.
    let foreign = Request::get("https://other.example/start").version(Version::HTTP_2);
    let (status, _) = client.ask(foreign.body(()).unwrap()).await;
    assert_eq!(status, StatusCode::MISDIRECTED_REQUEST);
    drop(client);
    secured.listening.end().await;
}

#[tokio::test]
async fn heads_are_bounded() {
    let secured = Secured::on(Bench::new()).await;
    let mut client = Client::of(&secured).await;
    assert_eq!(client.requests.current_max_send_streams(), 16);
    let long = "y".repeat(HEAD_BYTES_MAX - 300);
    assert_eq!(client.ask(get("/healthz", &[("x", &long)])).await.0, StatusCode::OK);
    let names: Vec<String> = (0..=HEADERS_MAX).map(|number| format!("x{number}")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "y")).collect();
    let (status, text) = client.ask(get("/healthz", &many)).await;
    assert_eq!(status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    assert!(text.contains("100 headers"), "{text}");
    // The HTTP library refuses what is longer, without words.
    let longer = "y".repeat(HEAD_BYTES_MAX);
    let (answer, _) = client.begin(get("/healthz", &[("x", &longer)]), true).await.unwrap();
    let answered = answer.await;
    assert!(
        answered.as_ref().map_or(true, |answer| answer.status().is_client_error()),
        "{answered:?}"
    );
    drop(client);
    secured.listening.end().await;
}

#[tokio::test]
async fn the_requests_of_a_connection_share_its_bytes() {
    let bench = Bench::with(|site| site.bodies = Bodies::new(shares_of(8 * 1000)));
    let secured = Secured::on(bench).await;
    let mut client = Client::of(&secured).await;
    let long = "y".repeat(4096);
    let mut open = Vec::new();
    // Their bodies do not arrive. Two of them fit.
    for _ in 0..2 {
        let request = request("POST", "/token", &[("x", &long)]);
        open.push(client.begin(request, false).await.unwrap());
    }
    let (status, _) = client.ask(get("/healthz", &[("x", &long)])).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    for (_, mut body) in open {
        body.send_reset(Reason::CANCEL);
    }
    while client.ask(get("/healthz", &[("x", &long)])).await.0 != StatusCode::OK {}
    assert_eq!(secured.listening.bench.site.bodies.strangers.held(), 0);
    drop(client);
    secured.listening.end().await;
}

#[tokio::test]
async fn a_client_that_gives_up_its_requests_loses_its_connection() {
    let secured = Secured::on(Bench::new()).await;
    let mut client = Client::of(&secured).await;
    let mut given_up = 0;
    while let Ok((_, mut body)) = client.begin(request("POST", "/token", &[]), false).await {
        // The server has begun with the request.
        tokio::task::yield_now().await;
        body.send_reset(Reason::CANCEL);
        given_up += 1;
        assert!(given_up < 10_000, "nobody ends the connection");
    }
    client.driver.await.unwrap().unwrap_err();
    secured.listening.until_open(0).await;
    secured.listening.end().await;
}

#[tokio::test]
async fn a_server_that_stops_finishes_the_requests_under_way() {
    let secured = Secured::on(Bench::new()).await;
    let mut client = Client::of(&secured).await;
    let json = [("content-type", "application/json")];
    let (answer, mut body) = client.begin(request("POST", "/token", &json), false).await.unwrap();
    body.send_data(Bytes::from_static(b"{"), false).unwrap();
    let Secured { listening, .. } = secured;
    let ended = tokio::spawn(listening.end());
    // Later requests are refused once the client knows.
    while client.begin(get("/healthz", &[]), true).await.is_ok() {
        tokio::task::yield_now().await;
    }
    body.send_data(Bytes::from_static(b"}"), true).unwrap();
    assert_eq!(read(answer).await.0, StatusCode::BAD_REQUEST);
    client.driver.await.unwrap().unwrap();
    ended.await.unwrap();
}

#[tokio::test]
async fn a_connection_without_requests_ends() {
    let secured = Secured::on(Bench::new()).await;
    let client = Client::of(&secured).await;
    let Client { requests, driver } = client;
    // The clock moves only when nothing else can happen any more.
    tokio::time::pause();
    driver.await.unwrap().unwrap();
    tokio::time::resume();
    drop(requests);
    secured.listening.until_open(0).await;
    secured.listening.end().await;
}

#[tokio::test]
async fn bodies_of_objects_stream_and_who_takes_nothing_of_one_is_left() {
    let secured = Secured::on(Bench::new()).await;
    let mut client = Client::of(&secured).await;
    let (status, text) = client.ask(signed_for_s3("PUT", "/bucket", "")).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    // Several windows of a body.
    let object = "0123456789abcdef".repeat(64 * 1024);
    let mut put = signed_for_s3("PUT", "/bucket/key", &object);
    put.headers_mut().insert("content-length", object.len().into());
    let (answer, mut body) = client.begin(put, false).await.unwrap();
    let mut rest = Bytes::from(object.clone());
    while !rest.is_empty() {
        body.reserve_capacity(rest.len());
        let room = std::future::poll_fn(|context| body.poll_capacity(context)).await;
        let part = rest.split_to(room.unwrap().unwrap());
        body.send_data(part, rest.is_empty()).unwrap();
    }
    let (status, text) = read(answer).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let (status, got) = client.ask(signed_for_s3("GET", "/bucket/key", "")).await;
    assert!(status == StatusCode::OK && got == object, "{status} {}", got.len());
    drop(client);

    let mut slow = Client::with_window(&secured, 1000).await;
    let (answer, _) = slow.begin(signed_for_s3("GET", "/bucket/key", ""), true).await.unwrap();
    let _untaken = answer.await.unwrap();
    tokio::time::pause();
    slow.driver.await.unwrap().unwrap_err();
    tokio::time::resume();
    secured.listening.until_open(0).await;
    secured.listening.end().await;
}
