//! Bodies as clients send them: hashed, in chunks, with checksums before and after, and broken.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body::Frame;
use protocol::sigv4::BodyToSign;
use protocol::sigv4::chunked::Encoder;

use crate::testing::{Answer, FIRST, HOST, NOW_MS, Shop, headers};

const TEXT: &[u8] = b"The quick brown fox jumps over the lazy dog";
const CRC32: &str = "QU+jOQ==";

async fn shop() -> Shop {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    shop
}

/// Puts a body in chunks of eight bytes, as the SDKs do, after `spoil` has changed it.
async fn put_chunked(
    shop: &Shop,
    word: &str,
    more: &[(&str, &str)],
    trailers: &[(&str, &str)],
    spoil: impl FnOnce(&mut Vec<u8>, &mut HeaderMap),
) -> Answer {
    let length = TEXT.len().to_string();
    let mut head = headers(&[
        ("host", HOST),
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", &length),
    ]);
    head.extend(headers(more));
    let target = ("PUT", "/photos/fox", "");
    let chain =
        shop.signer(FIRST).sign(target, &mut head, BodyToSign::Declared(word), NOW_MS).unwrap();
    let is_signed = word.starts_with("STREAMING-AWS4");
    let mut encoder = Encoder::new(is_signed.then_some(chain));
    let mut body = Vec::new();
    for chunk in TEXT.chunks(8) {
        encoder.push(&mut body, chunk);
    }
    encoder.finish(&mut body, &headers(trailers));
    spoil(&mut body, &mut head);
    shop.send("PUT", "/photos/fox", head, body).await
}

const SIGNED: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const SIGNED_TRAILER: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
const UNSIGNED_TRAILER: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

#[tokio::test]
async fn a_body_may_come_in_chunks_of_every_kind() {
    let shop = shop().await;
    let announced = [("x-amz-trailer", "x-amz-checksum-crc32")];
    let sum = [("x-amz-checksum-crc32", CRC32)];
    for (word, more, trailers) in [
        (SIGNED, &[][..], &[][..]),
        (SIGNED_TRAILER, &announced, &sum),
        (UNSIGNED_TRAILER, &announced, &sum),
    ] {
        let put = put_chunked(&shop, word, more, trailers, |_, _| ()).await;
        assert_eq!(put.status, 200, "{word} {}", put.text());
        let read = shop.call(FIRST, "GET /photos/fox", b"").await;
        assert_eq!(read.body, TEXT, "{word}");
        assert_eq!(read.header("content-encoding"), "", "{word}");
    }
    let mode = [("x-amz-checksum-mode", "ENABLED")];
    let read = shop.call_with(FIRST, "GET /photos/fox", &mode, b"").await;
    assert_eq!(read.header("x-amz-checksum-crc32"), CRC32);
}

#[tokio::test]
async fn a_body_in_chunks_that_is_not_the_one_that_was_signed_is_refused() {
    let shop = shop().await;
    let announced = [("x-amz-trailer", "x-amz-checksum-crc32")];
    let sum = [("x-amz-checksum-crc32", CRC32)];
    let flip = |body: &mut Vec<u8>, _: &mut HeaderMap| {
        let place = body.windows(3).position(|window| window == b"qui").unwrap();
        body[place] ^= 1;
    };
    let put = put_chunked(&shop, SIGNED, &[], &[], flip).await;
    assert_eq!(put.status, 403, "{}", put.text());
    let put = put_chunked(&shop, UNSIGNED_TRAILER, &announced, &sum, flip).await;
    assert_eq!(put.error(), (400, "BadDigest".into()));
    let cut = |body: &mut Vec<u8>, _: &mut HeaderMap| body.truncate(body.len() / 2);
    for word in [SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER] {
        let put = put_chunked(&shop, word, &announced, &sum, cut).await;
        assert!(put.status == 400 || put.status == 403, "{word} {}", put.text());
    }
    let without = put_chunked(&shop, UNSIGNED_TRAILER, &announced, &[], |_, _| ()).await;
    assert_eq!(without.status, 400, "{}", without.text());
    let read = shop.call(FIRST, "GET /photos/fox", b"").await;
    assert_eq!(read.error(), (404, "NoSuchKey".into()));
    assert!(shop.files().is_empty());
}

