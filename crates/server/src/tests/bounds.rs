//! What strangers may hold in bytes.

use std::fmt::Write;
use std::net::IpAddr;

use tokio::io::AsyncWriteExt;

use super::kit::{Bench, KEY, head, signed};
use super::sockets::{HEALTH, Listening, ip, read_answer};
use crate::body::Bodies;
use crate::raw_answer::HEAD_BYTES_MAX;
use crate::shares::shares_of;

const CLIENT: &str = "127.0.0.1";

/// A server on which one address may have `single_max` bytes of long heads and bodies.
async fn listening(single_max: usize) -> Listening {
    let bench = Bench::with(|site| site.bodies = Bodies::new(shares_of(8 * single_max)));
    Listening::on(bench, "127.0.0.1:0").await.unwrap()
}

/// A head of this length for `/healthz`.
fn head_of(length: usize) -> String {
    let start = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nx: ";
    format!("{start}{}\r\n\r\n", "y".repeat(length - start.len() - 4))
}

/// A request with a body of 60,000 bytes, of which only some are sent.
fn slow_body(sent: usize) -> String {
    let head = "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n";
    format!("{head}{}", "{".repeat(sent))
}

impl Listening {
    fn held(&self) -> usize {
        self.bench.site.bodies.strangers.held()
    }

    async fn until_held(&self, bytes: usize) {
        while self.held() != bytes {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_head_of_16_kib_passes_and_a_longer_one_is_told_so() {
    let listening = listening(1 << 20).await;
    for length in [100, 8 * 1024, 8 * 1024 + 1, HEAD_BYTES_MAX - 1, HEAD_BYTES_MAX] {
        let answer = listening.ask(ip(CLIENT), &head_of(length)).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{length}: {answer}");
    }
    for length in [HEAD_BYTES_MAX + 1, 40_000, 300_000] {
        let answer = listening.ask(ip(CLIENT), &head_of(length)).await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{length}: {answer}");
        assert!(
            answer.ends_with("Send fewer or shorter headers, or delete cookies.\r\n"),
            "{answer}"
        );
    }
    listening.until_held(0).await;
    listening.end().await;
}

#[tokio::test]
async fn each_head_of_a_connection_is_counted_by_itself() {
    let listening = listening(1 << 20).await;
    let mut stream = listening.send(ip(CLIENT), "").await.unwrap();
    for length in [HEAD_BYTES_MAX, 100, HEAD_BYTES_MAX, 12_000] {
        let head = head_of(length);
        let (first, rest) = head.as_bytes().split_at(length / 2);
        for piece in [first, rest] {
            stream.write_all(piece).await.unwrap();
            tokio::task::yield_now().await;
        }
        assert!(read_answer(&mut stream).await.starts_with("HTTP/1.1 200"), "{length}");
    }
    stream.write_all(head_of(HEAD_BYTES_MAX + 1).as_bytes()).await.unwrap();
    assert!(read_answer(&mut stream).await.starts_with("HTTP/1.1 431"));
    drop(stream);
    listening.end().await;
}

#[tokio::test]
async fn a_long_head_leaves_its_body_alone() {
    let listening = listening(1 << 20).await;
    let filler = "y".repeat(HEAD_BYTES_MAX - 200);
    let body = "z".repeat(60_000);
    let request = format!(
        "POST /token HTTP/1.1\r\nHost: localhost\r\nx: {filler}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    // The body is no JSON.
    let answer = listening.ask(ip(CLIENT), &request).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    listening.end().await;
}

#[tokio::test]
async fn a_budget_that_is_spent_refuses_long_requests_and_no_others() {
    let listening = listening(16 * 1024).await;
    // 16 KiB of memory each, of which 4 KiB are every connection's own.
    let strangers = (1..=8).map(|block| IpAddr::from([127, 1, block, 1]));
    let held = listening.hold(strangers, &slow_body(10_000)).await;
    listening.until_held(8 * 12 * 1024).await;
    let here = ip("127.1.1.1");
    for (request, status) in [
        (slow_body(10_000) + &"{".repeat(50_000), "503"),
        (head_of(10_000), "503"),
        (head_of(8_000), "200"),
        (HEALTH.to_owned(), "200"),
        (slow_body(4_000).replace("60000", "4000"), "400"),
    ] {
        let answer = listening.ask(here, &request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{status}: {answer}");
        assert_eq!(answer.contains("retry-after: 1\r\n"), status == "503", "{answer}");
    }
    // Connections that are cut give back what they held.
    drop(held);
    listening.until_held(0).await;
    let answer = listening.ask(here, &head_of(10_000)).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    listening.end().await;
}

#[tokio::test]
async fn a_key_that_is_made_up_does_not_pass_for_a_signature() {
    let listening = listening(1 << 20).await;
    let body = format!("{{\"Token\":\"{}\"}}", "x".repeat(900_000));
    let target = ("x-amz-target", "SWBExternalService.ListInstances");
    let parts = signed(head("POST", "/", &[target]), "sso", &body);
    let mut good = "POST / HTTP/1.1\r\nConnection: close\r\n".to_owned();
    for (name, value) in &parts.headers {
        write!(good, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
    }
    write!(good, "content-length: {}\r\n\r\n", body.len()).unwrap();
    let unknown = good.replace(&format!("Credential={KEY}/"), "Credential=ASIAMADEUP/");
    let token = format!("x-amz-security-token: {}\r\nhost:", "A".repeat(400));
    let forged = unknown.replacen("host:", &token, 1);
    for (head, code) in [
        (&good, "200 OK"),
        (&unknown, "UnrecognizedClientException"),
        (&forged, "UnrecognizedClientException"),
    ] {
        let mut stream = listening.send(ip(CLIENT), head).await.unwrap();
        let sent = 100_000;
        stream.write_all(&body.as_bytes()[..sent]).await.unwrap();
        // What a stranger sends beyond 64 KiB is dropped; a caller's body is kept.
        listening.until_held(0).await;
        stream.write_all(&body.as_bytes()[sent..]).await.unwrap();
        let answer = read_answer(&mut stream).await;
        assert!(answer.contains(code), "{code}: {answer}");
    }
    listening.end().await;
}
