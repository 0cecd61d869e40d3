//! Uploads in parts: begun, filled, listed, completed, aborted, and read back.

use crate::testing::{Answer, FIRST, Shop};

const MIB: usize = 1024 * 1024;

pub(super) async fn shop() -> Shop {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    shop
}

pub(super) async fn begin(shop: &Shop, more: &[(&str, &str)]) -> String {
    let begun = shop.call_with(FIRST, "POST /photos/big?uploads", more, b"").await;
    assert_eq!(begun.status, 200, "{}", begun.text());
    begun.element("UploadId")
}

pub(super) async fn put(shop: &Shop, upload: &str, number: u32, bytes: &[u8]) -> String {
    let what = format!("PUT /photos/big?partNumber={number}&uploadId={upload}");
    let put = shop.call(FIRST, &what, bytes).await;
    assert_eq!(put.status, 200, "{}", put.text());
    put.header("etag").replace('"', "")
}

async fn complete(shop: &Shop, upload: &str, parts: &[(u32, &str)]) -> Answer {
    complete_with(shop, upload, parts, &[]).await
}

pub(super) async fn complete_with(
    shop: &Shop,
    upload: &str,
    parts: &[(u32, &str)],
    more: &[(&str, &str)],
) -> Answer {
    let part = |(number, etag): &(u32, &str)| {
        format!("<Part><PartNumber>{number}</PartNumber><ETag>\"{etag}\"</ETag></Part>")
    };
    let parts: String = parts.iter().map(part).collect();
    let document = format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>");
    let what = format!("POST /photos/big?uploadId={upload}");
    shop.call_with(FIRST, &what, more, document.as_bytes()).await
}

fn pattern(length: usize, seed: u8) -> Vec<u8> {
    (0..length).map(|place| (place % 251).to_le_bytes()[0].wrapping_add(seed)).collect()
}

#[tokio::test]
async fn parts_become_an_object_that_reads_as_one() {
    let shop = shop().await;
    let said = [("content-type", "video/mp4"), ("x-amz-meta-a", "1")];
    let upload = begin(&shop, &said).await;
    let (head, tail) = (pattern(5 * MIB, 1), pattern(1000, 2));
    // Parts in any order, one of them twice, and one that is not chosen.
    let second = put(&shop, &upload, 7, &tail).await;
    put(&shop, &upload, 2, b"wrong").await;
    let first = put(&shop, &upload, 2, &head).await;
    put(&shop, &upload, 9, b"left out").await;
    let two = format!("GET /photos/big?uploadId={upload}&max-parts=2");
    let listed = shop.call(FIRST, &two, b"").await;
    assert_eq!(listed.elements("PartNumber"), ["2", "7"]);
    assert_eq!(listed.element("NextPartNumberMarker"), "7");
    assert_eq!(listed.element("IsTruncated"), "true");
    let rest = format!("GET /photos/big?uploadId={upload}&part-number-marker=7");
    assert_eq!(shop.call(FIRST, &rest, b"").await.elements("PartNumber"), ["9"]);

    let done = complete(&shop, &upload, &[(2, &first), (7, &second)]).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let etag = done.element("ETag");
    assert!(etag.ends_with("-2\""), "{etag}");
    assert_eq!(done.element("Location"), "http://localhost:8080/photos/big");
    assert_eq!(done.element("ChecksumType"), "FULL_OBJECT");

    let whole = [head.clone(), tail].concat();
    let read = shop.call(FIRST, "GET /photos/big", b"").await;
    assert!(read.body == whole);
    assert_eq!(read.header("etag"), etag);
    assert_eq!((read.header("content-type"), read.header("x-amz-meta-a")), ("video/mp4", "1"));
    let edge = 5 * MIB - 10;
    let range = format!("bytes={edge}-{}", edge + 19);
    let read = shop.call_with(FIRST, "GET /photos/big", &[("range", &range)], b"").await;
    assert!(read.body == whole[edge..edge + 20]);
    let part = shop.call(FIRST, "GET /photos/big?partNumber=7", b"").await;
    assert_eq!((part.status, part.header("x-amz-mp-parts-count")), (206, "2"));
    assert!(part.body == whole[5 * MIB..]);
    let named = [("x-amz-object-attributes", "ObjectParts")];
    let told = shop.call_with(FIRST, "GET /photos/big?attributes", &named, b"").await;
    assert_eq!(told.elements("PartNumber"), ["2", "7"], "{}", told.text());

    // A repeated request has the same answer.
    let again = complete(&shop, &upload, &[(2, &first), (7, &second)]).await;
    assert_eq!(again.element("ETag"), done.element("ETag"));
    assert_eq!(shop.settled_files(2).await.len(), 2);
    shop.call(FIRST, "PUT /photos/big", b"small").await;
    assert_eq!(shop.settled_files(1).await.len(), 1);
}

