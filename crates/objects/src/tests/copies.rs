//! Copies: of objects, of ranges into parts, on conditions.

use crate::testing::{FIRST, NOW, Shop};

async fn shop() -> Shop {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    shop.call(FIRST, "PUT /other", b"").await;
    let said = [("x-amz-meta-a", "1"), ("x-amz-tagging", "t=1"), ("content-type", "text/plain")];
    shop.call_with(FIRST, "PUT /photos/cat%20%C3%A4", &said, b"meow").await;
    shop
}

const SOURCE: (&str, &str) = ("x-amz-copy-source", "/photos/cat%20%C3%A4");

#[tokio::test]
async fn a_copy_is_an_object_of_its_own() {
    let shop = shop().await;
    let copied = shop.call_with(FIRST, "PUT /other/copy", &[SOURCE], b"").await;
    assert_eq!(copied.status, 200, "{}", copied.text());
    assert!(copied.element("ETag").contains("4a4be40c96ac6314e91d93f38043a634"));
    shop.call(FIRST, "DELETE /photos/cat%20%C3%A4", b"").await;
    let read = shop.call(FIRST, "GET /other/copy", b"").await;
    assert_eq!(read.body, b"meow");
    assert_eq!((read.header("x-amz-meta-a"), read.header("content-type")), ("1", "text/plain"));
    assert_eq!(read.header("x-amz-tagging-count"), "1");
    assert_eq!(shop.settled_files(1).await.len(), 1);
}

#[tokio::test]
async fn a_copy_may_say_other_things_of_itself() {
    let shop = shop().await;
    let more = [SOURCE, ("x-amz-metadata-directive", "REPLACE"), ("x-amz-meta-b", "2")];
    shop.call_with(FIRST, "PUT /other/copy", &more, b"").await;
    let read = shop.call(FIRST, "HEAD /other/copy", b"").await;
    assert_eq!((read.header("x-amz-meta-a"), read.header("x-amz-meta-b")), ("", "2"));
    let sum = [SOURCE, ("x-amz-checksum-algorithm", "SHA1")];
    let copied = shop.call_with(FIRST, "PUT /other/copy", &sum, b"").await;
    assert_ne!(copied.element("ChecksumSHA1"), "", "{}", copied.text());
    let tags = [SOURCE, ("x-amz-tagging-directive", "REPLACE"), ("x-amz-tagging", "x=1&y=2")];
    shop.call_with(FIRST, "PUT /other/copy", &tags, b"").await;
    let told = shop.call(FIRST, "GET /other/copy?tagging", b"").await;
    assert_eq!(told.elements("Key"), ["x", "y"]);
    let wrong = [SOURCE, ("x-amz-metadata-directive", "MERGE")];
    let refused = shop.call_with(FIRST, "PUT /other/copy", &wrong, b"").await;
    assert_eq!(refused.error(), (400, "InvalidArgument".into()));
}

