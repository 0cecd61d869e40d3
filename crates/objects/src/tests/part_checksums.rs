//! Checksums of uploads in parts: of the parts, and of the object that is made of them.

use super::multipart::{begin, complete_with, put, shop};
use crate::testing::{Answer, FIRST, Shop};

/// Completes an upload of one part, with checksums of that part.
async fn complete_summed(
    shop: &Shop,
    upload: &str,
    etag: &str,
    sums: &str,
    more: &[(&str, &str)],
) -> Answer {
    let document = format!(
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag>{sums}</Part>\
         </CompleteMultipartUpload>"
    );
    let what = format!("POST /photos/big?uploadId={upload}");
    shop.call_with(FIRST, &what, more, document.as_bytes()).await
}

fn sum_of(algorithm: &str, value: &str) -> String {
    format!("<Checksum{algorithm}>{value}</Checksum{algorithm}>")
}

#[tokio::test]
async fn a_checksum_of_another_type_or_value_is_refused() {
    let shop = shop().await;
    let upload = begin(&shop, &[("x-amz-checksum-algorithm", "CRC32")]).await;
    let part = put(&shop, &upload, 1, b"a").await;
    let listed = shop.call(FIRST, &format!("GET /photos/big?uploadId={upload}"), b"").await;
    assert_eq!(listed.element("ChecksumType"), "COMPOSITE", "{}", listed.text());
    let listed = shop.call(FIRST, "GET /photos?uploads", b"").await;
    assert_eq!(listed.element("ChecksumType"), "COMPOSITE", "{}", listed.text());
    let sum = sum_of("CRC32", "6Le+Qw==");
    for (name, value, code) in [
        ("x-amz-checksum-type", "FULL_OBJECT", "InvalidRequest"),
        ("x-amz-checksum-crc32", "AAAAAA==", "BadDigest"),
        ("x-amz-checksum-crc32", "AAAAAA==-1", "BadDigest"),
    ] {
        let refused = complete_summed(&shop, &upload, &part, &sum, &[(name, value)]).await;
        assert_eq!(refused.error(), (400, code.into()), "{name}: {value}");
    }
    let right = [("x-amz-checksum-type", "COMPOSITE")];
    let done = complete_summed(&shop, &upload, &part, &sum, &right).await;
    assert_eq!(done.element("ChecksumType"), "COMPOSITE", "{}", done.text());
    let named = [("x-amz-object-attributes", "Checksum,ETag")];
    let told = shop.call_with(FIRST, "GET /photos/big?attributes", &named, b"").await;
    assert_eq!(told.element("ChecksumType"), "COMPOSITE", "{}", told.text());
    assert!(!told.element("ETag").contains('"'), "{}", told.text());
}

#[tokio::test]
async fn a_composite_checksum_is_that_of_the_parts() {
    let shop = shop().await;
    let begun = [("x-amz-checksum-algorithm", "SHA256")];
    let upload = begin(&shop, &begun).await;
    let what = format!("PUT /photos/big?partNumber=1&uploadId={upload}");
    let put = shop.call(FIRST, &what, b"a").await;
    assert_eq!(put.header("x-amz-checksum-sha256"), "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=");
    let etag = put.header("etag").replace('"', "");
    let sum = sum_of("SHA256", put.header("x-amz-checksum-sha256"));
    let done = complete_summed(&shop, &upload, &etag, &sum, &[]).await;
    assert_eq!(done.element("ChecksumType"), "COMPOSITE");
    let sum = done.element("ChecksumSHA256");
    assert!(sum.ends_with("-1"), "{sum}");
    let mode = [("x-amz-checksum-mode", "ENABLED")];
    let read = shop.call_with(FIRST, "HEAD /photos/big", &mode, b"").await;
    assert_eq!(read.header("x-amz-checksum-sha256"), sum);
    // A part has its own value, and the type of the object.
    for method in ["GET", "HEAD"] {
        let what = format!("{method} /photos/big?partNumber=1");
        let part = shop.call_with(FIRST, &what, &mode, b"").await;
        assert_eq!(part.header("x-amz-checksum-sha256"), put.header("x-amz-checksum-sha256"));
        assert_eq!(part.header("x-amz-checksum-type"), "COMPOSITE", "{method}");
    }
    let range = [("x-amz-checksum-mode", "ENABLED"), ("range", "bytes=0-0")];
    let read = shop.call_with(FIRST, "GET /photos/big", &range, b"").await;
    assert_eq!((read.status, read.header("x-amz-checksum-sha256")), (206, ""));
}

#[tokio::test]
async fn a_composite_checksum_needs_that_of_each_part() {
    const CRC32: &str = "6Le+Qw==";
    let shop = shop().await;
    let upload = begin(&shop, &[("x-amz-checksum-algorithm", "CRC32")]).await;
    let etag = put(&shop, &upload, 1, b"a").await;
    let (own, other) = (sum_of("CRC32", CRC32), sum_of("SHA256", "AAAA"));
    for (sums, code) in [
        (String::new(), "InvalidRequest"),
        (other.clone(), "BadDigest"),
        (own.clone() + &other, "BadDigest"),
        (sum_of("CRC32", "AAAAAA=="), "InvalidPart"),
    ] {
        let done = complete_summed(&shop, &upload, &etag, &sums, &[]).await;
        assert_eq!(done.error(), (400, code.into()), "{sums}");
    }
    let done = complete_summed(&shop, &upload, &etag, &own, &[]).await;
    assert_eq!((done.status, done.element("ChecksumType")), (200, "COMPOSITE".into()));
    // A checksum of the whole object needs none of the parts.
    let whole = [("x-amz-checksum-algorithm", "CRC32"), ("x-amz-checksum-type", "FULL_OBJECT")];
    let upload = begin(&shop, &whole).await;
    let etag = put(&shop, &upload, 1, b"a").await;
    for (name, value, code) in [
        ("x-amz-checksum-type", "COMPOSITE", "InvalidRequest"),
        ("x-amz-checksum-crc32c", "AAAAAA==", "BadDigest"),
        ("x-amz-checksum-crc32", "AAAAAA==", "BadDigest"),
        ("x-amz-checksum-crc32", "bad", "InvalidRequest"),
    ] {
        let done = complete_with(&shop, &upload, &[(1, &etag)], &[(name, value)]).await;
        assert_eq!(done.error(), (400, code.into()), "{name}: {value}");
    }
    let right = [("x-amz-checksum-crc32", CRC32)];
    assert_eq!(complete_with(&shop, &upload, &[(1, &etag)], &right).await.status, 200);
}

#[tokio::test]
async fn a_part_with_a_checksum_of_another_algorithm_is_refused() {
    let shop = shop().await;
    let crc32 = [("x-amz-checksum-crc32", "6Le+Qw==")];
    for (begun, status) in [("SHA256", 400), ("CRC32C", 400), ("CRC32", 200), ("", 200)] {
        let algorithm = [("x-amz-checksum-algorithm", begun)];
        let upload = begin(&shop, if begun.is_empty() { &[] } else { &algorithm }).await;
        let what = format!("PUT /photos/big?partNumber=1&uploadId={upload}");
        let put = shop.call_with(FIRST, &what, &crc32, b"a").await;
        assert_eq!(put.status, status, "{begun} {}", put.text());
        if status == 400 {
            assert_eq!(put.error(), (400, "InvalidRequest".into()), "{begun}");
            let listed = shop.call(FIRST, &format!("GET /photos/big?uploadId={upload}"), b"").await;
            assert!(listed.elements("PartNumber").is_empty(), "{begun}");
        }
    }
}
