//! Signatures of S3: the verifier against the examples of the S3 API Reference for bodies in chunks
//! and against the output of the signer. One file, because the examples share their request.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use http::{HeaderMap, HeaderValue};
use model::{Fault, SignatureFlaw};
use proptest::prelude::*;
use protocol::sigv4::chunked::{Chain, Encoder};
use protocol::sigv4::{BodyFault, BodyToSign, Parts, Signed, SignedBody, Signer, SigningKey};

const KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const AT_MS: i64 = 1_369_353_600_000; // 2013-05-24T00:00:00Z
const CHECKSUM: &str = "x-amz-checksum-crc32c";

const SIGNED: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const SIGNED_TRAILER: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
const UNSIGNED_TRAILER: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

#[test]
fn the_example_in_chunks_of_the_api_reference_is_accepted() {
    let (sent, body) = example_in_chunks();
    let mut reader = sent.verify_head(AT_MS).unwrap();
    assert_eq!((reader.decoded_length(), body.len()), (Some(66_560), 66_824));
    assert_eq!(read(&mut reader, [&body[..]]), Ok(vec![b'a'; 66_560]));
    assert!(reader.finish().unwrap().is_empty());
}

#[test]
fn the_example_with_a_trailer_of_the_api_reference_is_accepted() {
    let (sent, body) = example_with_trailer();
    let mut reader = sent.verify_head(AT_MS).unwrap();
    assert_eq!(read(&mut reader, [&body[..]]), Ok(vec![b'a'; 66_560]));
    assert_eq!(reader.finish().unwrap()[CHECKSUM], "sOO8/Q==");
}

#[test]
fn our_signer_writes_the_examples() {
    for (example, word, trailers) in [
        (example_in_chunks(), SIGNED, HeaderMap::new()),
        (example_with_trailer(), SIGNED_TRAILER, checksum("sOO8/Q==")),
    ] {
        let (theirs, body) = example;
        let mut ours = theirs.clone();
        ours.headers.remove("authorization");
        let chain = ours.sign(BodyToSign::Declared(word));
        // The signer writes a space behind each comma.
        let authorization = ours.headers["authorization"].to_str().unwrap().replace(", ", ",");
        assert_eq!(authorization, theirs.headers["authorization"].to_str().unwrap());
        assert_eq!(
            chunks(Some(chain), &["a".repeat(65_536).as_bytes(), &[b'a'; 1024]], &trailers),
            body
        );
    }
}

#[test]
fn no_byte_of_a_body_in_chunks_can_be_changed() {
    let content = [b'x'; 40];
    for word in [SIGNED, SIGNED_TRAILER] {
        let (sent, body) = upload(word, &[&content[..30], &content[30..]]);
        assert_eq!(whole(&sent, &body), Ok(content.to_vec()));
        for place in 0..body.len() {
            let mut body = body.clone();
            body[place] ^= 1;
            assert!(whole(&sent, &body).is_err(), "{place}: {}", body.escape_ascii());
            body.remove(place);
            assert!(whole(&sent, &body).is_err(), "{place}");
        }
    }
}

#[test]
fn a_request_that_is_dated_by_date_alone_is_verified() {
    let dated = |date: &'static str| {
        let mut sent = Sent::to("GET", "/test.txt", "");
        sent.headers = headers([("host", "examplebucket.s3.amazonaws.com"), ("date", date)]);
        sent
    };
    // botocore signed this one, for a caller who had set `Date`.
    let mut sent = dated("Fri, 24 May 2013 00:00:00 -0000");
    sent.headers.extend(headers([
        (
            "x-amz-content-sha256",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
             SignedHeaders=date;host;x-amz-content-sha256, \
             Signature=ed6194c9433be47c68984c63fc0cfe624f5e1ec7d645c66cd434cc72472bab45",
        ),
    ]));
    assert!(sent.verify_head(AT_MS).is_ok());
    let late = sent.verify_head(AT_MS + 3_600_000).err();
    assert!(matches!(late, Some(Fault::BadSignature { .. })), "{late:?}");
    for other in
        ["Fri, 24 May 2013 00:00:01 -0000", "Fri, 24 May 2013 00:00:00 +0000", "20130524", ""]
    {
        sent.headers.insert("date", HeaderValue::from_static(other));
        assert!(sent.verify_head(AT_MS).is_err(), "{other}");
    }
}

