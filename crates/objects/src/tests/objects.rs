//! Objects: stored, read whole and in part, on conditions, and removed.

use crate::testing::{FIRST, NOW, NOW_MS, Shop};

async fn shop() -> Shop {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    shop
}

#[tokio::test]
async fn an_object_comes_back_as_it_was_stored() {
    let shop = shop().await;
    let said = [
        ("content-type", "text/plain"),
        ("cache-control", "no-cache"),
        ("content-encoding", "gzip"),
        ("content-disposition", "inline"),
        ("expires", "Sat, 03 Jan 2026 00:00:00 GMT"),
        ("x-amz-meta-color", "blue"),
        ("x-amz-tagging", "team=a&env=b"),
    ];
    let stored = shop.call_with(FIRST, "PUT /photos/cat", &said, b"meow").await;
    assert_eq!(stored.status, 200, "{}", stored.text());
    assert_eq!(stored.header("etag"), "\"4a4be40c96ac6314e91d93f38043a634\"");
    assert_eq!(stored.header("x-amz-checksum-type"), "FULL_OBJECT");
    for what in ["GET /photos/cat", "HEAD /photos/cat"] {
        let read = shop.call(FIRST, what, b"").await;
        assert_eq!(read.status, 200);
        for (name, value) in &said[..6] {
            assert_eq!(read.header(name), *value, "{what}");
        }
        assert_eq!(read.header("etag"), stored.header("etag"));
        assert_eq!(read.header("last-modified"), NOW);
        assert_eq!(read.header("content-length"), "4");
        assert_eq!(read.header("x-amz-checksum-crc64nvme"), "");
    }
    assert_eq!(shop.call(FIRST, "GET /photos/cat", b"").await.body, b"meow");
    assert_eq!(shop.call(FIRST, "GET /photos/cat", b"").await.header("x-amz-tagging-count"), "2");
    let mode = [("x-amz-checksum-mode", "ENABLED")];
    let read = shop.call_with(FIRST, "GET /photos/cat", &mode, b"").await;
    assert_eq!(read.header("x-amz-checksum-crc64nvme"), stored.header("x-amz-checksum-crc64nvme"));
    assert_ne!(read.header("x-amz-checksum-crc64nvme"), "");
}

