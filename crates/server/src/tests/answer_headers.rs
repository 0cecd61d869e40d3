//! The headers that every answer has, over real sockets.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::kit::Bench;
use crate::shell;

/// One request for each kind of answer, and the status of that answer.
const REQUESTS: &[(&str, u16)] = &[
    ("GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n", 200),
    ("PUT /healthz HTTP/1.1\r\nhost: a\r\n\r\n", 405),
    ("GET /readyz HTTP/1.1\r\nhost: a\r\n\r\n", 200),
    ("GET /_sandbox/mail HTTP/1.1\r\nhost: a\r\n\r\n", 200),
    ("GET /sign-in HTTP/1.1\r\nhost: a\r\n\r\n", 200),
    ("GET / HTTP/1.1\r\nhost: a\r\n\r\n", 303),
    ("GET /NOWHERE HTTP/1.1\r\nhost: a\r\n\r\n", 404),
    ("GET /bucket/key HTTP/1.1\r\nhost: a\r\n\r\n", 403),
    ("POST / HTTP/1.1\r\nhost: a\r\nx-amz-target: X.Y\r\ncontent-length: 0\r\n\r\n", 400),
    ("POST /token HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n", 400),
    ("GET /assignment/accounts HTTP/1.1\r\nhost: a\r\n\r\n", 401),
    ("GET /?Action=GetCallerIdentity HTTP/1.1\r\nhost: a\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nZ\r\n", 400),
    ("POST /token HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n", 400),
    ("OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n", 404),
    ("CONNECT a:80 HTTP/1.1\r\nhost: a\r\n\r\n", 404),
    // Requests that are refused before they reach the router, in each protocol.
    ("GET /healthz HTTP/1.1\r\n\r\n", 400),
    ("GET /sign-in HTTP/1.0\r\n\r\n", 400),
    ("GET /bucket/key HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\nx-amz-target: X.Y\r\ncontent-length: 0\r\n\r\n", 400),
    ("POST /token HTTP/1.1\r\nhost: a b\r\ncontent-length: 0\r\n\r\n", 400),
    ("GET /?Action=GetCallerIdentity HTTP/1.1\r\nhost:\r\n\r\n", 400),
];

async fn serve(public_url: &str) -> (Bench, SocketAddr) {
    let bench = Bench::with_public_url(public_url);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (site, routes) = (Arc::clone(&bench.site), shell::routes(Arc::clone(&bench.site)));
    tokio::spawn(shell::serve(listener, site, routes, std::future::pending()));
    (bench, address)
}

async fn send(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// The values of a header of an answer.
fn header<'a>(answer: &'a str, name: &str) -> Vec<&'a str> {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_of_an_https_server_says_that_it_is_one() {
    let (_bench, address) = serve("https://sso.example.com").await;
    for (request, status) in REQUESTS {
        let answer = send(address, request).await;
        assert_eq!(answer.get(8..13), Some(&*format!(" {status} ")), "{request}\n{answer}");
        let told = header(&answer, "strict-transport-security");
        assert_eq!(told, ["max-age=31536000; includeSubDomains"], "{request}\n{answer}");
        assert_eq!(header(&answer, "date").len(), 1, "{request}\n{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_of_a_plain_server_speaks_of_https() {
    let (_bench, address) = serve("http://localhost:8080").await;
    for (request, _) in REQUESTS {
        let answer = send(address, request).await;
        assert!(header(&answer, "strict-transport-security").is_empty(), "{request}\n{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_of_a_sandbox_has_the_date_of_its_clock() {
    let (bench, address) = serve("http://localhost:8080").await;
    // Past every date of this century.
    bench.site.sandbox.as_ref().unwrap().clock.advance(100 * 366 * 24 * 60 * 60 * 1000);
    for (request, _) in REQUESTS {
        let answer = send(address, request).await;
        let date = header(&answer, "date");
        assert!(date.len() == 1 && date[0].contains(" 21"), "{request}\n{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_in_the_words_of_the_protocol() {
    let (_bench, address) = serve("http://localhost:8080").await;
    let body = async |request: &str| {
        let answer = send(address, request).await;
        let id = header(&answer, "x-amzn-requestid").concat();
        answer.split_once("\r\n\r\n").unwrap().1.replace(&id, "ID")
    };
    insta::assert_snapshot!(
        body("GET /bucket/key HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n").await,
        @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <Error><Code>InvalidRequest</Code><Message>The request must have one Host header, not several (RFC 9112 §3.2).</Message><RequestId>ID</RequestId></Error>
    "#
    );
    insta::assert_snapshot!(
        body("POST / HTTP/1.1\r\nx-amz-target: AWSIdentityStore.X\r\n\r\n").await,
        @r#"{"__type":"SerializationException","Message":"The request must have a Host header (RFC 9112 §3.2).","RequestId":"ID"}"#
    );
    insta::assert_snapshot!(
        body("GET /healthz HTTP/1.1\r\n\r\n").await,
        @"The request must have a Host header (RFC 9112 §3.2)."
    );
    insta::assert_snapshot!(
        body("GET /sign-in HTTP/1.1\r\nhost: a,b\r\n\r\n").await,
        @"The request must have a Host header with a name or an address, and a port if need be."
    );
}