#[test]
fn a_body_that_ends_early_or_late_is_refused() {
    for word in [SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER] {
        let (sent, body) = upload(word, &[b"some", b" content"]);
        for end in 0..body.len() {
            assert!(whole(&sent, &body[..end]).is_err(), "{word} {end}");
        }
        assert!(whole(&sent, &[&body[..], b"\r\n"].concat()).is_err());
        assert!(whole(&sent, &[&body[..], b"x"].concat()).is_err());
        assert_eq!(whole(&sent, &body), Ok(b"some content".to_vec()));
    }
}

#[test]
fn chunks_cannot_be_swapped_or_left_out() {
    let (sent, body) = upload(SIGNED, &[b"aaaa", b"bbbb"]);
    let text = String::from_utf8(body).unwrap();
    let lines: Vec<&str> = text.split_inclusive("\r\n").collect();
    let swapped = [lines[2], lines[3], lines[0], lines[1], lines[4], lines[5]].concat();
    assert_eq!(flaw(&whole(&sent, swapped.as_bytes())), Some(SignatureFlaw::Mismatched));
    let without = [lines[2], lines[3], lines[4], lines[5]].concat();
    assert!(whole(&sent, without.as_bytes()).is_err());
}

#[test]
fn framing_that_could_be_read_in_two_ways_is_refused() {
    let checksum = "x-amz-checksum-crc32c:AAAAAA==\r\n";
    let good = format!("4\r\nsome\r\n0\r\n{checksum}\r\n");
    let sent = put(UNSIGNED_TRAILER, 4);
    assert_eq!(whole(&sent, good.as_bytes()), Ok(b"some".to_vec()));
    for bad in [
        good.replace("4\r\n", "4;a=b\r\n"),
        good.replace("4\r\n", "+4\r\n"),
        good.replace("4\r\n", " 4\r\n"),
        good.replace("4\r\n", "\r\n"),
        good.replace("4\r\n", "4\n"),
        good.replace("4\r\n", "5\r\n"),
        good.replace("4\r\n", "3\r\n"),
        good.replace("4\r\n", "ffffffffffffffff\r\n"),
        good.replace("4\r\n", "10000000000000004\r\n"),
        good.replace("4\r\n", &format!("{}4\r\n", "0".repeat(600))),
        good.replace("some\r\n", "some"),
        good.replace(checksum, ""),
        good.replace(checksum, &checksum.repeat(2)),
        good.replace(checksum, "x-amz-checksum-sha1:AAAA\r\n"),
        good.replace(checksum, "x-amz-checksum-crc32c\r\n"),
        good.replace("AAAAAA==", "\u{1}"),
        good.replace("AAAAAA==", &"A".repeat(1000)),
    ] {
        assert!(matches!(whole(&sent, bad.as_bytes()), Err(Fault::Unreadable { .. })), "{bad}");
    }
}

#[test]
fn a_body_in_chunks_says_how_long_it_is_and_what_trails_it() {
    for (name, value) in [
        ("x-amz-decoded-content-length", "-1"),
        ("x-amz-decoded-content-length", "+4"),
        ("x-amz-decoded-content-length", "99999999999999999999"),
        ("x-amz-trailer", "a b"),
        ("x-amz-trailer", "x-amz-checksum-crc32c,x-amz-checksum-crc32c"),
        ("x-amz-trailer", "x-amz-trailer-signature"),
        ("x-amz-trailer", "a,b,c,d,e,f,g,h,i"),
    ] {
        let mut sent = put(SIGNED_TRAILER, 4);
        sent.headers.insert(name, value.parse().unwrap());
        sent.sign(BodyToSign::Declared(SIGNED_TRAILER));
        assert!(
            matches!(sent.verify_head(AT_MS), Err(Fault::Unreadable { .. })),
            "{name}: {value}"
        );
    }
}

