//! Keys of any characters, written in XML and listed; what a reader asks of an object in headers.

use crate::testing::{FIRST, Shop};

async fn shop() -> Shop {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    shop
}

#[tokio::test]
async fn a_reader_may_give_several_tags_and_dates_that_are_none() {
    let shop = shop().await;
    let etag = shop.call(FIRST, "PUT /photos/cat", b"meow").await.header("etag").to_owned();
    for (name, value, status) in [
        ("if-modified-since", "2001-01-01T00:00:00Z".to_owned(), 200),
        ("if-unmodified-since", "no date".to_owned(), 200),
        ("if-none-match", format!("\"other\", {etag}"), 304),
        ("if-none-match", format!("W/{etag}"), 304),
        ("if-none-match", "\"other\", \"more\"".to_owned(), 200),
        ("if-match", format!("\"other\",{etag}"), 200),
        ("if-match", format!("W/{etag}"), 412),
    ] {
        for method in ["GET", "HEAD"] {
            let what = format!("{method} /photos/cat");
            let answer = shop.call_with(FIRST, &what, &[(name, &value)], b"").await;
            assert_eq!(answer.status, status, "{what} {name}: {value}");
        }
    }
}

#[tokio::test]
async fn keys_to_delete_are_read_as_xml() {
    let shop = shop().await;
    for (path, written) in [
        ("face%20%F0%9F%98%80", "face &#128512;"),
        ("face%20%F0%9F%98%80", "face &#x1F600;"),
        ("a%26b", "<![CDATA[a&b]]>"),
        ("a%26b", "a<!-- and -->&amp;<![CDATA[b]]>"),
        ("a%0Db", "a&#13;b"),
        ("a%0Db", "a\rb"),
        ("a%01b", "a&#1;b"),
        ("a%01b", "a\u{1}b"),
        ("%3C%3E%22%27", "&lt;&gt;&quot;&apos;"),
    ] {
        shop.call(FIRST, &format!("PUT /photos/{path}"), b"x").await;
        let document = format!(
            "<?xml version=\"1.0\"?>\n<s3:Delete xmlns:s3=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
             <s3:Object><s3:Key>{written}</s3:Key></s3:Object></s3:Delete>"
        );
        let deleted = shop.call(FIRST, "POST /photos?delete", document.as_bytes()).await;
        assert_eq!(deleted.status, 200, "{written} {}", deleted.text());
        let read = shop.call(FIRST, &format!("GET /photos/{path}"), b"").await;
        assert_eq!(read.status, 404, "{written} {}", deleted.text());
    }
    for document in
        ["<Delete><Object><Key>&cat;</Key></Object></Delete>", "<Delete><Object>", "cat"]
    {
        let refused = shop.call(FIRST, "POST /photos?delete", document.as_bytes()).await;
        assert_eq!(refused.error(), (400, "MalformedXML".into()), "{document}");
    }
}

#[tokio::test]
async fn control_characters_of_keys_are_listed_as_references() {
    let shop = shop().await;
    for path in ["a%01b", "a%0Db", "a%1Fb", "a%09b"] {
        assert_eq!(shop.call(FIRST, &format!("PUT /photos/{path}"), b"x").await.status, 200);
    }
    let plain = shop.call(FIRST, "GET /photos?list-type=2", b"").await;
    assert_eq!(plain.elements("Key"), ["a&#x1;b", "a\tb", "a&#xd;b", "a&#x1f;b"]);
    let encoded = shop.call(FIRST, "GET /photos?list-type=2&encoding-type=url", b"").await;
    assert_eq!(encoded.elements("Key"), ["a%01b", "a%09b", "a%0Db", "a%1Fb"]);
    let mut listed = Vec::new();
    let mut after = String::new();
    for _ in 0..4 {
        let what =
            format!("GET /photos?list-type=2&max-keys=1&encoding-type=url&start-after={after}");
        after = shop.call(FIRST, &what, b"").await.element("Key");
        listed.push(after.clone());
    }
    assert_eq!(listed, encoded.elements("Key"));
}

