//! Addresses: links that carry their signature, and hosts that name a bucket.

use crate::testing::{FIRST, HOST, NOW_MS, Shop, headers};

async fn shop() -> Shop {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    shop
}

#[tokio::test]
async fn a_link_is_good_for_its_method_and_time_alone() {
    let shop = shop().await;
    shop.call(FIRST, "PUT /photos/cat", b"meow").await;
    let signer = shop.signer(FIRST);
    let host = headers(&[("host", HOST)]);
    let link = signer.presign(("GET", "/photos/cat", ""), HOST, 60, NOW_MS).unwrap();
    let read = shop.send("GET", &format!("/photos/cat?{link}"), host.clone(), vec![]).await;
    assert_eq!((read.status, read.body.as_slice()), (200, &b"meow"[..]), "{}", read.text());
    let other = shop.send("GET", &format!("/photos/dog?{link}"), host.clone(), vec![]).await;
    assert_eq!(other.error(), (403, "SignatureDoesNotMatch".into()));
    let written = shop.send("PUT", &format!("/photos/cat?{link}"), host.clone(), vec![1]).await;
    assert_eq!(written.error(), (403, "SignatureDoesNotMatch".into()));
    let more = format!("/photos/cat?{link}&response-content-type=text/html");
    let changed = shop.send("GET", &more, host.clone(), vec![]).await;
    assert_eq!(changed.error(), (403, "SignatureDoesNotMatch".into()));
    let old = signer.presign(("GET", "/photos/cat", ""), HOST, 60, NOW_MS - 61_000).unwrap();
    let late = shop.send("GET", &format!("/photos/cat?{old}"), host.clone(), vec![]).await;
    assert_eq!(late.error(), (403, "AccessDenied".into()));
    let link = signer.presign(("PUT", "/photos/dog", ""), HOST, 60, NOW_MS).unwrap();
    let put = shop.send("PUT", &format!("/photos/dog?{link}"), host, b"woof".to_vec()).await;
    assert_eq!(put.status, 200, "{}", put.text());
    assert_eq!(shop.call(FIRST, "GET /photos/dog", b"").await.body, b"woof");
}

#[tokio::test]
async fn headers_in_a_link_mean_the_same_as_beside_it() {
    let shop = shop().await;
    let query = "x-amz-meta-color=deep%20blue&x-amz-acl=private&x-amz-storage-class=STANDARD";
    let link = shop.signer(FIRST).presign(("PUT", "/photos/cat", query), HOST, 60, NOW_MS).unwrap();
    let host = headers(&[("host", HOST)]);
    let put = shop.send("PUT", &format!("/photos/cat?{link}"), host.clone(), vec![1]).await;
    assert_eq!(put.status, 200, "{}", put.text());
    let read = shop.call(FIRST, "HEAD /photos/cat", b"").await;
    assert_eq!(read.header("x-amz-meta-color"), "deep blue");
    let query = "x-amz-server-side-encryption=AES256";
    let link = shop.signer(FIRST).presign(("PUT", "/photos/cat", query), HOST, 60, NOW_MS).unwrap();
    let put = shop.send("PUT", &format!("/photos/cat?{link}"), host, vec![1]).await;
    assert_eq!(put.error(), (501, "NotImplemented".into()));
}

#[tokio::test]
async fn a_checksum_in_a_link_says_nothing_of_the_body_that_comes_later() {
    let shop = shop().await;
    let host = headers(&[("host", HOST)]);
    // The SDK for JavaScript writes the CRC of an empty body into its links.
    let query = "x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32";
    let link = shop.signer(FIRST).presign(("PUT", "/photos/cat", query), HOST, 60, NOW_MS).unwrap();
    let put = shop.send("PUT", &format!("/photos/cat?{link}"), host, b"meow".to_vec()).await;
    assert_eq!(put.status, 200, "{}", put.text());
    assert_eq!(shop.call(FIRST, "GET /photos/cat", b"").await.body, b"meow");
    let signed = [("x-amz-checksum-crc32", "AAAAAA==")];
    let beside = shop.call_with(FIRST, "PUT /photos/cat", &signed, b"woof").await;
    assert_eq!(beside.error(), (400, "BadDigest".into()));
}

#[tokio::test]
async fn a_bucket_may_be_named_by_the_host() {
    let shop = shop().await;
    for host in ["photos.localhost:8080", "photos.s3.example.com"] {
        let host = [("host", host)];
        let put = shop.call_with(FIRST, "PUT //a/b", &host, b"1").await;
        assert_eq!(put.status, 200, "{}", put.text());
        let listed = shop.call_with(FIRST, "GET /?list-type=2", &host, b"").await;
        assert_eq!(
            (listed.element("Name"), listed.element("Key")),
            ("photos".into(), "/a/b".into())
        );
        assert_eq!(shop.call(FIRST, "DELETE /photos//a/b", b"").await.status, 204);
    }
}