#[test]
fn a_body_with_a_signed_hash_streams_and_is_compared_at_its_end() {
    let mut sent = Sent::to("PUT", "/bucket/a%20key/..//x", "");
    sent.sign(BodyToSign::Whole(b"content"));
    let mut reader = sent.verify_head(AT_MS).unwrap();
    assert!(reader.expected_hash().is_some());
    assert_eq!(read(&mut reader, [&b"con"[..], b"tent"]), Ok(b"content".to_vec()));
    assert_eq!(reader.finish(), Ok(HeaderMap::new()));
    assert_eq!(flaw(&whole(&sent, b"Content")), Some(SignatureFlaw::WrongBody));
}

#[test]
fn s3_allows_fifteen_minutes_and_wants_the_hash_header() {
    let mut sent = Sent::to("GET", "/", "");
    sent.sign(BodyToSign::Declared("UNSIGNED-PAYLOAD"));
    assert!(sent.verify_head(AT_MS + 900_000).is_ok());
    let skewed = sent.verify_head(AT_MS + 900_001).map(drop);
    assert_eq!(flaw(&skewed), Some(SignatureFlaw::Skewed));
    sent.headers.remove("x-amz-content-sha256");
    assert!(matches!(sent.verify_head(AT_MS), Err(Fault::Unreadable { .. })));
    for word in ["", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "unsigned-payload"] {
        sent.sign(BodyToSign::Declared(word));
        assert!(matches!(sent.verify_head(AT_MS), Err(Fault::Invalid { .. })), "{word}");
    }
}

#[test]
fn other_services_take_no_body_that_is_not_signed() {
    for word in ["UNSIGNED-PAYLOAD", SIGNED] {
        let signer = Signer::new(KEY_ID, SECRET, None, ("us-east-1", "sts"), AT_MS).unwrap();
        let mut sent = Sent::to("POST", "/", "");
        let body = BodyToSign::Declared(word);
        signer.sign(("POST", "/", ""), &mut sent.headers, body, AT_MS).unwrap();
        let found = Signed::find(sent.parts()).unwrap().unwrap();
        let key = SigningKey::derive(SECRET, found.credential());
        let outcome = found.verify(&key, b"", AT_MS);
        assert_eq!(flaw(&outcome), Some(SignatureFlaw::WrongBody));
        assert_eq!(flaw(&found.verify_head(&key, AT_MS)), Some(SignatureFlaw::WrongBody));
    }
}

#[test]
fn a_link_works_with_its_token_signed_or_added() {
    for (token, added) in [(None, ""), (Some("a+b/c=="), ""), (None, "&X-Amz-Security-Token=t%2B")]
    {
        let signer = Signer::new(KEY_ID, SECRET, token, ("us-east-1", "s3"), AT_MS).unwrap();
        let target = ("GET", "/bucket/key", "response-content-type=text%2Fplain");
        let query = signer.presign(target, "localhost", 60, AT_MS).unwrap() + added;
        let sent = Sent::to("GET", "/bucket/key", &query);
        let found = Signed::find(sent.parts()).unwrap().unwrap();
        assert!(found.is_presigned());
        assert_eq!(found.session_token(), token.or((!added.is_empty()).then_some("t+")));
        let mut reader = sent.verify_head(AT_MS + 60_000).unwrap();
        assert_eq!(read(&mut reader, [&b"any"[..]]), Ok(b"any".to_vec()));
        let expired = sent.verify_head(AT_MS + 60_001);
        assert_eq!(flaw(&expired), Some(SignatureFlaw::Expired));
        let other = Sent::to("PUT", "/bucket/key", &query);
        assert_eq!(flaw(&other.verify_head(AT_MS)), Some(SignatureFlaw::Mismatched));
        let mut more = sent.clone();
        more.headers.insert("x-amz-acl", HeaderValue::from_static("public-read"));
        assert_eq!(flaw(&more.verify_head(AT_MS)), Some(SignatureFlaw::Uncovered));
    }
}

