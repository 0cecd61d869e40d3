//! Access: signatures, policies, and the events in the audit log.

use crate::testing::{FIRST, HOST, NOW_MS, SECOND, Shop, headers};
use protocol::sigv4::BodyToSign;

const EVERYTHING: [(&str, &[u8]); 20] = [
    ("GET /", b""),
    ("PUT /fresh", b""),
    ("HEAD /photos", b""),
    ("GET /photos", b""),
    ("GET /photos?list-type=2", b""),
    ("GET /photos?uploads", b""),
    ("GET /photos?versions", b""),
    ("GET /photos?location", b""),
    ("GET /photos?policy", b""),
    ("DELETE /photos", b""),
    ("GET /photos/cat", b""),
    ("HEAD /photos/cat", b""),
    ("GET /photos/cat?acl", b""),
    ("GET /photos/cat?tagging", b""),
    ("PUT /photos/cat", b"woof"),
    ("PUT /photos/cat?tagging", b"<Tagging><TagSet></TagSet></Tagging>"),
    ("DELETE /photos/cat", b""),
    ("POST /photos?delete", b"<Delete><Object><Key>cat</Key></Object></Delete>"),
    ("POST /photos/cat?uploads", b""),
    ("GET /photos/cat?uploadId=0123456789abcdef0123456789abcdef", b""),
];

async fn shop() -> Shop {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    shop.call(FIRST, "PUT /photos/cat", b"meow").await;
    shop
}

async fn is_untouched(shop: &Shop) {
    assert_eq!(shop.call(FIRST, "GET /photos/cat", b"").await.body, b"meow");
    assert_eq!(shop.call(FIRST, "GET /", b"").await.elements("Name"), ["photos"]);
    assert_eq!(shop.files().len(), 1);
}

#[tokio::test]
async fn nobody_may_do_anything() {
    let shop = shop().await;
    for (what, body) in EVERYTHING {
        let (method, target) = what.split_once(' ').unwrap();
        let answer = shop.send(method, target, headers(&[("host", HOST)]), body.to_vec()).await;
        assert_eq!(answer.status, 403, "{what}");
        if method != "HEAD" {
            assert_eq!(answer.element("Code"), "AccessDenied", "{what}");
            assert_eq!(answer.element("RequestId").len(), 36, "{what} {}", answer.text());
        }
    }
    is_untouched(&shop).await;
}

