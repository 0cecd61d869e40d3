//! Errors: their status, code, message and order.

use crate::testing::{Answer, FIRST, HOST, NOW_MS, Shop, headers};

const TAG_DOCUMENT: &[u8] =
    b"<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>";
const KEY_DOCUMENT: &[u8] = b"<Delete><Object><Key>cat</Key></Object></Delete>";
const PART_DOCUMENT: &[u8] = b"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>\
    <ETag>a</ETag></Part></CompleteMultipartUpload>";

const TAGGED_TWICE: &[u8] =
    b"<CreateBucketConfiguration><Tags></Tags><Tags></Tags></CreateBucketConfiguration>";
const WRONG_TAG: &[u8] = b"<CreateBucketConfiguration><Tags><Tag><Key>aws:a</Key><Value>1</Value>\
    </Tag></Tags></CreateBucketConfiguration>";
const ACL_DOCUMENT: &[u8] = b"<AccessControlPolicy><Owner><ID>1</ID></Owner><AccessControlList>\
    <Grant><Grantee xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='CanonicalUser'>\
    <ID>1</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList>\
    </AccessControlPolicy>";

const CORS_DOCUMENT: &[u8] = b"<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod>\
    <AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>";

async fn shop() -> Shop {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    shop.call(FIRST, "PUT /photos/cat", b"meow").await;
    shop
}

fn is_complete(answer: &Answer, what: &str) {
    assert_eq!(answer.header("content-type"), "application/xml", "{what}");
    let message = answer.element("Message");
    assert!(message.ends_with('.'), "{what} {message}");
    assert_ne!(message, "The request was refused.", "{what}");
    assert_eq!(answer.element("RequestId").len(), 36, "{what} {}", answer.text());
    assert!(answer.element("Resource").starts_with('/'), "{what} {}", answer.text());
}

#[tokio::test]
async fn the_absence_of_the_bucket_is_said_first() {
    let shop = shop().await;
    let source = [("x-amz-copy-source", "/photos/cat")];
    for (what, more, body) in [
        ("GET /nowhere", &[][..], &b""[..]),
        ("GET /nowhere?list-type=2", &[], b""),
        ("GET /nowhere?versions", &[], b""),
        ("GET /nowhere?uploads", &[], b""),
        ("GET /nowhere?tagging", &[], b""),
        ("PUT /nowhere?tagging", &[], TAG_DOCUMENT),
        ("DELETE /nowhere?tagging", &[], b""),
        ("GET /nowhere?publicAccessBlock", &[], b""),
        ("GET /nowhere?policy", &[], b""),
        ("DELETE /nowhere", &[], b""),
        ("POST /nowhere?delete", &[], KEY_DOCUMENT),
        ("GET /nowhere/cat", &[], b""),
        ("GET /nowhere/cat?attributes", &[("x-amz-object-attributes", "ETag")], b""),
        ("GET /nowhere/cat?acl", &[], b""),
        ("GET /nowhere/cat?tagging", &[], b""),
        ("PUT /nowhere/cat?tagging", &[], TAG_DOCUMENT),
        ("DELETE /nowhere/cat?tagging", &[], b""),
        ("DELETE /nowhere/cat", &[], b""),
        ("DELETE /nowhere/cat", &[("if-match", "\"a\"")], b""),
        ("PUT /nowhere/cat", &[], b"meow"),
        ("PUT /nowhere/cat", &[("if-match", "\"a\"")], b"meow"),
        ("PUT /nowhere/cat", &source, b""),
        ("PUT /photos/copy", &[("x-amz-copy-source", "/nowhere/cat")], b""),
        ("POST /nowhere/cat?uploads", &[], b""),
        ("PUT /nowhere/cat?partNumber=1&uploadId=none", &[], b"meow"),
        ("PUT /nowhere/cat?partNumber=1&uploadId=none", &source, b""),
        ("PUT /nowhere/cat", &[("x-amz-server-side-encryption", "AES256")], b"meow"),
        ("PUT /nowhere/cat", &[("x-amz-storage-class", "GLACIER")], b"meow"),
        ("PUT /nowhere/cat", &[("x-amz-acl", "public-read")], b"meow"),
        ("POST /nowhere/cat?uploads", &[("x-amz-storage-class", "GLACIER")], b""),
        ("PUT /nowhere/cat?acl", &[], ACL_DOCUMENT),
        ("PUT /nowhere/cat?renameObject", &[], b""),
        ("GET /nowhere/cat?torrent", &[], b""),
        ("PUT /nowhere?cors", &[], CORS_DOCUMENT),
        ("PUT /nowhere?policy", &[], b"{}"),
        ("DELETE /nowhere?policy", &[], b""),
        ("GET /nowhere?analytics", &[], b""),
        ("GET /nowhere?inventory&id=1", &[], b""),
        ("GET /nowhere?metrics", &[], b""),
        ("GET /nowhere?intelligent-tiering", &[], b""),
        ("GET /nowhere?session", &[], b""),
        ("GET /nowhere?abac", &[], b""),
        ("GET /nowhere/cat?uploadId=none", &[], b""),
        ("DELETE /nowhere/cat?uploadId=none", &[], b""),
        ("POST /nowhere/cat?uploadId=none", &[], PART_DOCUMENT),
    ] {
        let answer = shop.call_with(FIRST, what, more, body).await;
        assert_eq!(answer.error(), (404, "NoSuchBucket".into()), "{what} {}", answer.text());
        is_complete(&answer, what);
    }
    assert_eq!(shop.call(FIRST, "HEAD /nowhere/cat", b"").await.status, 404);
}