#[test]
fn a_space_of_a_query_may_be_sent_as_a_plus() {
    let query = "list-type=2&prefix=a%20b%2F&start-after=a%2Bb";
    let mut sent = Sent::to("GET", "/bucket", query);
    sent.sign(BodyToSign::Whole(b""));
    for (query, is_same) in [
        ("list-type=2&prefix=a+b%2F&start-after=a%2Bb", true),
        ("list-type=2&prefix=a+b/&start-after=a%2bb", true),
        ("list-type=2&prefix=a%2Bb%2F&start-after=a%2Bb", false),
        ("list-type=2&prefix=a%20b%2F&start-after=a+b", false),
    ] {
        sent.query = query.to_owned();
        let outcome = sent.verify_head(AT_MS);
        assert_eq!(flaw(&outcome), (!is_same).then_some(SignatureFlaw::Mismatched), "{query}");
    }
}

#[test]
fn a_signed_header_that_is_not_sent_makes_another_request() {
    let mut sent = Sent::to("GET", "/bucket/key", "");
    sent.headers.insert("content-language", HeaderValue::from_static("de"));
    sent.sign(BodyToSign::Whole(b""));
    assert!(sent.verify_head(AT_MS).is_ok());
    sent.headers.remove("content-language");
    assert_eq!(flaw(&sent.verify_head(AT_MS)), Some(SignatureFlaw::Mismatched));
}

#[test]
fn other_ways_to_sign_are_told_from_none() {
    let found = |authorization: Option<&'static str>, query: &str| {
        let mut sent = Sent::to("GET", "/", query);
        sent.headers.extend(
            authorization
                .map(|text| (Some(http::header::AUTHORIZATION), HeaderValue::from_static(text))),
        );
        match Signed::find(sent.parts()) {
            Ok(None) => "none",
            Ok(Some(_)) => "signed",
            Err(Fault::BadSignature { flaw: SignatureFlaw::Foreign, .. }) => "foreign",
            Err(Fault::BadSignature { flaw: SignatureFlaw::Malformed, .. }) => "malformed",
            Err(Fault::BadSignature { flaw: SignatureFlaw::MalformedLink, .. }) => "malformed link",
            Err(_) => "another fault",
        }
    };
    assert_eq!(found(None, ""), "none");
    assert_eq!(found(None, "X=1&AWSAccessKeyId=a"), "none");
    assert_eq!(found(Some("Bearer AWS4-HMAC-SHA256"), ""), "none");
    assert_eq!(found(Some("Basic YTpi"), ""), "none");
    assert_eq!(found(Some("AWS AKID:c2lnbmF0dXJl"), ""), "foreign");
    assert_eq!(found(Some("AWS4-ECDSA-P256-SHA256 Credential=a"), ""), "foreign");
    assert_eq!(found(None, "AWSAccessKeyId=a&Signature=b&Expires=1"), "foreign");
    assert_eq!(found(None, &LINK.replace("HMAC-SHA256", "ECDSA-P256-SHA256")), "foreign");
    assert_eq!(found(None, LINK), "signed");
    assert_eq!(found(Some("Bearer x"), LINK), "signed");
    assert_eq!(found(Some("AWS4-HMAC-SHA256 Credential=a"), ""), "malformed");
    assert_eq!(found(Some("AWS4-HMAC-SHA256"), ""), "malformed");
    assert_eq!(found(Some("AWS4-HMAC-SHA256 Credential=a"), LINK), "malformed");
    for part in LINK.split('&') {
        assert_ne!(found(None, &LINK.replace(part, "x=y")), "signed", "without {part}");
        assert_eq!(found(None, &format!("{LINK}&{part}")), "malformed link", "twice {part}");
    }
    assert_eq!(found(None, &LINK.replace("2013", "2014")), "signed");
    assert_eq!(found(None, &LINK.replace("Date=2013", "Date=2014")), "malformed link");
    assert_eq!(found(None, &LINK.replace("=host", "=%ff")), "malformed link");
}