#[tokio::test]
async fn an_upload_may_depend_on_what_it_replaces() {
    let shop = shop().await;
    let old = shop.call(FIRST, "PUT /photos/big", b"old").await.header("etag").to_owned();
    let upload = begin(&shop, &[]).await;
    let part = put(&shop, &upload, 1, b"new").await;
    for (name, value) in [
        ("if-none-match", "*"),
        ("if-none-match", old.as_str()),
        ("if-match", "\"00000000000000000000000000000000\""),
    ] {
        let refused = complete_with(&shop, &upload, &[(1, &part)], &[(name, value)]).await;
        assert_eq!(refused.error(), (412, "PreconditionFailed".into()), "{name}: {value}");
        assert_eq!(shop.call(FIRST, "GET /photos/big", b"").await.body, b"old");
    }
    // The upload is still there.
    let done = complete_with(&shop, &upload, &[(1, &part)], &[("if-match", old.as_str())]).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(shop.call(FIRST, "GET /photos/big", b"").await.body, b"new");
    let again = complete_with(&shop, &upload, &[(1, &part)], &[("if-match", old.as_str())]).await;
    assert_eq!(again.status, 200, "{}", again.text());
}

/// Adds rows of parts without files, from number 3 on.
fn add_parts(shop: &Shop, upload: &str, count: u32) {
    use model::object::{BlobId, Checksum, ChecksumAlgorithm, ChecksumKind, Part};
    use store::multipart;

    let (account, bucket) = (FIRST.parse().unwrap(), "photos".parse().unwrap());
    let upload = upload.parse().unwrap();
    shop.write(|tx| {
        for number in 3..3 + count {
            let part = Part {
                number,
                blob_id: BlobId::random(&*shop.portico.random),
                size: 1,
                etag: "e".to_owned(),
                checksum: Checksum {
                    algorithm: ChecksumAlgorithm::Crc64Nvme,
                    kind: ChecksumKind::FullObject,
                    value: String::new(),
                },
                modified_at_ms: 0,
            };
            multipart::put_part(tx, &account, &bucket, &upload, &part)?;
        }
        Ok(())
    });
}

