//! Bodies in chunks: of every kind, and broken in every way.

use http::HeaderMap;
use protocol::sigv4::BodyToSign;
use protocol::sigv4::chunked::Encoder;

use super::uploads::{CRC32, TEXT, shop};
use crate::testing::{Answer, FIRST, HOST, NOW_MS, Shop, headers};

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

pub(super) const SIGNED: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
pub(super) const SIGNED_TRAILER: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
pub(super) const UNSIGNED_TRAILER: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

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

/// A change of a body after it was signed.
type Spoil = Box<dyn Fn(&mut Vec<u8>, &mut HeaderMap)>;

/// One way to break a body: its name, headers that are signed, the change, and the answer.
type Case = (&'static str, Vec<(&'static str, &'static str)>, Spoil, (u16, &'static str));

fn good() -> Spoil {
    Box::new(|_, _| ())
}

/// Replaces the first `from`.
fn swap(from: &'static str, to: &'static str) -> Spoil {
    Box::new(move |body, _| {
        let place = body.windows(from.len()).position(|window| window == from.as_bytes());
        let place = place.unwrap_or_else(|| panic!("no {from:?}"));
        body.splice(place..place + from.len(), to.bytes());
    })
}

fn cut(from_end: usize) -> Spoil {
    Box::new(move |body, _| body.truncate(body.len() - from_end))
}

const LENGTH: &str = "x-amz-decoded-content-length";
const ANNOUNCED: &str = "x-amz-trailer";
const SUM: &str = "x-amz-checksum-crc32";

const INCOMPLETE: (u16, &str) = (400, "IncompleteBody");
const TRAILER: (u16, &str) = (400, "MalformedTrailerError");
const INVALID: (u16, &str) = (400, "InvalidRequest");
const NO_LENGTH: (u16, &str) = (411, "MissingContentLength");
const UNSIGNED: (u16, &str) = (403, "SignatureDoesNotMatch");
const WRONG_SUM: (u16, &str) = (400, "BadDigest");

fn broken_chunks() -> Vec<Case> {
    vec![
        ("half", vec![], Box::new(|body, _| body.truncate(body.len() / 2)), INCOMPLETE),
        ("nothing", vec![], Box::new(|body, _| body.clear()), INCOMPLETE),
        ("no last line end", vec![], cut(2), INCOMPLETE),
        ("half of the last line end", vec![], cut(1), INCOMPLETE),
        ("more", vec![], Box::new(|body, _| body.extend_from_slice(b"0\r\n\r\n")), INCOMPLETE),
        ("no size", vec![], swap("8", "z"), INCOMPLETE),
        ("a negative size", vec![], swap("8", "-8"), INCOMPLETE),
        ("a huge size", vec![], swap("8", "ffffffffffffffff8"), INCOMPLETE),
        ("a size too great", vec![], swap("8", "fff8"), INCOMPLETE),
        ("no line end", vec![], swap("\r\n", ""), INCOMPLETE),
        ("a bare line feed", vec![], swap("\r\n", "\n"), INCOMPLETE),
        ("no line end behind data", vec![], swap("The quic\r\n", "The quic"), INCOMPLETE),
        ("a length too short", vec![(LENGTH, "42")], good(), INCOMPLETE),
        ("a length too long", vec![(LENGTH, "44")], good(), INCOMPLETE),
        ("a length of nothing", vec![(LENGTH, "0")], good(), INCOMPLETE),
        ("no length", vec![], Box::new(|_, head| drop(head.remove(LENGTH))), NO_LENGTH),
        ("a length in words", vec![(LENGTH, "ten")], good(), NO_LENGTH),
        ("a length below zero", vec![(LENGTH, "-1")], good(), NO_LENGTH),
        ("a checksum not known", vec![("x-amz-checksum-md5", "AAAA")], good(), INVALID),
        ("a trailer not known", vec![(ANNOUNCED, "x-amz-checksum-sha512")], good(), INVALID),
        ("a trailer of anything", vec![(ANNOUNCED, "x-amz-meta-a")], good(), INVALID),
    ]
}

