//! Unsigned requests: those for a bucket or an object get the words of S3, people get pages.

use super::kit::{Bench, head, text};

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