#[tokio::test]
async fn an_object_may_expire_at_no_date() {
    let shop = shop().await;
    for (said, kept) in [
        ("0", ""),
        ("never", ""),
        ("Tue, 14 Nov 2023 22:13:20 GMT", "Tue, 14 Nov 2023 22:13:20 GMT"),
    ] {
        let put = shop.call_with(FIRST, "PUT /photos/cat", &[("expires", said)], b"meow").await;
        assert_eq!(put.status, 200, "{said} {}", put.text());
        let read = shop.call(FIRST, "HEAD /photos/cat", b"").await;
        assert_eq!(read.header("expires"), kept, "{said}");
    }
}

#[tokio::test]
async fn several_lines_of_metadata_are_one_value() {
    use protocol::sigv4::BodyToSign;

    use crate::testing::{HOST, NOW_MS, headers};

    let shop = shop().await;
    let mut head = headers(&[("host", HOST), ("x-amz-meta-a", "1")]);
    head.append("x-amz-meta-a", "2".parse().unwrap());
    let signed = BodyToSign::Whole(b"meow");
    shop.signer(FIRST).sign(("PUT", "/photos/cat", ""), &mut head, signed, NOW_MS).unwrap();
    let put = shop.send("PUT", "/photos/cat", head, b"meow".to_vec()).await;
    assert_eq!(put.status, 200, "{}", put.text());
    assert_eq!(shop.call(FIRST, "HEAD /photos/cat", b"").await.header("x-amz-meta-a"), "1,2");
}

#[tokio::test]
async fn metadata_beyond_ascii_is_kept_and_none_is_refused() {
    let shop = shop().await;
    for (sent, read) in [
        ("H\u{e4}llo", "=?UTF-8?B?SMOkbGxv?="),
        ("=?UTF-8?Q?H=C3=A4llo?=", "=?UTF-8?B?SMOkbGxv?="),
        ("=?UTF-8?B?YWJj?=", "abc"),
        ("=?UTF-8?B?AAECAw==?=", "=?UTF-8?B?AAECAw==?="),
        ("=?UTF-8?B?=GGG?=", "=?UTF-8?B?=GGG?="),
        ("=?=", "=?="),
    ] {
        let put = shop.call_with(FIRST, "PUT /photos/cat", &[("x-amz-meta-a", sent)], b"").await;
        assert_eq!(put.status, 200, "{sent}: {}", put.text());
        let head = shop.call(FIRST, "HEAD /photos/cat", b"").await;
        assert_eq!(head.header("x-amz-meta-a"), read, "{sent}");
    }
    let stranger = [("x-amz-meta-a", "=?=")];
    let put = shop.call_with("AKIASTRANGER", "PUT /photos/cat", &stranger, b"").await;
    assert_eq!(put.error(), (403, "InvalidAccessKeyId".into()));
}

#[tokio::test]
async fn a_head_counts_the_tags() {
    let shop = shop().await;
    let tags = [("x-amz-tagging", "a=1&b=2")];
    shop.call_with(FIRST, "PUT /photos/cat", &tags, b"meow").await;
    for method in ["GET", "HEAD"] {
        let read = shop.call(FIRST, &format!("{method} /photos/cat"), b"").await;
        assert_eq!(read.header("x-amz-tagging-count"), "2", "{method}");
    }
    shop.call(FIRST, "DELETE /photos/cat?tagging", b"").await;
    let read = shop.call(FIRST, "HEAD /photos/cat", b"").await;
    assert!(!read.headers.contains_key("x-amz-tagging-count"));
}

#[tokio::test]
async fn where_nothing_is_locked_a_bypass_changes_nothing() {
    let shop = shop().await;
    shop.call(FIRST, "PUT /photos/cat", b"meow").await;
    let bypass = [("x-amz-bypass-governance-retention", "true")];
    let document = b"<Delete><Object><Key>cat</Key></Object></Delete>";
    let deleted = shop.call_with(FIRST, "POST /photos?delete", &bypass, document).await;
    assert_eq!(deleted.elements("Key"), ["cat"], "{}", deleted.text());
    assert_eq!(shop.call_with(FIRST, "DELETE /photos/cat", &bypass, b"").await.status, 204);
}