#[tokio::test]
async fn an_upload_that_is_never_completed_ends() {
    use store::multipart;

    use crate::testing::NOW_MS;

    const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1000;

    let shop = shop().await;
    let young = begin(&shop, &[]).await;
    put(&shop, &young, 1, b"kept").await;
    let old = begin(&shop, &[]).await;
    put(&shop, &old, 1, b"x").await;
    put(&shop, &old, 2, b"y").await;
    add_parts(&shop, &old, 1000);
    let set_age = |id: &str, age_ms: i64| {
        let account = FIRST.parse().unwrap();
        let (bucket, key) = ("photos".parse().unwrap(), "big".parse().unwrap());
        let id = id.parse().unwrap();
        shop.write(|tx| {
            let mut upload = multipart::require(tx, &account, &bucket, &key, &id)?;
            upload.initiated_at_ms = NOW_MS - age_ms;
            multipart::delete(tx, &account, &bucket, &key, &id)?;
            multipart::insert(tx, &account, &bucket, &upload)
        });
    };
    set_age(&old, WEEK_MS + 1);
    set_age(&young, WEEK_MS);
    assert_eq!(shop.objects.end_old_uploads(), Ok(1));
    assert_eq!(shop.objects.end_old_uploads(), Ok(0));
    assert_eq!(shop.settled_files(1).await.len(), 1);
    let listed = shop.call(FIRST, "GET /photos?uploads", b"").await;
    assert_eq!(listed.elements("UploadId"), std::slice::from_ref(&young));
    let what = format!("PUT /photos/big?partNumber=3&uploadId={old}");
    assert_eq!(shop.call(FIRST, &what, b"z").await.error(), (404, "NoSuchUpload".into()));
    // Rows of parts would keep the bucket from being removed.
    let what = format!("DELETE /photos/big?uploadId={young}");
    assert_eq!(shop.call(FIRST, &what, b"").await.status, 204);
    assert_eq!(shop.call(FIRST, "DELETE /photos", b"").await.status, 204);
}

#[tokio::test]
async fn what_is_no_upload_is_not_completed() {
    let shop = shop().await;
    let upload = begin(&shop, &[]).await;
    let (small, last) =
        (put(&shop, &upload, 1, b"small").await, put(&shop, &upload, 2, b"x").await);
    let other = "0".repeat(32);
    for (parts, code) in [
        (&[][..], "MalformedXML"),
        (&[(1, &*small), (2, &*last)], "EntityTooSmall"),
        (&[(2, &*last), (1, &*small)], "InvalidPartOrder"),
        (&[(1, &*small), (1, &*small)], "InvalidPartOrder"),
        (&[(1, &*other)], "InvalidPart"),
        (&[(1, &*small), (3, &*last)], "InvalidPart"),
    ] {
        let answer = complete(&shop, &upload, parts).await;
        assert_eq!(answer.error(), (400, code.into()), "{parts:?}");
    }
    let size = [("x-amz-mp-object-size", "99")];
    let answer = complete_with(&shop, &upload, &[(1, &small)], &size).await;
    assert_eq!(answer.error(), (400, "InvalidRequest".into()));
    let sum = [("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=")];
    let answer = complete_with(&shop, &upload, &[(1, &small)], &sum).await;
    assert_eq!(answer.error(), (400, "BadDigest".into()));
    let unknown = complete(&shop, &other, &[(1, &small)]).await;
    assert_eq!(unknown.error(), (404, "NoSuchUpload".into()));
    let strange = complete(&shop, "..%2F..%2Fx", &[(1, &small)]).await;
    assert_eq!(strange.error(), (404, "NoSuchUpload".into()));
    assert_eq!(shop.call(FIRST, "GET /photos/big", b"").await.error(), (404, "NoSuchKey".into()));
    assert_eq!(complete(&shop, &upload, &[(1, &small)]).await.status, 200);
    assert_eq!(shop.settled_files(1).await.len(), 1);
}

#[tokio::test]
async fn a_part_has_a_number_between_1_and_10000() {
    let shop = shop().await;
    let upload = begin(&shop, &[]).await;
    for number in ["0", "10001", "-1", "x"] {
        let what = format!("PUT /photos/big?partNumber={number}&uploadId={upload}");
        let answer = shop.call(FIRST, &what, b"x").await;
        assert_eq!(answer.error(), (400, "InvalidArgument".into()), "{number}");
    }
    let elsewhere = format!("PUT /photos/other?partNumber=1&uploadId={upload}");
    let answer = shop.call(FIRST, &elsewhere, b"x").await;
    assert_eq!(answer.error(), (404, "NoSuchUpload".into()));
    assert!(shop.files().is_empty());
}