#[tokio::test]
async fn a_role_without_permission_may_do_nothing() {
    let shop = shop().await;
    shop.add_keys("AKNOTHING", FIRST, r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#);
    for (what, body) in EVERYTHING {
        let answer = shop.call("AKNOTHING", what, body).await;
        // AWS: keys are refused one by one, within a successful answer.
        let status = if what == "POST /photos?delete" { 200 } else { 403 };
        assert_eq!(answer.status, status, "{what}");
        if !what.starts_with("HEAD") {
            assert_eq!(answer.element("Code"), "AccessDenied", "{what}");
        }
    }
    is_untouched(&shop).await;
}

#[tokio::test]
async fn keys_and_signatures_that_do_not_hold_are_refused() {
    let shop = shop().await;
    let unknown = shop.call("AKSTRANGER", "GET /photos/cat", b"").await;
    assert_eq!(unknown.error(), (403, "InvalidAccessKeyId".into()));

    let mut forged = headers(&[("host", HOST)]);
    let target = ("GET", "/photos/cat", "");
    shop.signer(FIRST).sign(target, &mut forged, BodyToSign::Whole(b""), NOW_MS).unwrap();
    let other = shop.send("GET", "/photos/dog", forged.clone(), vec![]).await;
    assert_eq!(other.error(), (403, "SignatureDoesNotMatch".into()));
    forged.insert("x-amz-meta-more", "1".parse().unwrap());
    let more = shop.send("GET", "/photos/cat", forged, vec![]).await;
    assert_eq!(more.error(), (403, "AccessDenied".into()));

    let mut old = headers(&[("host", HOST)]);
    shop.signer(FIRST)
        .sign(target, &mut old, BodyToSign::Whole(b""), NOW_MS - 16 * 60_000)
        .unwrap();
    let late = shop.send("GET", "/photos/cat", old, vec![]).await;
    assert_eq!(late.error(), (403, "RequestTimeTooSkewed".into()));

    let second = [("host", HOST), ("authorization", "AWS AKID:c2lnbmF0dXJl")];
    let version_2 = shop.send("GET", "/photos/cat", headers(&second), vec![]).await;
    assert_eq!(version_2.error(), (400, "InvalidRequest".into()));
    let link = "/photos/cat?AWSAccessKeyId=AKID&Signature=c2ln&Expires=1999999999";
    let version_2 = shop.send("GET", link, headers(&[("host", HOST)]), vec![]).await;
    assert_eq!(version_2.error(), (400, "InvalidRequest".into()));
    is_untouched(&shop).await;
}

#[tokio::test]
async fn a_policy_decides_by_key_and_prefix() {
    let shop = shop().await;
    shop.call(FIRST, "PUT /photos/ada/1", b"1").await;
    let home = r#"{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": "arn:aws:s3:::photos/ada/*"},
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::photos",
            "Condition": {"StringLike": {"s3:prefix": "ada/*"}}}"#;
    shop.add_keys("AKADA", FIRST, home);
    for (what, status) in [
        ("GET /photos/ada/1", 200),
        ("PUT /photos/ada/2", 200),
        ("GET /photos/cat", 403),
        ("PUT /photos/ada", 403),
        ("DELETE /photos/ada/1", 403),
        ("GET /photos?prefix=ada/", 200),
        ("GET /photos?list-type=2&prefix=ada/1", 200),
        ("GET /photos?prefix=bob/", 403),
        ("GET /photos", 403),
        // AWS: only a caller who may list is told that the key does not exist.
        ("GET /photos/ada/none", 403),
    ] {
        let answer = shop.call("AKADA", what, b"").await;
        assert_eq!(answer.status, status, "{what} {}", answer.text());
    }
    let none = shop.call(FIRST, "GET /photos/ada/none", b"").await;
    assert_eq!(none.error(), (404, "NoSuchKey".into()));
    let delete = b"<Delete><Object><Key>ada/1</Key></Object></Delete>";
    let refused = shop.call("AKADA", "POST /photos?delete", delete).await;
    assert_eq!((refused.status, refused.element("Code")), (200, "AccessDenied".into()));
}

#[tokio::test]
async fn each_action_with_condition_keys_has_them_in_its_requests() {
    let shop = shop().await;
    for action in [crate::actions::LIST_BUCKET, crate::actions::LIST_BUCKET_VERSIONS] {
        let keys = policy::supplied::keys_of(action);
        assert!(!keys.is_empty(), "{action}");
        let list = if action.ends_with("Versions") { "versions" } else { "list-type=2" };
        let asked = format!("GET /photos?{list}&prefix=ada/&delimiter=/&max-keys=3");
        for key in keys {
            let value = match key.as_str() {
                "s3:prefix" => "ada/",
                "s3:delimiter" => "/",
                _ => "3",
            };
            let condition = format!(r#""Condition": {{"StringEquals": {{"{key}": "{value}"}}}}"#);
            let label = format!("AK{}{}", list.replace('=', ""), key.replace(':', ""));
            let allow = format!(
                r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "*", {condition}}}"#
            );
            shop.add_keys(&label, FIRST, &allow);
            assert_eq!(shop.call(&label, &asked, b"").await.status, 200, "{action} {key}");
            let other = format!("GET /photos?{list}&prefix=bob/&max-keys=4");
            assert_eq!(shop.call(&label, &other, b"").await.status, 403, "{action} {key}");
            let deny = format!(
                r#"{{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}},
                {{"Effect": "Deny", "Action": "{action}", "Resource": "*", {condition}}}"#
            );
            let label = format!("{label}DENY");
            shop.add_keys(&label, FIRST, &deny);
            assert_eq!(shop.call(&label, &asked, b"").await.status, 403, "{action} {key}");
            assert_eq!(shop.call(&label, &other, b"").await.status, 200, "{action} {key}");
        }
    }
}

#[tokio::test]
async fn a_stranger_is_refused_whatever_is_asked_for() {
    let shop = shop().await;
    for (method, target) in [
        ("GET", "/nowhere/none"),
        ("GET", "/Not-A-Name"),
        ("PATCH", "/photos"),
        ("DELETE", "/photos?versioning"),
        ("GET", "/photos?max-keys=x"),
        ("PUT", "/photos/cat?uploadId=1"),
    ] {
        let answer = shop.send(method, target, headers(&[("host", HOST)]), vec![]).await;
        assert_eq!(answer.error(), (403, "AccessDenied".into()), "{method} {target}");
    }
}

