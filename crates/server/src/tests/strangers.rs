//! Unsigned requests: those for a bucket or an object get the words of S3, people get pages.

use std::fmt::Write;

use super::kit::{Bench, head, signed, text};
use super::sockets::{HEALTH, Listening, ip};

async fn asked(method: &str, target: &str, more: &[(&'static str, &str)]) -> (u16, String) {
    let bench = Bench::new();
    let exchange = bench.begin(head(method, target, more));
    let (response, _) = bench.answer(exchange, String::new()).await;
    let kind = text(response.headers(), "content-type").to_owned();
    (response.status().as_u16(), kind)
}

#[tokio::test]
async fn a_stranger_who_names_a_bucket_is_refused_in_xml() {
    for (method, target) in [
        ("GET", "/photos"),
        ("GET", "/photos/"),
        ("GET", "/photos?list-type=2"),
        ("GET", "/photos/cat"),
        ("PUT", "/photos/cat"),
        ("DELETE", "/photos/cat"),
        ("POST", "/photos?delete"),
        ("GET", "/photos/a/b//c%20d"),
        ("GET", "/console-logs/x"),
        ("GET", "/console/x"),
    ] {
        let answer = asked(method, target, &[]).await;
        assert_eq!(answer, (403, "application/xml".to_owned()), "{method} {target}");
    }
    assert_eq!(asked("HEAD", "/photos/cat", &[]).await.0, 403);
}

#[tokio::test]
async fn a_bucket_may_have_the_name_of_a_route_of_the_server() {
    let listening = Listening::on(Bench::new(), "127.0.0.1:0").await.unwrap();
    for bucket in ["healthz", "readyz", "metrics"] {
        let path = format!("/{bucket}");
        for (method, expected) in
            [("GET", "NoSuchBucket"), ("PUT", "HTTP/1.1 200"), ("GET", "<ListBucketResult")]
        {
            let signed = signed(head(method, &path, &[]), "s3", "");
            let mut request = format!("{method} {path} HTTP/1.1\r\ncontent-length: 0\r\n");
            for (name, value) in &signed.headers {
                write!(request, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
            }
            let answer = listening.ask(ip("127.0.0.1"), &format!("{request}\r\n")).await;
            assert!(answer.contains(expected), "{method} {path}: {answer}");
        }
    }
    let health = listening.ask(ip("127.0.0.1"), HEALTH).await;
    assert!(health.ends_with("{\"status\":\"ok\"}"), "{health}");
    listening.end().await;
}

#[tokio::test]
async fn a_form_upload_is_told_that_it_is_not_served() {
    let form = [("content-type", "multipart/form-data; boundary=x")];
    let answer = asked("POST", "/photos", &form).await;
    assert_eq!(answer, (501, "application/xml".to_owned()));
}

#[tokio::test]
async fn a_person_gets_a_page() {
    let page = "text/html; charset=utf-8".to_owned();
    let browser = [("sec-fetch-dest", "document")];
    for target in ["/consoel", "/console/usres", "/start/x"] {
        assert_eq!(asked("GET", target, &browser).await, (404, page.clone()), "{target}");
    }
    assert_eq!(asked("GET", "/sign-in", &[]).await, (200, page.clone()));
    for target in ["/.well-known/openid-configuration", "/UPPER/x", "/a"] {
        assert_eq!(asked("GET", target, &[]).await, (404, page.clone()), "{target}");
    }
    let visit = [("cookie", "portico-visit-8080=browser")];
    assert_eq!(asked("GET", "/nowhere", &visit).await, (404, page));
    let link = asked("GET", "/photos/cat.jpg", &browser).await;
    assert_eq!(link, (403, "application/xml".to_owned()));
}
