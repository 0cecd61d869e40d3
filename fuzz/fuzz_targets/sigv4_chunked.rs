//! A body in chunks. The buffers in which it arrives do not change the result.

#![no_main]

use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use protocol::sigv4::chunked::{Chain, Encoder};
use protocol::sigv4::{BodyFault, BodyToSign, Parts, Signed, SignedBody, Signer, SigningKey};

const SECRET: &str = "a secret that nobody knows";
const WORDS: [&str; 3] = [
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
];

fuzz_target!(|input: (u8, &[u8], usize, usize)| {
    let (word, bytes, first, second) = input;
    let word = usize::from(word) % WORDS.len();
    let whole = read(request(word, 4).1, &[bytes]);
    let (head, tail) = bytes.split_at(first.min(bytes.len()));
    let (middle, tail) = tail.split_at(second.min(tail.len()));
    assert_eq!(read(request(word, 4).1, &[head, middle, tail]), whole);
    assert!(word == 2 || whole.is_err());

    let (chain, body) = request(word, bytes.len());
    let (mut chunks, mut encoder) = (Vec::new(), Encoder::new((word != 2).then_some(chain)));
    for piece in [head, middle, bytes.get(head.len() + middle.len()..).unwrap_or_default()] {
        encoder.push(&mut chunks, piece);
    }
    let mut trailers = HeaderMap::new();
    if word != 0 {
        trailers.insert("x-amz-checksum-crc32", HeaderValue::from_static("AAAAAA=="));
    }
    encoder.finish(&mut chunks, &trailers);
    assert_eq!(read(body, &[&chunks]).as_deref(), Ok(bytes));
});

fn request(word: usize, length: usize) -> (Chain, SignedBody) {
    let signer = Signer::new("AKID", SECRET, None, ("us-east-1", "s3"), 0).expect("a signer");
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("localhost"));
    headers.insert("x-amz-decoded-content-length", length.into());
    if word != 0 {
        headers.insert("x-amz-trailer", HeaderValue::from_static("x-amz-checksum-crc32"));
    }
    let body = BodyToSign::Declared(WORDS[word]);
    let chain = signer.sign(("PUT", "/bucket/key", ""), &mut headers, body, 0).expect("a chain");
    let parts = Parts { method: "PUT", path: "/bucket/key", query: "", headers: &headers };
    let found = Signed::find(parts).expect("a signature").expect("a signature");
    let key = SigningKey::derive(SECRET, found.credential());
    (chain, found.verify_head(&key, 0).expect("our own signature"))
}

fn read(mut body: SignedBody, parts: &[&[u8]]) -> Result<Vec<u8>, BodyFault> {
    let mut content = Vec::new();
    for mut part in parts.iter().copied() {
        while let Some(piece) = body.take(&mut part)? {
            content.extend_from_slice(piece);
        }
    }
    body.finish()?;
    Ok(content)
}
