//! The files of pages: no object answers at their address, which the policy of pages admits.

use super::kit::{Bench, head, signed, text};

#[tokio::test]
async fn no_object_answers_at_the_address_of_a_file() {
    let bench = Bench::new();
    let [(path, _), ..] = web::files();
    for method in ["GET", "HEAD"] {
        // A link to an object, signed by somebody who has a bucket `assets`.
        let exchange = bench.begin(signed(head(method, path, &[]), "s3", ""));
        let (response, _) = bench.answer(exchange, String::new()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(text(response.headers(), "content-type"), "text/css; charset=utf-8");
    }
    // Beside the files the bucket is S3's, and so is everything that writes.
    for (method, path) in [("GET", "/assets/portico-0123456789abcdef.css"), ("PUT", path)] {
        let exchange = bench.begin(signed(head(method, path, &[]), "s3", ""));
        let (response, body) = bench.answer(exchange, String::new()).await;
        assert_eq!(text(response.headers(), "content-type"), "application/xml", "{method} {body}");
    }
}