#[tokio::test]
async fn a_mistake_of_the_caller_has_its_own_code_and_a_message() {
    let shop = shop().await;
    let eleven: Vec<String> =
        (0..11).map(|n| format!("<Tag><Key>{n}</Key><Value>1</Value></Tag>")).collect();
    let eleven = format!("<Tagging><TagSet>{}</TagSet></Tagging>", eleven.concat());
    let tags: Vec<String> = (0..11).map(|n| format!("k{n}=v")).collect();
    let tags = tags.join("&");
    let long = format!("PUT /photos/{}", "k".repeat(1025));
    for (what, more, body, status, code) in [
        ("PUT /photos/new", &[("x-amz-tagging", &*tags)][..], &b""[..], 400, "BadRequest"),
        ("PUT /photos/cat?tagging", &[], eleven.as_bytes(), 400, "BadRequest"),
        ("PUT /photos/cat?tagging", &[], b"", 400, "MissingRequestBodyError"),
        ("PUT /photos/cat?tagging", &[], b"<Tagging>", 400, "MalformedXML"),
        ("PUT /photos/cat?tagging", &[], b"<Other/>", 400, "MalformedXML"),
        ("PUT /photos/cat?tagging", &[], b"{}", 400, "MalformedXML"),
        ("PUT /photos/cat?acl", &[], ACL_DOCUMENT, 501, "NotImplemented"),
        ("PUT /tagged", &[], TAGGED_TWICE, 400, "MalformedXML"),
        ("PUT /tagged", &[], WRONG_TAG, 400, "InvalidTag"),
        ("PUT /photos?policy", &[], b"{}", 501, "NotImplemented"),
        ("PUT /photos?cors", &[], CORS_DOCUMENT, 501, "NotImplemented"),
        ("GET /photos?analytics", &[], b"", 501, "NotImplemented"),
        ("GET /photos?abac", &[], b"", 501, "NotImplemented"),
        (
            "PUT /photos/new",
            &[("x-amz-storage-class", "GLACIER")],
            b"x",
            400,
            "InvalidStorageClass",
        ),
        (
            "PUT /locked",
            &[("x-amz-bucket-object-lock-enabled", "true")],
            b"",
            501,
            "NotImplemented",
        ),
        ("DELETE /photos/cat?policy", &[], b"", 405, "MethodNotAllowed"),
        ("DELETE /photos/cat?versions", &[], b"", 405, "MethodNotAllowed"),
        ("PUT /photos/cat?versioning", &[], b"x", 405, "MethodNotAllowed"),
        ("PUT /photos/cat?versionId=null", &[], b"x", 400, "InvalidArgument"),
        ("PUT /photos?versioning", &[], b"<VersioningConfiguration/>", 501, "NotImplemented"),
        ("PUT /Photos", &[], b"", 400, "InvalidBucketName"),
        (&long, &[], b"", 400, "KeyTooLongError"),
        ("PUT /photos/new", &[("content-md5", "AAAA")], b"x", 400, "InvalidDigest"),
        ("PUT /photos/new", &[("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")], b"x", 400, "BadDigest"),
        ("PUT /photos/new", &[("x-amz-checksum-crc32", "AAAAAA==")], b"x", 400, "BadDigest"),
        ("PUT /photos/new", &[("x-amz-checksum-crc32", "?")], b"x", 400, "InvalidRequest"),
        ("POST /photos?delete", &[("content-md5", "")], KEY_DOCUMENT, 400, "InvalidDigest"),
        ("GET /photos/cat", &[("range", "bytes=4-")], b"", 416, "InvalidRange"),
        ("GET /photos/cat?partNumber=2", &[], b"", 416, "InvalidPartNumber"),
        ("GET /photos/cat?partNumber=x", &[], b"", 400, "InvalidArgument"),
        ("GET /photos/cat", &[("if-match", "\"a\"")], b"", 412, "PreconditionFailed"),
        ("GET /photos/cat", &[("if-match", "\"a")], b"", 400, "InvalidArgument"),
        ("GET /photos?max-keys=x", &[], b"", 400, "InvalidArgument"),
        ("GET /photos?encoding-type=x", &[], b"", 400, "InvalidArgument"),
        ("GET /photos?list-type=2&continuation-token=x", &[], b"", 400, "InvalidArgument"),
        ("GET /photos/cat?attributes", &[], b"", 400, "InvalidRequest"),
        (
            "GET /photos/cat",
            &[("x-amz-expected-bucket-owner", "x")],
            b"",
            400,
            "InvalidBucketOwnerAWSAccountID",
        ),
        ("POST /photos/cat?select&select-type=2", &[], b"", 501, "NotImplemented"),
        ("POST /photos", &[], b"", 405, "MethodNotAllowed"),
        ("POST /photos/cat", &[], b"x", 405, "MethodNotAllowed"),
        ("PUT /", &[], b"", 405, "MethodNotAllowed"),
        ("DELETE /photos?versioning", &[], b"", 405, "MethodNotAllowed"),
        ("DELETE /photos/cat?acl", &[], b"", 405, "MethodNotAllowed"),
        ("PUT /photos/cat?uploadId=1", &[], b"x", 400, "InvalidArgument"),
        ("DELETE /photos", &[], b"", 409, "BucketNotEmpty"),
        ("GET /photos/none", &[], b"", 404, "NoSuchKey"),
        ("GET /photos?cors", &[], b"", 404, "NoSuchCORSConfiguration"),
        ("GET /photos?encryption", &[], b"", 404, "ServerSideEncryptionConfigurationNotFoundError"),
    ] {
        let answer = shop.call_with(FIRST, what, more, body).await;
        assert_eq!(answer.error(), (status, code.into()), "{what} {}", answer.text());
        is_complete(&answer, what);
    }
    assert_eq!(shop.call(FIRST, "GET /photos/cat", b"").await.body, b"meow");
}