const LINK: &str = "X-Amz-Algorithm=AWS4-HMAC-SHA256\
    &X-Amz-Credential=AKID%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
    &X-Amz-Date=20130524T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host\
    &X-Amz-Signature=00000000000000000000000000000000000000000000000000000000000000ff";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_body_reads_alike_however_it_is_split(
        content in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..90), 0..5),
        word in prop_oneof![Just(SIGNED), Just(SIGNED_TRAILER), Just(UNSIGNED_TRAILER)],
        splits in proptest::collection::vec(0..700_usize, 0..12),
    ) {
        let pieces: Vec<&[u8]> = content.iter().map(Vec::as_slice).collect();
        let (sent, body) = upload(word, &pieces);
        let mut ends: Vec<usize> = splits.into_iter().map(|split| split.min(body.len())).collect();
        ends.extend([0, body.len()]);
        ends.sort_unstable();
        let mut reader = sent.verify_head(AT_MS).unwrap();
        let parts = ends.windows(2).map(|ends| &body[ends[0]..ends[1]]);
        prop_assert_eq!(read(&mut reader, parts), Ok(content.concat()));
        prop_assert_eq!(reader.finish().unwrap().len(), usize::from(word != SIGNED));
    }

    #[test]
    fn any_bytes_are_read_or_refused_as_chunks(body: Vec<u8>, text in "[0-4;\r\nax:-]{0,40}") {
        for word in [SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER] {
            let sent = put(word, 4);
            prop_assert!(whole(&sent, &body).is_err());
            prop_assert!(whole(&sent, text.as_bytes()).is_err());
        }
    }

    #[test]
    fn what_is_signed_is_accepted(
        path in "/[ -~]{0,20}", query in "[a-c]{0,3}(=[!-%'-~]{0,9})?(&[!-%'-~]{0,9}){0,3}",
        token in proptest::option::of("[!-~]{1,40}"), service in prop_oneof![Just("s3"), Just("sso")],
        value in "[ -~]{0,20}", body: Vec<u8>,
    ) {
        let signer = Signer::new(KEY_ID, SECRET, token.as_deref(), ("r", service), AT_MS).unwrap();
        let mut sent = Sent::to("POST", &path, &query);
        sent.headers.insert("x-amz-meta-a", value.parse().unwrap());
        let target = ("POST", path.as_str(), query.as_str());
        signer.sign(target, &mut sent.headers, BodyToSign::Whole(&body), AT_MS).unwrap();
        let found = Signed::find(sent.parts()).unwrap().unwrap();
        let key = SigningKey::derive(SECRET, found.credential());
        prop_assert_eq!(found.session_token(), token.as_deref());
        prop_assert_eq!(found.verify(&key, &body, AT_MS), Ok(()));
        let other = [&body[..], b"x"].concat();
        prop_assert!(found.verify(&key, &other, AT_MS).is_err());
    }
}

#[derive(Clone)]
struct Sent {
    method: String,
    path: String,
    query: String,
    headers: HeaderMap,
}

impl Sent {
    fn to(method: &str, path: &str, query: &str) -> Self {
        let headers = headers([("host", "localhost")]);
        let [method, path, query] = [method, path, query].map(str::to_owned);
        Self { method, path, query, headers }
    }

    fn parts(&self) -> Parts<'_> {
        let Self { method, path, query, headers } = self;
        Parts { method, path, query, headers }
    }

    fn sign(&mut self, body: BodyToSign<'_>) -> Chain {
        let signer = Signer::new(KEY_ID, SECRET, None, ("us-east-1", "s3"), AT_MS).unwrap();
        let target = (self.method.as_str(), self.path.as_str(), self.query.as_str());
        signer.sign(target, &mut self.headers, body, AT_MS).unwrap()
    }

    fn verify_head(&self, now_ms: i64) -> Result<SignedBody, Fault> {
        let signed = Signed::find(self.parts())?.ok_or(Fault::Unsigned)?;
        signed.verify_head(&SigningKey::derive(SECRET, signed.credential()), now_ms)
    }
}

fn headers<const N: usize>(pairs: [(&'static str, &'static str); N]) -> HeaderMap {
    pairs
        .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
        .into_iter()
        .collect()
}

