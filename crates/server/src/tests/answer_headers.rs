//! The headers that every answer has, over real sockets.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::kit::Bench;
use super::sockets::read_answer;
use crate::raw_answer::{HEAD_BYTES_MAX, HEADERS_MAX, Unread};
use crate::serving::{self, Listener};
use crate::shell;

/// One request for each kind of answer, and the status of that answer.
const REQUESTS: &[(&str, u16)] = &[
    ("GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n", 200),
    ("PUT /healthz HTTP/1.1\r\nhost: a\r\n\r\n", 200),
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

/// Heads that no request can be read from, and the status of the answer. The connection then ends.
const HEADS: &[(&str, u16)] = &[
    ("GET\r\n\r\n", 400),
    ("GET / HTTP/9.9\r\nhost: a\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nhost: a\r\nx y: z\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nhost\r\n\r\n", 400),
    ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}", 400),
    ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", 400),
];

/// Heads as `HEADS`, too long to be written out.
fn long_heads() -> [String; 2] {
    let start = "GET / HTTP/1.1\r\nhost: a\r\n";
    let many = (0..HEADERS_MAX).map(|number| format!("x{number}: y\r\n"));
    [
        format!("{start}{}\r\n", many.collect::<String>()),
        format!("{start}x: {}\r\n\r\n", "y".repeat(HEAD_BYTES_MAX)),
    ]
}

/// All heads with their statuses, as the first ones of a connection and after requests that were answered.
fn unreadable() -> Vec<(Vec<String>, u16)> {
    let health = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n".to_owned();
    // A refused request whose body was not read ends the connection.
    let refused = "POST /token HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n\
        content-length: 2\r\n\r\n{}";
    let refused = refused.to_owned();
    let heads = HEADS.iter().map(|(head, status)| ((*head).to_owned(), *status));
    let heads = heads.chain(long_heads().map(|head| (head, 431)));
    let before = |head: String, status| {
        [vec![], vec![health.clone()], vec![refused.clone(), health.clone()]]
            .map(|before| ([before, vec![head.clone()]].concat(), status))
    };
    heads.flat_map(|(head, status)| before(head, status)).collect()
}

/// Sends requests, each after the answer to the one before, and returns the last answer. The server then ends
/// the connection.
async fn last_answer(address: SocketAddr, requests: &[String]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let (last, before) = requests.split_last().unwrap();
    for request in before {
        stream.write_all(request.as_bytes()).await.unwrap();
        read_answer(&mut stream).await;
    }
    stream.write_all(last.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

async fn serve(public_url: &str) -> (Bench, SocketAddr) {
    let bench = Bench::with_public_url(public_url);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (site, routes) = (Arc::clone(&bench.site), shell::routes(Arc::clone(&bench.site)));
    tokio::spawn(serving::serve(Listener::plain(listener), site, routes, std::future::pending()));
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
        let sniffed = header(&answer, "x-content-type-options");
        assert_eq!(sniffed, ["nosniff"], "{request}\n{answer}");
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
async fn an_answer_to_a_head_that_cannot_be_read_has_them_too() {
    let (bench, address) = serve("https://sso.example.com").await;
    // A century on, to tell its clock from that of the machine.
    bench.site.sandbox.as_ref().unwrap().clock.advance(100 * 366 * 24 * 60 * 60 * 1000);
    for (requests, status) in unreadable() {
        let answer = last_answer(address, &requests).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{requests:?}\n{answer}");
        let told = header(&answer, "strict-transport-security");
        assert_eq!(told, ["max-age=31536000; includeSubDomains"], "{requests:?}\n{answer}");
        let date = header(&answer, "date");
        assert!(date.len() == 1 && date[0].contains(" 21"), "{requests:?}\n{answer}");
        assert_eq!(header(&answer, "connection"), ["close"], "{requests:?}\n{answer}");
        let sniffed = header(&answer, "x-content-type-options");
        assert_eq!(sniffed, ["nosniff"], "{requests:?}\n{answer}");
        let (_, text) = answer.split_once("\r\n\r\n").unwrap();
        assert_eq!(header(&answer, "content-length"), [text.len().to_string()], "{answer}");
        assert!(text.starts_with("The request"), "{requests:?}\n{answer}");
    }
    let (_bench, address) = serve("http://localhost:8080").await;
    for (requests, _) in unreadable() {
        let answer = last_answer(address, &requests).await;
        assert!(header(&answer, "strict-transport-security").is_empty(), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_to_a_connection_without_room_has_them_too() {
    let (bench, _) = serve("https://sso.example.com").await;
    for why in [Unread::NoRoom, Unread::NoConnection] {
        let answer = String::from_utf8(why.answer(&bench.site)).unwrap();
        assert!(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{answer}");
        let told = header(&answer, "strict-transport-security");
        assert_eq!(told, ["max-age=31536000; includeSubDomains"], "{answer}");
        assert_eq!(header(&answer, "retry-after"), ["1"], "{answer}");
        assert_eq!(header(&answer, "date").len(), 1, "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_not_taken_for_one_that_the_library_wrote() {
    let (_bench, address) = serve("https://sso.example.com").await;
    let health = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n";
    // The wrong head arrives with the requests before it, so it is read while their answers are sent.
    for count in 0..20 {
        let answers = last_answer(address, &[format!("{}GET\r\n\r\n", health.repeat(count))]).await;
        assert_eq!(answers.matches(r#"{"status":"ok"}"#).count(), count, "{answers}");
        assert_eq!(answers.matches("HTTP/1.1 200 OK\r\n").count(), count, "{answers}");
        assert_eq!(answers.matches("HTTP/1.1 400 Bad Request\r\n").count(), 1, "{answers}");
        assert_eq!(answers.matches("strict-transport-security: ").count(), count + 1, "{answers}");
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
    // A page of another site. The command line shows the code and the message.
    let foreign = "host: a\r\norigin: http://evil.example\r\n";
    insta::assert_snapshot!(
        body(&format!("POST / HTTP/1.1\r\n{foreign}x-amz-target: AWSIdentityStore.X\r\n\r\n")).await,
        @r#"{"__type":"AccessDeniedException","Message":"The request must not come from a web page of another site: the keys of a sandbox are known to everybody. Programs send no Origin and no Sec-Fetch-Site.","RequestId":"ID"}"#
    );
    insta::assert_snapshot!(body(&format!("GET /bucket/key HTTP/1.1\r\n{foreign}\r\n")).await, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <Error><Code>AccessDenied</Code><Message>The request must not come from a web page of another site: the keys of a sandbox are known to everybody. Programs send no Origin and no Sec-Fetch-Site.</Message><RequestId>ID</RequestId></Error>
    "#);
    insta::assert_snapshot!(
        body(&format!("POST /token HTTP/1.1\r\n{foreign}content-length: 0\r\n\r\n")).await,
        @r#"{"error":"invalid_request","error_description":"The request must not come from a web page of another site: the keys of a sandbox are known to everybody. Programs send no Origin and no Sec-Fetch-Site."}"#
    );
}