#[tokio::test]
async fn a_list_of_keys_to_delete_has_a_digest() {
    use protocol::sigv4::BodyToSign;

    let shop = shop().await;
    let mut head = headers(&[("host", HOST)]);
    let signed = BodyToSign::Whole(KEY_DOCUMENT);
    shop.signer(FIRST).sign(("POST", "/photos", "delete"), &mut head, signed, NOW_MS).unwrap();
    let answer = shop.send("POST", "/photos?delete", head, KEY_DOCUMENT.to_vec()).await;
    assert_eq!(answer.error(), (400, "InvalidRequest".into()));
    assert!(answer.element("Message").contains("Content-MD5"), "{}", answer.text());
    assert_eq!(shop.call(FIRST, "GET /photos/cat", b"").await.body, b"meow");
}

#[tokio::test]
async fn a_range_outside_of_the_object_is_told_its_size() {
    let shop = shop().await;
    let outside = [("range", "bytes=9-12")];
    let answer = shop.call_with(FIRST, "GET /photos/cat", &outside, b"").await;
    assert_eq!(answer.error(), (416, "InvalidRange".into()));
    assert_eq!(answer.header("content-range"), "bytes */4");
    assert_eq!(answer.element("ActualObjectSize"), "4");
    assert_eq!(answer.element("RangeRequested"), "bytes=9-12");
    let head = shop.call_with(FIRST, "HEAD /photos/cat", &outside, b"").await;
    assert_eq!((head.status, head.header("content-range")), (416, "bytes */4"));
}

#[tokio::test]
async fn a_link_is_refused_in_the_words_for_links() {
    let shop = shop().await;
    let query = shop.signer(FIRST).presign(("GET", "/photos/cat", ""), HOST, 60, NOW_MS).unwrap();
    for (from, to, status, code) in [
        ("Expires=60", "Expires=604801", 400, "AuthorizationQueryParametersError"),
        ("Expires=60", "Expires=-1", 400, "AuthorizationQueryParametersError"),
        ("Expires=60", "Expires=", 400, "AuthorizationQueryParametersError"),
        ("X-Amz-Date=", "X-Other=", 400, "AuthorizationQueryParametersError"),
        ("SignedHeaders=host", "SignedHeaders=content-type%3Bhost", 403, "SignatureDoesNotMatch"),
        ("Expires=60", "Expires=61", 403, "SignatureDoesNotMatch"),
    ] {
        let link = format!("/photos/cat?{}", query.replace(from, to));
        let answer = shop.send("GET", &link, headers(&[("host", HOST)]), vec![]).await;
        assert_eq!(answer.error(), (status, code.into()), "{to} {}", answer.text());
        is_complete(&answer, to);
    }
}