#[tokio::test]
async fn an_aborted_upload_leaves_nothing() {
    let shop = shop().await;
    let upload = begin(&shop, &[]).await;
    put(&shop, &upload, 1, b"x").await;
    let what = format!("DELETE /photos/big?uploadId={upload}");
    assert_eq!(shop.call(FIRST, &what, b"").await.status, 204);
    assert_eq!(shop.call(FIRST, &what, b"").await.error(), (404, "NoSuchUpload".into()));
    assert!(shop.settled_files(0).await.is_empty());
    assert!(shop.call(FIRST, "GET /photos?uploads", b"").await.elements("UploadId").is_empty());
}

#[tokio::test]
async fn uploads_are_listed_by_key_and_id() {
    let shop = shop().await;
    for key in ["a", "a", "b/1", "b/2", "c"] {
        shop.call(FIRST, &format!("POST /photos/{key}?uploads"), b"").await;
    }
    let all = shop.call(FIRST, "GET /photos?uploads", b"").await;
    assert_eq!(all.elements("Key"), ["a", "a", "b/1", "b/2", "c"]);
    let page = shop.call(FIRST, "GET /photos?uploads&max-uploads=1&delimiter=/", b"").await;
    assert_eq!(page.elements("Key"), ["a"]);
    let (key, id) = (page.element("NextKeyMarker"), page.element("NextUploadIdMarker"));
    let what = format!(
        "GET /photos?uploads&max-uploads=2&delimiter=/&key-marker={key}&upload-id-marker={id}"
    );
    let page = shop.call(FIRST, &what, b"").await;
    assert_eq!(page.elements("Key"), ["a"]);
    assert_eq!(page.elements("CommonPrefixes"), ["<Prefix>b/</Prefix>"]);
    let page = shop.call(FIRST, "GET /photos?uploads&key-marker=b/&delimiter=/", b"").await;
    assert_eq!(page.elements("Key"), ["c"]);
    let page = shop.call(FIRST, "GET /photos?uploads&prefix=b", b"").await;
    assert_eq!(page.elements("Key"), ["b/1", "b/2"]);
}

#[tokio::test]
async fn a_part_that_the_object_does_not_have_is_told_with_their_number() {
    let shop = shop().await;
    let upload = begin(&shop, &[]).await;
    let etag = put(&shop, &upload, 3, b"x").await;
    complete(&shop, &upload, &[(3, &etag)]).await;
    shop.call(FIRST, "PUT /photos/small", b"x").await;
    for what in ["GET /photos/big?partNumber=1", "GET /photos/small?partNumber=2"] {
        let read = shop.call(FIRST, what, b"").await;
        assert_eq!(read.error(), (416, "InvalidPartNumber".into()), "{what}");
        assert!(read.element("Message").contains("1 part"), "{}", read.text());
    }
    assert_eq!(shop.call(FIRST, "HEAD /photos/big?partNumber=2", b"").await.status, 416);
}

#[tokio::test]
async fn a_reader_gets_all_of_an_object_that_goes_meanwhile() {
    use http::Request;
    use http_body_util::{BodyExt, Empty};
    use protocol::sigv4::BodyToSign;

    use crate::testing::{HOST, NOW_MS, headers};

    let shop = shop().await;
    let upload = begin(&shop, &[]).await;
    let bytes = pattern(5 * MIB, 3);
    let parts = [put(&shop, &upload, 1, &bytes).await, put(&shop, &upload, 2, b"end").await];
    complete(&shop, &upload, &[(1, &parts[0]), (2, &parts[1])]).await;

    let mut head = headers(&[("host", HOST)]);
    shop.signer(FIRST)
        .sign(("GET", "/photos/big", ""), &mut head, BodyToSign::Whole(b""), NOW_MS)
        .unwrap();
    let mut request =
        Request::builder().uri("/photos/big").body(Empty::<bytes::Bytes>::new()).unwrap();
    *request.headers_mut() = head;
    let answer = shop.respond(request).await;
    assert_eq!(shop.call(FIRST, "DELETE /photos/big", b"").await.status, 204);
    let read = answer.into_body().collect().await.unwrap().to_bytes();
    assert!(read.strip_suffix(b"end").unwrap() == bytes);
    assert!(shop.settled_files(0).await.is_empty());
}