#[tokio::test]
async fn an_object_is_no_script_of_a_page_on_the_same_host() {
    let shop = shop().await;
    let link = shop
        .signer(FIRST)
        .presign(("GET", "/photos/cat", ""), HOST, 60, NOW_MS)
        .map(|query| format!("/photos/cat?{query}"))
        .unwrap();
    for (destination, status) in [
        ("script", 403),
        ("Script", 403),
        ("style", 403),
        ("worker", 403),
        ("sharedworker", 403),
        ("serviceworker", 403),
        ("audioworklet", 403),
        ("document", 200),
        ("image", 200),
        ("empty", 200),
    ] {
        let asked = headers(&[("host", HOST), ("sec-fetch-dest", destination)]);
        let answer = shop.send("GET", &link, asked, vec![]).await;
        assert_eq!(answer.status, status, "{destination} {}", answer.text());
    }
    let host = "photos.localhost:8080";
    let query = shop.signer(FIRST).presign(("GET", "/cat", ""), host, 60, NOW_MS).unwrap();
    let asked = headers(&[("host", host), ("sec-fetch-dest", "script")]);
    assert_eq!(shop.send("GET", &format!("/cat?{query}"), asked, vec![]).await.status, 200);
}

#[tokio::test]
async fn a_copy_needs_permission_at_both_ends() {
    let shop = shop().await;
    let get = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#;
    let put = r#"{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}"#;
    shop.add_keys("AKGET", FIRST, get);
    shop.add_keys("AKPUT", FIRST, put);
    shop.add_keys("AKBOTH", FIRST, &format!("{get}, {put}"));
    let source = [("x-amz-copy-source", "/photos/cat")];
    for (key_id, status) in [("AKGET", 403), ("AKPUT", 403), ("AKBOTH", 200)] {
        let copied = shop.call_with(key_id, "PUT /photos/copy", &source, b"").await;
        assert_eq!(copied.status, status, "{key_id} {}", copied.text());
    }
}