#[tokio::test]
async fn every_answer_is_kept_from_running_in_a_browser() {
    let shop = shop().await;
    let html = [("content-type", "text/html")];
    shop.call_with(FIRST, "PUT /photos/evil", &html, b"<script>alert(1)</script>").await;
    for what in ["GET /photos/evil", "GET /photos/none", "GET /photos", "HEAD /photos/evil"] {
        let answer = shop.call(FIRST, what, b"").await;
        let policy = answer.header("content-security-policy");
        assert_eq!(policy, "sandbox; default-src 'none'", "{what}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
        assert_eq!(answer.header("x-amz-request-id").len(), 36, "{what}");
    }
}

#[tokio::test]
async fn a_key_is_opaque_text_and_never_a_path() {
    let shop = shop().await;
    let keys = [
        "../../etc/passwd",
        "..",
        ".",
        "a//b",
        "/",
        "a/",
        "%252e%252e/x",
        "a%20b+c",
        "%C3%A4%F0%9D%84%9E",
        "C:%5Cx",
        "a%3Fb%23c",
        "%09tab",
    ];
    for key in keys {
        let stored = shop.call(FIRST, &format!("PUT /photos/{key}"), key.as_bytes()).await;
        assert_eq!(stored.status, 200, "{key} {}", stored.text());
    }
    for key in keys {
        let read = shop.call(FIRST, &format!("GET /photos/{key}"), b"").await;
        assert_eq!(read.body, key.as_bytes(), "{key}");
    }
    let listed = shop.call(FIRST, "GET /photos?encoding-type=url", b"").await.elements("Key");
    assert_eq!(listed.len(), keys.len());
    assert!(listed.contains(&"../../etc/passwd".to_owned()));
    assert!(listed.contains(&"%252e%252e/x".to_owned()), "{listed:?}");
    for file in shop.files() {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_is_refused() {
    let shop = shop().await;
    let long = "k".repeat(1025);
    for (key, code) in [
        (long.as_str(), "KeyTooLongError"),
        ("%00", "InvalidArgument"),
        ("a%EF%BF%BFb", "InvalidArgument"),
        ("%FF", "InvalidURI"),
    ] {
        let answer = shop.call(FIRST, &format!("PUT /photos/{key}"), b"x").await;
        assert_eq!(answer.error(), (400, code.into()), "{key}");
    }
    let longest = "k".repeat(1024);
    assert_eq!(shop.call(FIRST, &format!("PUT /photos/{longest}"), b"x").await.status, 200);
    assert_eq!(shop.files().len(), 1);
}

#[tokio::test]
async fn a_range_is_part_of_an_object() {
    let shop = shop().await;
    let whole: Vec<u8> = (0..300_000_u32).map(|place| (place % 251).to_le_bytes()[0]).collect();
    shop.call(FIRST, "PUT /photos/big", &whole).await;
    for (range, bytes, told) in [
        ("bytes=0-9", &whole[..10], "bytes 0-9/300000"),
        ("bytes=299990-", &whole[299_990..], "bytes 299990-299999/300000"),
        ("bytes=-5", &whole[299_995..], "bytes 299995-299999/300000"),
        ("bytes=100-299999", &whole[100..], "bytes 100-299999/300000"),
    ] {
        let read = shop.call_with(FIRST, "GET /photos/big", &[("range", range)], b"").await;
        assert_eq!((read.status, read.header("content-range")), (206, told));
        assert!(read.body == bytes, "{range}");
        let head = shop.call_with(FIRST, "HEAD /photos/big", &[("range", range)], b"").await;
        assert_eq!((head.status, head.header("content-range")), (206, told));
        assert_eq!(head.header("content-length"), bytes.len().to_string());
    }
    for range in ["bytes=300000-", "bytes=99999999999999999999-", "bytes=-0"] {
        let read = shop.call_with(FIRST, "GET /photos/big", &[("range", range)], b"").await;
        assert_eq!(read.error(), (416, "InvalidRange".into()), "{range}");
    }
    // RFC 9110 §14.2: a malformed range, or several, may be ignored.
    for range in ["bytes=9-0", "lines=1-2", "bytes=0-1,3-4"] {
        let read = shop.call_with(FIRST, "GET /photos/big", &[("range", range)], b"").await;
        assert_eq!(read.status, 200, "{range}");
        assert!(read.body == whole);
    }
    let with = |if_range: &'static str| [("range", "bytes=0-9"), ("if-range", if_range)];
    let read = shop.call_with(FIRST, "GET /photos/big", &with("\"other\""), b"").await;
    assert_eq!(read.status, 200);
    let read = shop.call_with(FIRST, "GET /photos/big", &with(NOW), b"").await;
    assert_eq!(read.status, 206);
    let part = shop.call(FIRST, "GET /photos/big?partNumber=1", b"").await;
    assert_eq!((part.status, part.body.len()), (206, 300_000));
    let part = shop.call(FIRST, "GET /photos/big?partNumber=2", b"").await;
    assert_eq!(part.error(), (416, "InvalidPartNumber".into()));
}

#[tokio::test]
async fn an_empty_object_is_an_object() {
    let shop = shop().await;
    shop.call(FIRST, "PUT /photos/empty", b"").await;
    let read = shop.call(FIRST, "GET /photos/empty", b"").await;
    assert_eq!((read.status, read.header("content-length"), read.body.len()), (200, "0", 0));
    assert_eq!(read.header("etag"), "\"d41d8cd98f00b204e9800998ecf8427e\"");
    let range = shop.call_with(FIRST, "GET /photos/empty", &[("range", "bytes=0-")], b"").await;
    assert_eq!(range.error(), (416, "InvalidRange".into()));
}

#[tokio::test]
async fn a_reader_may_set_conditions() {
    let shop = shop().await;
    let etag = shop.call(FIRST, "PUT /photos/cat", b"meow").await.header("etag").to_owned();
    for (name, value, status) in [
        ("if-match", etag.as_str(), 200),
        ("if-match", "\"other\"", 412),
        ("if-none-match", &etag, 304),
        ("if-none-match", "\"other\"", 200),
        ("if-modified-since", NOW, 304),
        ("if-modified-since", "Thu, 01 Jan 2026 00:00:00 GMT", 200),
        ("if-unmodified-since", NOW, 200),
        ("if-unmodified-since", "Thu, 01 Jan 2026 00:00:00 GMT", 412),
    ] {
        for method in ["GET", "HEAD"] {
            let what = format!("{method} /photos/cat");
            let read = shop.call_with(FIRST, &what, &[(name, value)], b"").await;
            assert_eq!(read.status, status, "{method} {name}: {value}");
            if status == 304 {
                assert_eq!((read.header("etag"), read.body.len()), (etag.as_str(), 0));
            }
        }
    }
}

#[tokio::test]
async fn a_writer_may_set_conditions() {
    let shop = shop().await;
    let fresh = [("if-none-match", "*")];
    let first = shop.call_with(FIRST, "PUT /photos/lock", &fresh, b"1").await;
    assert_eq!(first.status, 200);
    let second = shop.call_with(FIRST, "PUT /photos/lock", &fresh, b"2").await;
    assert_eq!(second.error(), (412, "PreconditionFailed".into()));
    let same = [("if-match", first.header("etag"))];
    assert_eq!(shop.call_with(FIRST, "PUT /photos/lock", &same, b"3").await.status, 200);
    let stale = shop.call_with(FIRST, "PUT /photos/lock", &same, b"4").await;
    assert_eq!(stale.error(), (412, "PreconditionFailed".into()));
    let missing = shop.call_with(FIRST, "PUT /photos/none", &same, b"5").await;
    assert_eq!(missing.error(), (404, "NoSuchKey".into()));
    let stale = shop.call_with(FIRST, "DELETE /photos/lock", &same, b"").await;
    assert_eq!(stale.error(), (412, "PreconditionFailed".into()));
    assert_eq!(shop.call(FIRST, "GET /photos/lock", b"").await.body, b"3");
    assert_eq!(shop.settled_files(1).await.len(), 1);
}

#[tokio::test]
async fn an_object_takes_the_place_of_the_one_before() {
    let shop = shop().await;
    shop.call_with(FIRST, "PUT /photos/cat", &[("x-amz-meta-a", "1")], b"old").await;
    shop.call(FIRST, "PUT /photos/cat", b"new").await;
    let read = shop.call(FIRST, "GET /photos/cat", b"").await;
    assert_eq!((read.body.as_slice(), read.header("x-amz-meta-a")), (&b"new"[..], ""));
    assert_eq!(shop.settled_files(1).await.len(), 1);
    assert_eq!(shop.call(FIRST, "DELETE /photos/cat", b"").await.status, 204);
    assert_eq!(shop.call(FIRST, "DELETE /photos/cat", b"").await.status, 204);
    let read = shop.call(FIRST, "GET /photos/cat", b"").await;
    assert_eq!(read.error(), (404, "NoSuchKey".into()));
    assert!(shop.settled_files(0).await.is_empty());
}

#[tokio::test]
async fn many_objects_are_removed_at_once() {
    let shop = shop().await;
    for key in ["a", "b", "c%26d"] {
        shop.call(FIRST, &format!("PUT /photos/{key}"), b"x").await;
    }
    let key = |key: &str| format!("<Object><Key>{key}</Key></Object>");
    let keys = [key("a"), key("c&amp;d"), key("none"), key(&"k".repeat(1025))].concat();
    let versioned = "<Object><Key>b</Key><VersionId>1</VersionId></Object>";
    let document = format!("<Delete>{keys}{versioned}</Delete>");
    let deleted = shop.call(FIRST, "POST /photos?delete", document.as_bytes()).await;
    assert_eq!(deleted.status, 200, "{}", deleted.text());
    assert_eq!(deleted.elements("Code"), ["KeyTooLongError", "NoSuchVersion"]);
    assert_eq!(deleted.elements("Deleted").len(), 3);
    assert_eq!(shop.call(FIRST, "GET /photos", b"").await.elements("Key"), ["b"]);
    let quiet = format!("<Delete><Quiet>true</Quiet>{}</Delete>", key("b"));
    let deleted = shop.call(FIRST, "POST /photos?delete", quiet.as_bytes()).await;
    assert!(deleted.elements("Deleted").is_empty());
    let many = format!("<Delete>{}</Delete>", key("a").repeat(1001));
    for document in ["<Delete></Delete>", "<Delete><Object>", "", &many] {
        let answer = shop.call(FIRST, "POST /photos?delete", document.as_bytes()).await;
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
    assert!(shop.settled_files(0).await.is_empty());
}

#[tokio::test]
async fn a_reader_may_say_what_headers_come_back() {
    let shop = shop().await;
    shop.call(FIRST, "PUT /photos/cat", b"meow").await;
    let query = "response-content-type=text/css&response-cache-control=no-store\
        &response-content-disposition=attachment%3B%20filename%3D%22a%22";
    for method in ["GET", "HEAD"] {
        let read = shop.call(FIRST, &format!("{method} /photos/cat?{query}"), b"").await;
        assert_eq!(read.header("content-type"), "text/css", "{method}");
        assert_eq!(read.header("cache-control"), "no-store", "{method}");
        assert_eq!(read.header("content-disposition"), "attachment; filename=\"a\"", "{method}");
    }
    let split = "GET /photos/cat?response-content-type=a%0D%0Ax-evil:1";
    let read = shop.call(FIRST, split, b"").await;
    assert_eq!((read.status, read.header("x-evil")), (400, ""));
}

#[tokio::test]
async fn tags_are_given_told_and_taken() {
    let shop = shop().await;
    shop.call_with(FIRST, "PUT /photos/cat", &[("x-amz-tagging", "a=1")], b"meow").await;
    let told = shop.call(FIRST, "GET /photos/cat?tagging", b"").await;
    assert_eq!(
        (told.elements("Key"), told.elements("Value")),
        (vec!["a".into()], vec!["1".into()])
    );
    let document = "<Tagging><TagSet><Tag><Key>b</Key><Value>2</Value></Tag></TagSet></Tagging>";
    let put = shop.call(FIRST, "PUT /photos/cat?tagging", document.as_bytes()).await;
    assert_eq!(put.status, 200, "{}", put.text());
    let told = shop.call(FIRST, "GET /photos/cat?tagging", b"").await;
    assert_eq!(told.elements("Key"), ["b"]);
    assert_eq!(shop.call(FIRST, "DELETE /photos/cat?tagging", b"").await.status, 204);
    assert!(shop.call(FIRST, "GET /photos/cat?tagging", b"").await.elements("Key").is_empty());
    let none = shop.call(FIRST, "GET /photos/none?tagging", b"").await;
    assert_eq!(none.error(), (404, "NoSuchKey".into()));
}

#[tokio::test]
async fn attributes_are_told_to_those_who_name_them() {
    let shop = shop().await;
    let etag = shop.call(FIRST, "PUT /photos/cat", b"meow").await.header("etag").to_owned();
    let named = [("x-amz-object-attributes", "ETag,ObjectSize,Checksum")];
    let told = shop.call_with(FIRST, "GET /photos/cat?attributes", &named, b"").await;
    assert_eq!(told.element("ObjectSize"), "4", "{}", told.text());
    assert_eq!(told.element("ETag"), etag.replace('"', ""));
    assert_ne!(told.element("ChecksumCRC64NVME"), "");
    assert_eq!(told.element("StorageClass"), "");
    let named = [("x-amz-object-attributes", "Secrets")];
    let refused = shop.call_with(FIRST, "GET /photos/cat?attributes", &named, b"").await;
    assert_eq!(refused.error(), (400, "InvalidArgument".into()));
}

#[tokio::test]
async fn what_is_stored_survives_a_crash_and_what_is_not_goes() {
    let shop = Shop::open_on_disk();
    shop.call(FIRST, "PUT /photos", b"").await;
    shop.call(FIRST, "PUT /photos/cat", b"meow").await;
    let files = shop.files();
    let shard = files[0].parent().unwrap().file_name().unwrap().to_str().unwrap();
    let orphan = files[0].with_file_name(format!("{shard}23456789abcdef0123456789abcdef"));
    std::fs::write(&orphan, "left behind").unwrap();
    let shop = shop.reopen();
    assert_eq!(shop.objects.sweep(std::time::Duration::ZERO), Ok(1));
    assert_eq!(shop.files(), files);
    assert_eq!(shop.call(FIRST, "GET /photos/cat", b"").await.body, b"meow");
}

#[tokio::test]
async fn files_of_deleted_objects_stay_for_a_day() {
    let shop = Shop::open_on_disk();
    shop.call(FIRST, "PUT /photos", b"").await;
    for body in ["one", "two"] {
        shop.call(FIRST, "PUT /photos/overwritten", body.as_bytes()).await;
        shop.call(FIRST, "PUT /photos/deleted", body.as_bytes()).await;
    }
    assert_eq!(shop.call(FIRST, "DELETE /photos/deleted", b"").await.status, 204);
    // Neither upkeep nor a start removes them.
    assert_eq!(shop.objects.remove_unlinked_files(), Ok(0));
    let shop = shop.reopen();
    assert_eq!(shop.objects.sweep(std::time::Duration::ZERO), Ok(0));
    assert_eq!(shop.files().len(), 4);
    assert_eq!(shop.objects.store.remove_unlinked_files(NOW_MS), Ok(0));
    assert_eq!(shop.objects.store.remove_unlinked_files(NOW_MS + 1), Ok(3));
    assert_eq!(shop.objects.store.remove_unlinked_files(NOW_MS + 1), Ok(0));
    assert_eq!(shop.files().len(), 1);
    assert_eq!(shop.call(FIRST, "GET /photos/overwritten", b"").await.body, b"two");
}

#[tokio::test]
async fn of_many_writers_at_once_one_wins_and_readers_see_whole_objects() {
    use futures_util::future::join_all;

    let shop = shop().await;
    let bodies: Vec<Vec<u8>> = (0..16).map(|writer| vec![b'a' + writer; 100_000]).collect();
    shop.call(FIRST, "PUT /photos/contended", &bodies[0]).await;
    let writers =
        join_all(bodies.iter().map(|body| shop.call(FIRST, "PUT /photos/contended", body)));
    let readers = join_all((0..16).map(|_| shop.call(FIRST, "GET /photos/contended", b"")));
    let (written, read) = futures_util::future::join(writers, readers).await;
    assert!(written.iter().all(|answer| answer.status == 200));
    for answer in read {
        assert_eq!((answer.status, answer.body.len()), (200, 100_000));
        assert!(answer.body.iter().all(|byte| *byte == answer.body[0]));
    }
    assert_eq!(shop.settled_files(1).await.len(), 1);
}

#[tokio::test]
async fn a_lock_is_taken_by_one_of_many() {
    use futures_util::future::join_all;

    let shop = shop().await;
    let fresh = [("if-none-match", "*")];
    let tries = (0..16).map(|_| shop.call_with(FIRST, "PUT /photos/lock", &fresh, b"mine"));
    let mut statuses: Vec<u16> = join_all(tries).await.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert!(statuses[1..].iter().all(|status| *status == 412), "{statuses:?}");
    assert_eq!(shop.settled_files(1).await.len(), 1);
}

#[tokio::test]
async fn an_error_names_the_bucket_or_object_that_it_is_about() {
    let shop = shop().await;
    for (what, code, resource) in [
        ("GET /photos/a%20%26%20b?partNumber=1", "NoSuchKey", "/photos/a%20%26%20b"),
        ("GET /nowhere?list-type=2", "NoSuchBucket", "/nowhere"),
        ("GET /photos?analytics&id=1", "NotImplemented", "/photos"),
        ("GET /photos/a&b", "NoSuchKey", "/photos/a&amp;b"),
    ] {
        let answer = shop.call(FIRST, what, b"").await;
        assert_eq!(answer.element("Code"), code, "{what}");
        assert_eq!(answer.element("Resource"), resource, "{what} {}", answer.text());
        assert_eq!(answer.element("RequestId").len(), 36, "{what} {}", answer.text());
    }
}
