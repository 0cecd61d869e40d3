//! Bodies as clients send them: hashed, with checksums, and broken.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Request;
use http_body::Frame;
use protocol::sigv4::BodyToSign;

use super::chunks::{SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER};
use crate::testing::{FIRST, HOST, NOW_MS, Shop, headers};

pub(super) const TEXT: &[u8] = b"The quick brown fox jumps over the lazy dog";
pub(super) const CRC32: &str = "QU+jOQ==";

pub(super) async fn shop() -> Shop {
    let shop = Shop::open();
    shop.call(FIRST, "PUT /photos", b"").await;
    shop
}

#[tokio::test]
async fn a_connection_that_breaks_in_a_body_leaves_nothing() {
    let shop = shop().await;
    shop.call(FIRST, "PUT /photos/fox", b"before").await;
    for word in ["UNSIGNED-PAYLOAD", SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER] {
        let mut head = headers(&[
            ("host", HOST),
            ("content-length", "1000"),
            ("x-amz-decoded-content-length", "900"),
        ]);
        let target = ("PUT", "/photos/fox", "");
        shop.signer(FIRST).sign(target, &mut head, BodyToSign::Declared(word), NOW_MS).unwrap();
        let mut request = Request::put("/photos/fox").body(Breaking(Some(b"8"))).unwrap();
        *request.headers_mut() = head;
        let answer = shop.send_body(request).await;
        assert_eq!(answer.error(), (400, "IncompleteBody".into()), "{word}");
    }
    assert_eq!(shop.call(FIRST, "GET /photos/fox", b"").await.body, b"before");
    assert_eq!(shop.settled_files(1).await.len(), 1);
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
    assert_eq!(put(Some("+4"), b"meow").await, (411, "MissingContentLength".into()));
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

/// A body whose connection breaks after one piece.
struct Breaking(Option<&'static [u8]>);

impl http_body::Body for Breaking {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let piece = self.0.take().map(|piece| Frame::data(Bytes::from_static(piece)));
        Poll::Ready(Some(piece.ok_or_else(|| io::ErrorKind::ConnectionReset.into())))
    }
}
