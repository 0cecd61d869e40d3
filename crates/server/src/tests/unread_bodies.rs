//! Answers that are given before the body of the request was read.

use tokio::io::AsyncWriteExt;

use super::kit::Bench;
use super::sockets::{HEALTH, Listening, ip, read_answer};

/// Requests of strangers with a body, which S3 refuses and the token endpoint reads.
const REFUSED: &str = "PUT /bucket/key HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n";
const READ: &str = "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\
    Content-Type: application/json\r\n\r\n{}";

fn ends_connection(answer: &str) -> bool {
    answer.to_lowercase().contains("\r\nconnection: close\r\n")
}

#[tokio::test]
async fn a_request_after_a_body_that_was_not_sent_is_not_taken_for_the_body() {
    let listening = Listening::on(Bench::new(), "127.0.0.1:0").await.unwrap();
    let head = format!("{REFUSED}Expect: 100-continue\r\n\r\n");
    let mut stream = listening.send(ip("127.0.0.1"), &head).await.unwrap();
    let answer = read_answer(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 403") && ends_connection(&answer), "{answer}");
    // The connection may be at its end already.
    stream.write_all(HEALTH.as_bytes()).await.ok();
    assert_eq!(read_answer(&mut stream).await, "");
    listening.end().await;
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_before_it_is_asked_for() {
    let listening = Listening::on(Bench::new(), "127.0.0.1:0").await.unwrap();
    for target in ["/token", "/sign-in", "/", "/healthz", "/readyz", "/bucket?delete"] {
        let head = format!(
            "POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\
             Expect: 100-continue\r\n\r\n"
        );
        let answer = listening.ask(ip("127.0.0.1"), &head).await;
        assert!(!answer.contains(" 100 ") && ends_connection(&answer), "{target} {answer}");
        if ["/token", "/sign-in"].contains(&target) {
            assert!(answer.starts_with("HTTP/1.1 413"), "{target} {answer}");
        }
    }
    listening.end().await;
}

#[tokio::test]
async fn a_connection_ends_only_if_a_body_was_not_read() {
    let listening = Listening::on(Bench::new(), "127.0.0.1:0").await.unwrap();
    let refused = listening.ask(ip("127.0.0.1"), &format!("{REFUSED}\r\nabc")).await;
    assert!(refused.starts_with("HTTP/1.1 403") && ends_connection(&refused), "{refused}");
    let mut stream = listening.send(ip("127.0.0.1"), READ).await.unwrap();
    let read = read_answer(&mut stream).await;
    assert!(read.starts_with("HTTP/1.1 400") && !ends_connection(&read), "{read}");
    for _ in 0..2 {
        stream.write_all(HEALTH.as_bytes()).await.unwrap();
        let answer = read_answer(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 200") && !ends_connection(&answer), "{answer}");
    }
    drop(stream);
    listening.end().await;
}