#[tokio::test]
async fn tags_of_a_copy_take_the_permissions_that_tags_take() {
    let shop = shop().await;
    let statement =
        |actions: &str| format!(r#"{{"Effect": "Allow", "Action": [{actions}], "Resource": "*"}}"#);
    let (copy, read, write) = (
        r#""s3:GetObject", "s3:PutObject""#,
        r#""s3:GetObjectTagging""#,
        r#""s3:PutObjectTagging""#,
    );
    shop.add_keys("AKCOPY", FIRST, &statement(copy));
    shop.add_keys("AKREAD", FIRST, &statement(&format!("{copy}, {read}")));
    shop.add_keys("AKWRITE", FIRST, &statement(&format!("{copy}, {write}")));
    shop.add_keys("AKBOTH", FIRST, &statement(&format!("{copy}, {read}, {write}")));
    let along = [SOURCE];
    let replaced = [SOURCE, ("x-amz-tagging-directive", "REPLACE"), ("x-amz-tagging", "a=1")];
    let without = [SOURCE, ("x-amz-tagging-directive", "REPLACE")];
    for (key_id, headers, status) in [
        ("AKCOPY", &along[..], 403),
        ("AKREAD", &along, 403),
        ("AKWRITE", &along, 403),
        ("AKBOTH", &along, 200),
        ("AKCOPY", &replaced, 403),
        ("AKWRITE", &replaced, 200),
        ("AKCOPY", &without, 200),
    ] {
        let copied = shop.call_with(key_id, "PUT /other/copy", headers, b"").await;
        assert_eq!(copied.status, status, "{key_id} {headers:?} {}", copied.text());
    }
}

#[tokio::test]
async fn an_object_may_be_copied_to_itself_to_change_it() {
    let shop = shop().await;
    let onto = "PUT /photos/cat%20%C3%A4";
    let refused = shop.call_with(FIRST, onto, &[SOURCE], b"").await;
    assert_eq!(refused.error(), (400, "InvalidRequest".into()));
    let more = [SOURCE, ("x-amz-metadata-directive", "REPLACE"), ("x-amz-meta-b", "2")];
    assert_eq!(shop.call_with(FIRST, onto, &more, b"").await.status, 200);
    let read = shop.call(FIRST, "GET /photos/cat%20%C3%A4", b"").await;
    assert_eq!((read.body.as_slice(), read.header("x-amz-meta-b")), (&b"meow"[..], "2"));
    assert_eq!(shop.settled_files(1).await.len(), 1);
}

#[tokio::test]
async fn a_copy_may_depend_on_its_source() {
    let shop = shop().await;
    for (name, value, status) in [
        ("x-amz-copy-source-if-match", "\"4a4be40c96ac6314e91d93f38043a634\"", 200),
        ("x-amz-copy-source-if-match", "\"other\"", 412),
        ("x-amz-copy-source-if-none-match", "\"4a4be40c96ac6314e91d93f38043a634\"", 412),
        ("x-amz-copy-source-if-modified-since", NOW, 412),
        ("x-amz-copy-source-if-unmodified-since", NOW, 200),
    ] {
        let copied = shop.call_with(FIRST, "PUT /other/copy", &[SOURCE, (name, value)], b"").await;
        assert_eq!(copied.status, status, "{name}: {value}");
    }
    for (source, code) in [
        ("photos/none", "NoSuchKey"),
        ("nowhere/cat", "NoSuchBucket"),
        ("photos/cat?versionId=1", "NoSuchVersion"),
    ] {
        let from = [("x-amz-copy-source", source)];
        let copied = shop.call_with(FIRST, "PUT /other/copy", &from, b"").await;
        assert_eq!(copied.error(), (404, code.into()), "{source}");
    }
    for source in ["", "photos", "/", "../../etc/passwd"] {
        let from = [("x-amz-copy-source", source)];
        let copied = shop.call_with(FIRST, "PUT /other/copy2", &from, b"").await;
        assert_eq!(copied.status, 400, "{source} {}", copied.text());
    }
}

#[tokio::test]
async fn a_space_in_a_source_may_be_a_plus() {
    let shop = shop().await;
    shop.call(FIRST, "PUT /photos/a%20b%2Bc", b"purr").await;
    for source in ["photos/a+b%2Bc", "photos/a%20b%2bc", "photos/a%20b%2Bc?versionId=null"] {
        let from = [("x-amz-copy-source", source)];
        let copied = shop.call_with(FIRST, "PUT /other/copy", &from, b"").await;
        assert_eq!(copied.status, 200, "{source} {}", copied.text());
    }
    assert_eq!(shop.call(FIRST, "GET /other/copy", b"").await.body, b"purr");
}

#[tokio::test]
async fn a_copy_may_depend_on_its_destination() {
    let shop = shop().await;
    let old = shop.call(FIRST, "PUT /other/kept", b"old").await.header("etag").to_owned();
    for (onto, name, value, status) in [
        ("kept", "if-none-match", "*", 412),
        ("kept", "if-none-match", old.as_str(), 412),
        ("kept", "if-match", "\"00000000000000000000000000000000\"", 412),
        ("none", "if-match", "*", 404),
        ("fresh", "if-none-match", "*", 200),
    ] {
        let what = format!("PUT /other/{onto}");
        let copied = shop.call_with(FIRST, &what, &[SOURCE, (name, value)], b"").await;
        assert_eq!(copied.status, status, "{onto} {name}: {value} {}", copied.text());
        assert_eq!(shop.call(FIRST, "GET /other/kept", b"").await.body, b"old");
    }
    assert_eq!(shop.call(FIRST, "GET /other/fresh", b"").await.body, b"meow");
    let same = [SOURCE, ("if-match", old.as_str())];
    assert_eq!(shop.call_with(FIRST, "PUT /other/kept", &same, b"").await.status, 200);
    assert_eq!(shop.call(FIRST, "GET /other/kept", b"").await.body, b"meow");
}

#[tokio::test]
async fn ranges_of_objects_become_parts() {
    let shop = shop().await;
    let upload = shop.call(FIRST, "POST /other/joined?uploads", b"").await.element("UploadId");
    let what = format!("PUT /other/joined?partNumber=1&uploadId={upload}");
    let range = [SOURCE, ("x-amz-copy-source-range", "bytes=1-2")];
    let copied = shop.call_with(FIRST, &what, &range, b"").await;
    assert_eq!(copied.status, 200, "{}", copied.text());
    let etag = copied.element("ETag");
    for (range, status, code) in [
        ("bytes=1-4", 416, "InvalidRange"),
        ("bytes=3-1", 416, "InvalidRange"),
        ("bytes=1-", 400, "InvalidArgument"),
    ] {
        let range = [SOURCE, ("x-amz-copy-source-range", range)];
        let refused = shop.call_with(FIRST, &what, &range, b"").await;
        assert_eq!(refused.error(), (status, code.into()));
    }
    let document = format!(
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part>\
         </CompleteMultipartUpload>"
    );
    let what = format!("POST /other/joined?uploadId={upload}");
    let done = shop.call(FIRST, &what, document.as_bytes()).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(shop.call(FIRST, "GET /other/joined", b"").await.body, b"eo");
    // An object in parts is copied into one piece.
    let from = [("x-amz-copy-source", "other/joined")];
    let copied = shop.call_with(FIRST, "PUT /other/whole", &from, b"").await;
    assert!(!copied.element("ETag").contains('-'), "{}", copied.text());
    assert_eq!(shop.call(FIRST, "GET /other/whole", b"").await.body, b"eo");
}