#[tokio::test]
async fn who_expects_another_owner_is_refused() {
    let shop = shop().await;
    let expected = |owner: &'static str| [("x-amz-expected-bucket-owner", owner)];
    for what in ["GET /photos/cat", "GET /photos", "PUT /photos/cat", "GET /photos?acl"] {
        let right = shop.call_with(FIRST, what, &expected(FIRST), b"meow").await;
        assert_eq!(right.status, 200, "{what}");
        let wrong = shop.call_with(FIRST, what, &expected(SECOND), b"meow").await;
        assert_eq!(wrong.error(), (403, "AccessDenied".into()), "{what}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_refused_by_name() {
    let shop = shop().await;
    for (name, value, code) in [
        ("x-amz-server-side-encryption", "aws:kms", "NotImplemented"),
        ("x-amz-acl", "public-read", "AccessControlListNotSupported"),
        ("x-amz-storage-class", "GLACIER", "InvalidStorageClass"),
        ("x-amz-object-lock-legal-hold", "ON", "NotImplemented"),
        ("x-amz-website-redirect-location", "/x", "NotImplemented"),
    ] {
        let answer = shop.call_with(FIRST, "PUT /photos/new", &[(name, value)], b"x").await;
        assert_eq!(answer.element("Code"), code, "{name}");
    }
    let form = [("content-type", "multipart/form-data; boundary=x")];
    let answer = shop.call_with(FIRST, "POST /photos", &form, b"--x--").await;
    assert_eq!(answer.error(), (501, "NotImplemented".into()));
    for what in ["GET /photos/cat?torrent", "POST /photos/cat?restore", "PATCH /photos/cat"] {
        let answer = shop.call(FIRST, what, b"").await;
        assert!(matches!(answer.status, 405 | 501), "{what} {}", answer.text());
    }
    let version = shop.call(FIRST, "GET /photos/cat?versionId=1", b"").await;
    assert_eq!(version.error(), (404, "NoSuchVersion".into()));
    assert_eq!(shop.call(FIRST, "GET /photos/cat?versionId=null", b"").await.status, 200);
    is_untouched(&shop).await;
}

#[tokio::test]
async fn whatever_is_done_or_refused_leaves_an_event() {
    let shop = Shop::open_on_disk();
    shop.add_keys("AKNOTHING", FIRST, r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#);
    shop.call(FIRST, "PUT /photos", b"").await;
    shop.call(FIRST, "PUT /photos/cat", b"meow").await;
    let upload = shop.call(FIRST, "POST /photos/dog?uploads", b"").await.element("UploadId");
    let (bucket, cat) = ("arn:aws:s3:::photos", "arn:aws:s3:::photos/cat");
    let dog = "arn:aws:s3:::photos/dog";
    for (what, body, action, resource) in [
        ("GET /", &b""[..], "s3:ListAllMyBuckets", "*"),
        ("HEAD /photos", b"", "s3:ListBucket", bucket),
        ("GET /photos", b"", "s3:ListBucket", bucket),
        ("GET /photos?list-type=2", b"", "s3:ListBucket", bucket),
        ("GET /photos?uploads", b"", "s3:ListBucketMultipartUploads", bucket),
        ("GET /photos?location", b"", "s3:GetBucketLocation", bucket),
        ("GET /photos?versioning", b"", "s3:GetBucketVersioning", bucket),
        ("GET /photos/cat", b"", "s3:GetObject", cat),
        ("HEAD /photos/cat", b"", "s3:GetObject", cat),
        ("GET /photos/cat?acl", b"", "s3:GetObjectAcl", cat),
        ("GET /photos/cat?tagging", b"", "s3:GetObjectTagging", cat),
        ("PUT /photos/cat", b"meow", "s3:PutObject", cat),
        ("DELETE /photos/cat?tagging", b"", "s3:DeleteObjectTagging", cat),
        ("POST /photos/cat?uploads", b"", "s3:PutObject", cat),
        (&format!("PUT /photos/dog?partNumber=1&uploadId={upload}"), b"x", "s3:PutObject", dog),
        (&format!("GET /photos/dog?uploadId={upload}"), b"", "s3:ListMultipartUploadParts", dog),
        (&format!("DELETE /photos/dog?uploadId={upload}"), b"", "s3:AbortMultipartUpload", dog),
        ("DELETE /photos/cat", b"", "s3:DeleteObject", cat),
        (
            "POST /photos?delete",
            b"<Delete><Object><Key>cat</Key></Object></Delete>",
            "s3:DeleteObject",
            cat,
        ),
        ("DELETE /photos", b"", "s3:DeleteBucket", bucket),
    ] {
        for (key_id, done) in [("AKNOTHING", false), (FIRST, true)] {
            let before = shop.events().len();
            shop.call(key_id, what, body).await;
            let events = shop.events();
            let event = (action.to_owned(), resource.to_owned(), done);
            assert_eq!(events[before..], [event], "{key_id} {what}");
        }
    }
    let before = shop.events().len();
    shop.send("GET", "/photos/cat", headers(&[("host", HOST)]), vec![]).await;
    let events = shop.events();
    assert_eq!((events.len(), events[before].2), (before + 1, false));
}

#[tokio::test]
async fn a_body_that_was_refused_leaves_an_event() {
    let shop = Shop::open_on_disk();
    shop.call(FIRST, "PUT /photos", b"").await;
    let wrong = [("x-amz-checksum-crc32", "AAAAAA==")];
    shop.call_with(FIRST, "PUT /photos/cat", &wrong, b"meow").await;
    let event = ("s3:PutObject".to_owned(), "arn:aws:s3:::photos/cat".to_owned(), false);
    assert_eq!(shop.events().last(), Some(&event));
}

#[tokio::test]
async fn events_of_objects_are_left_out_if_the_operator_says_so() {
    let shop = Shop::open_without_data_events();
    shop.call(FIRST, "PUT /photos", b"").await;
    let before = shop.events();
    for what in ["PUT /photos/cat", "GET /photos/cat", "GET /photos", "DELETE /photos/cat"] {
        shop.call(FIRST, what, b"").await;
    }
    assert_eq!(shop.events(), before);
    shop.call(FIRST, "DELETE /photos", b"").await;
    shop.add_keys("AKNOTHING", FIRST, r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#);
    shop.call("AKNOTHING", "GET /photos/cat", b"").await;
    assert_eq!(shop.events().len(), before.len() + 2);
}