fn checksum(value: &'static str) -> HeaderMap {
    headers([(CHECKSUM, value)])
}

fn put(word: &str, length: usize) -> Sent {
    upload_with(word, length).0
}

fn upload_with(word: &str, length: usize) -> (Sent, Chain) {
    let mut sent = Sent::to("PUT", "/bucket/key", "");
    sent.headers.insert("x-amz-decoded-content-length", length.into());
    if word != SIGNED {
        sent.headers.insert("x-amz-trailer", HeaderValue::from_static(CHECKSUM));
    }
    let chain = sent.sign(BodyToSign::Declared(word));
    (sent, chain)
}

fn upload(word: &str, pieces: &[&[u8]]) -> (Sent, Vec<u8>) {
    let (sent, chain) = upload_with(word, pieces.iter().map(|piece| piece.len()).sum());
    let trailers = if word == SIGNED { HeaderMap::new() } else { checksum("AAAAAA==") };
    (sent, chunks((word != UNSIGNED_TRAILER).then_some(chain), pieces, &trailers))
}

fn chunks(chain: Option<Chain>, pieces: &[&[u8]], trailers: &HeaderMap) -> Vec<u8> {
    let (mut body, mut encoder) = (Vec::new(), Encoder::new(chain));
    for piece in pieces {
        encoder.push(&mut body, piece);
    }
    encoder.finish(&mut body, trailers);
    body
}

fn read<'p>(
    reader: &mut SignedBody,
    parts: impl IntoIterator<Item = &'p [u8]>,
) -> Result<Vec<u8>, Fault> {
    let mut content = Vec::new();
    for mut part in parts {
        while let Some(piece) = reader.take(&mut part).map_err(BodyFault::into_fault)? {
            content.extend_from_slice(piece);
        }
        assert!(part.is_empty());
    }
    Ok(content)
}

fn whole(sent: &Sent, body: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut reader = sent.verify_head(AT_MS)?;
    let content = read(&mut reader, [body])?;
    reader.finish().map_err(BodyFault::into_fault)?;
    Ok(content)
}

fn flaw<T>(outcome: &Result<T, Fault>) -> Option<SignatureFlaw> {
    if let Err(Fault::BadSignature { flaw, .. }) = outcome { Some(*flaw) } else { None }
}

fn example(
    more: HeaderMap,
    signed_headers: &str,
    [seed, first, second, last]: [&str; 4],
    trailer: &str,
) -> (Sent, Vec<u8>) {
    let mut sent = Sent::to("PUT", "/examplebucket/chunkObject.txt", "");
    sent.headers = headers([
        ("host", "s3.amazonaws.com"),
        ("x-amz-date", "20130524T000000Z"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
    ]);
    sent.headers.extend(more);
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={KEY_ID}/20130524/us-east-1/s3/aws4_request,\
         SignedHeaders={signed_headers},Signature={seed}"
    );
    sent.headers.insert("authorization", authorization.parse().unwrap());
    let line = |size: &str, signature: &str| format!("{size};chunk-signature={signature}\r\n");
    let (first, second, last) = (line("10000", first), line("400", second), line("0", last));
    let body = format!(
        "{first}{}\r\n{second}{}\r\n{last}{trailer}\r\n",
        "a".repeat(65_536),
        "a".repeat(1024)
    );
    (sent, body.into_bytes())
}

fn example_in_chunks() -> (Sent, Vec<u8>) {
    example(
        headers([("content-length", "66824"), ("x-amz-content-sha256", SIGNED)]),
        "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;\
         x-amz-decoded-content-length;x-amz-storage-class",
        [
            "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
            "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
            "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
            "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
        ],
        "",
    )
}

fn example_with_trailer() -> (Sent, Vec<u8>) {
    example(
        headers([("x-amz-content-sha256", SIGNED_TRAILER), ("x-amz-trailer", CHECKSUM)]),
        "content-encoding;host;x-amz-content-sha256;x-amz-date;\
         x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
        [
            "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
            "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
            "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
            "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
        ],
        "x-amz-checksum-crc32c:sOO8/Q==\r\n\
         x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n",
    )
}