fn broken_signatures() -> Vec<Case> {
    let from = ";chunk-signature=";
    vec![
        ("no signature", vec![], swap(from, ";"), INCOMPLETE),
        ("another extension", vec![], swap(from, ";signature="), INCOMPLETE),
        ("a signature too long", vec![], swap(from, ";chunk-signature=0"), INCOMPLETE),
        ("another byte", vec![], swap("quic", "quib"), UNSIGNED),
    ]
}

fn broken_trailers() -> Vec<Case> {
    vec![
        ("another trailer", vec![], swap("crc32:", "sha1:"), TRAILER),
        ("no colon", vec![], swap("crc32:", "crc32"), TRAILER),
        ("a bare line feed behind it", vec![], swap("QU+jOQ==\r\n", "QU+jOQ==\n"), TRAILER),
        ("two checksums", vec![(SUM, CRC32)], good(), INVALID),
        (
            "a trailer twice",
            vec![(ANNOUNCED, "x-amz-checksum-crc32,x-amz-checksum-crc32")],
            good(),
            INVALID,
        ),
    ]
}

// AWS: the documented codes, as others have observed them.
#[tokio::test]
async fn a_body_in_chunks_that_is_broken_has_its_code_and_changes_nothing() {
    let sum: &[_] = &[(SUM, CRC32)];
    let trailer_signature = "x-amz-trailer-signature:";
    let shop = shop().await;
    shop.call(FIRST, "PUT /photos/fox", b"before").await;
    for (word, trailers, cases) in [
        (SIGNED, &[][..], broken_signatures()),
        (SIGNED, sum, vec![("a trailer in a body without", vec![], good(), TRAILER)]),
        (SIGNED, sum, vec![("an announced one too", vec![(ANNOUNCED, SUM)], good(), TRAILER)]),
        (SIGNED, &[], broken_chunks()),
        (SIGNED_TRAILER, sum, broken_chunks()),
        (SIGNED_TRAILER, sum, broken_signatures()),
        (SIGNED_TRAILER, sum, broken_trailers()),
        (SIGNED_TRAILER, &[], vec![("no trailer", vec![], good(), TRAILER)]),
        (
            SIGNED_TRAILER,
            sum,
            vec![
                ("another trailer value", vec![], swap(CRC32, "AAAAAA=="), UNSIGNED),
                ("no signature of it", vec![], swap(trailer_signature, "x-amz-meta-a:"), TRAILER),
                (
                    "a short signature",
                    vec![],
                    swap(trailer_signature, "x-amz-trailer-signature:0"),
                    UNSIGNED,
                ),
            ],
        ),
        (UNSIGNED_TRAILER, sum, broken_chunks()),
        (UNSIGNED_TRAILER, sum, broken_trailers()),
        (UNSIGNED_TRAILER, &[], vec![("no trailer", vec![], good(), TRAILER)]),
        (UNSIGNED_TRAILER, sum, vec![("another byte", vec![], swap("quic", "quib"), WRONG_SUM)]),
    ] {
        for (what, more, spoil, (status, code)) in cases {
            let announced = (word != SIGNED).then_some((ANNOUNCED, SUM));
            let more: Vec<_> = announced.into_iter().chain(more).collect();
            let put = put_chunked(&shop, word, &more, trailers, spoil).await;
            assert_eq!(put.error(), (status, code.into()), "{word}, {what}: {}", put.text());
            assert!(!put.element("Message").is_empty(), "{word}, {what}");
        }
    }
    for (sum, code) in [("AAAAAA==", WRONG_SUM), ("bad", INVALID), ("", INVALID)] {
        for word in [SIGNED_TRAILER, UNSIGNED_TRAILER] {
            let put = put_chunked(&shop, word, &[(ANNOUNCED, SUM)], &[(SUM, sum)], good()).await;
            assert_eq!(put.error(), (code.0, code.1.into()), "{word}, {sum}: {}", put.text());
        }
    }
    let read = shop.call(FIRST, "GET /photos/fox", b"").await;
    assert_eq!(read.body, b"before");
    assert_eq!(shop.settled_files(1).await.len(), 1);
}