#[tokio::test]
async fn a_checksum_before_the_body_is_checked_and_kept() {
    let shop = shop().await;
    for (name, right, wrong) in [
        ("x-amz-checksum-crc32", CRC32, "AAAAAA=="),
        ("x-amz-checksum-crc32c", "ImIEBA==", "AAAAAA=="),
        ("x-amz-checksum-crc64nvme", "12xUBUlUwUM=", "AAAAAAAAAAA="),
        ("x-amz-checksum-sha1", "L9ThxnotKPzthJ7hu3bnORuT6xI=", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        (
            "x-amz-checksum-sha256",
            "16j7swfXgJRpypq8sAguT41WUeRtPNt2LQLQvzfJ5ZI=",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ),
    ] {
        let put = shop.call_with(FIRST, "PUT /photos/fox", &[(name, right)], TEXT).await;
        assert_eq!((put.status, put.header(name)), (200, right));
        let mode = [("x-amz-checksum-mode", "ENABLED")];
        let read = shop.call_with(FIRST, "HEAD /photos/fox", &mode, b"").await;
        assert_eq!(read.header(name), right);
        let put = shop.call_with(FIRST, "PUT /photos/fox", &[(name, wrong)], TEXT).await;
        assert_eq!(put.error(), (400, "BadDigest".into()), "{name}");
        let put = shop.call_with(FIRST, "PUT /photos/fox", &[(name, "?")], TEXT).await;
        assert_eq!(put.error(), (400, "InvalidRequest".into()), "{name}");
    }
    let two = [("x-amz-checksum-crc32", CRC32), ("x-amz-checksum-sha1", "x")];
    let put = shop.call_with(FIRST, "PUT /photos/fox", &two, TEXT).await;
    assert_eq!(put.error(), (400, "InvalidRequest".into()));
    let named = [("x-amz-sdk-checksum-algorithm", "CRC32")];
    let put = shop.call_with(FIRST, "PUT /photos/fox", &named, TEXT).await;
    assert_eq!(put.error(), (400, "InvalidRequest".into()));
    assert_eq!(shop.settled_files(1).await.len(), 1);
}

#[tokio::test]
async fn content_md5_is_checked() {
    let shop = shop().await;
    for (md5, code) in [
        ("nhB9nTcrtoJr2B01QqQZ1g==", ""),
        ("AAAAAAAAAAAAAAAAAAAAAA==", "BadDigest"),
        ("short", "InvalidDigest"),
    ] {
        let put = shop.call_with(FIRST, "PUT /photos/fox", &[("content-md5", md5)], TEXT).await;
        assert_eq!(put.element("Code"), code, "{md5}");
    }
    let delete = b"<Delete><Object><Key>fox</Key></Object></Delete>";
    let wrong = [("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")];
    let deleted = shop.call_with(FIRST, "POST /photos?delete", &wrong, delete).await;
    assert_eq!(deleted.error(), (400, "BadDigest".into()));
    assert_eq!(shop.call(FIRST, "GET /photos/fox", b"").await.status, 200);
}

#[tokio::test]
async fn a_body_that_is_not_the_one_that_was_hashed_is_refused() {
    let shop = shop().await;
    for (what, body) in [("PUT /photos/fox", "x"), ("POST /photos?delete", "<Delete></Delete>")] {
        let (method, target) = what.split_once(' ').unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut head = headers(&[("host", HOST)]);
        let signed = BodyToSign::Whole(b"something else");
        shop.signer(FIRST).sign((method, path, query), &mut head, signed, NOW_MS).unwrap();
        let answer = shop.send(method, target, head, body.as_bytes().to_vec()).await;
        assert_eq!(answer.error(), (400, "XAmzContentSHA256Mismatch".into()), "{what}");
    }
    assert!(shop.files().is_empty());
}

#[tokio::test]
async fn a_length_that_is_missing_wrong_or_too_great_is_refused() {
    let shop = shop().await;
    let put = async |length: Option<&str>, body: &'static [u8]| {
        let mut head = headers(&[("host", HOST)]);
        let (target, word) = (("PUT", "/photos/fox", ""), BodyToSign::Declared("UNSIGNED-PAYLOAD"));
        shop.signer(FIRST).sign(target, &mut head, word, NOW_MS).unwrap();
        head.extend(length.map(|length| (http::header::CONTENT_LENGTH, length.parse().unwrap())));
        let mut request = Request::put("/photos/fox").body(Pieces(vec![body])).unwrap();
        *request.headers_mut() = head;
        shop.send_body(request).await.error()
    };
    assert_eq!(put(None, b"meow").await, (411, "MissingContentLength".into()));
    assert_eq!(put(Some("3"), b"meow").await, (400, "IncompleteBody".into()));
    assert_eq!(put(Some("5"), b"meow").await, (400, "IncompleteBody".into()));
    assert_eq!(put(Some("+4"), b"meow").await, (400, "InvalidArgument".into()));
    assert_eq!(put(Some("5368709121"), b"").await, (400, "EntityTooLarge".into()));
    assert_eq!(put(Some("4"), b"meow").await, (200, String::new()));
    assert_eq!(shop.settled_files(1).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stops_coming_is_given_up() {
    let shop = shop().await;
    let mut head = headers(&[("host", HOST), ("content-length", "1000000")]);
    let (target, word) = (("PUT", "/photos/slow", ""), BodyToSign::Declared("UNSIGNED-PAYLOAD"));
    shop.signer(FIRST).sign(target, &mut head, word, NOW_MS).unwrap();
    let mut request = Request::put("/photos/slow").body(Stalled(Some(TEXT))).unwrap();
    *request.headers_mut() = head;
    let answer = shop.send_body(request).await;
    assert_eq!(answer.error(), (400, "RequestTimeout".into()));
    assert!(shop.files().is_empty());
}

#[tokio::test]
async fn metadata_beyond_two_kilobytes_is_refused() {
    let shop = shop().await;
    let long = "x".repeat(2048);
    let put = shop.call_with(FIRST, "PUT /photos/fox", &[("x-amz-meta-a", &long)], TEXT).await;
    assert_eq!(put.error(), (400, "MetadataTooLarge".into()));
    let put = shop.call_with(FIRST, "PUT /photos/fox", &[("x-amz-meta-a", "\u{e4}")], TEXT).await;
    assert_eq!(put.status, 200, "{}", put.text());
}

#[tokio::test]
async fn a_document_beyond_the_limit_is_refused() {
    let shop = shop().await;
    let huge = vec![b' '; 8 * 1024 * 1024 + 1];
    let answer = shop.call(FIRST, "POST /photos?delete", &huge).await;
    assert_eq!(answer.error(), (400, "EntityTooLarge".into()));
}

/// A body that arrives in pieces, with any declared length.
struct Pieces(Vec<&'static [u8]>);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop().map(|piece| Ok(Frame::data(Bytes::from_static(piece)))))
    }
}

/// A body that stalls after one piece.
struct Stalled(Option<&'static [u8]>);

impl http_body::Body for Stalled {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.0.take().map(|piece| Some(Ok(Frame::data(Bytes::from_static(piece)))));
        piece.map_or(Poll::Pending, Poll::Ready)
    }
}
