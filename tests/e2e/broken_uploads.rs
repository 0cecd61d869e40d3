//! Uploads whose connection or framing breaks, on real sockets: no answer of 500, no file left, the former object
//! as it was.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue};
use protocol::sigv4::chunked::Encoder;
use protocol::sigv4::{BodyToSign, Signer};

use crate::support::{Installation, Keys, Portico, Request};

const PATH: &str = "/letters/one";
const SIGNED: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const SIGNED_TRAILER: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
const UNSIGNED_TRAILER: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

/// More than one batch of bytes, so that a file is being written when the connection breaks.
static CONTENT: [u8; 600_000] = [b'x'; 600_000];
const CRC32C: &str = "x-amz-checksum-crc32c";

/// The head, without its last empty line and its framing, and the body of an upload in chunks.
fn upload(keys: &Keys, portico: &Portico, word: &str) -> (String, Vec<u8>) {
    let mut headers = HeaderMap::new();
    let mut add = |name: &'static str, value: &str| {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    };
    add("host", &format!("localhost:{}", portico.address.port()));
    add("x-amz-decoded-content-length", &CONTENT.len().to_string());
    let mut trailers = HeaderMap::new();
    if word != SIGNED {
        add("x-amz-trailer", CRC32C);
        trailers.insert(CRC32C, HeaderValue::from_static("AAAAAA=="));
    }
    let (id, secret, token) = (&keys.id, &keys.secret, keys.session_token.as_deref());
    let signer = Signer::new(id, secret, token, ("us-east-1", "s3"), now_ms()).unwrap();
    let body = BodyToSign::Declared(word);
    let chain = signer.sign(("PUT", PATH, ""), &mut headers, body, now_ms()).unwrap();
    let lines =
        headers.iter().map(|(name, value)| format!("{name}: {}\r\n", value.to_str().unwrap()));
    let head = format!("PUT {PATH} HTTP/1.1\r\nconnection: close\r\n{}", lines.collect::<String>());
    let mut encoder = Encoder::new((word != UNSIGNED_TRAILER).then_some(chain));
    let mut chunks = Vec::new();
    for chunk in CONTENT.chunks(64 * 1024) {
        encoder.push(&mut chunks, chunk);
    }
    encoder.finish(&mut chunks, &trailers);
    (head, chunks)
}

#[expect(clippy::disallowed_methods, reason = "a client has a clock of its own")]
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// Sends bytes and reads the answer.
fn send(portico: &Portico, pieces: &[&[u8]]) -> String {
    read(begin(portico, pieces))
}

/// Sends bytes and leaves. The server may answer before it knows.
fn send_and_leave(portico: &Portico, pieces: &[&[u8]]) -> String {
    let stream = begin(portico, pieces);
    stream.shutdown(Shutdown::Write).unwrap();
    read(stream)
}

fn begin(portico: &Portico, pieces: &[&[u8]]) -> TcpStream {
    let mut stream = TcpStream::connect(portico.address).unwrap();
    // A server that refuses early may close before it has read everything.
    let _ = pieces.iter().try_for_each(|piece| stream.write_all(piece));
    stream
}

fn read(mut stream: TcpStream) -> String {
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said);
    String::from_utf8(said).unwrap()
}

#[test]
fn an_upload_that_breaks_leaves_the_former_object_and_no_file() {
    let installation = Installation::embedded();
    let portico = installation.serve();
    let keys = installation.operator();
    let ask = |request: Request| portico.send(&keys.sign("s3", request, &portico));
    assert_eq!(ask(Request::new("PUT", "/letters")).status, 200);
    assert_eq!(ask(Request::new("PUT", PATH).body("before")).status, 200);

    for word in [SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER] {
        let (head, body) = upload(&keys, &portico, word);
        let sized = format!("{head}content-length: {}\r\n\r\n", body.len());
        let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n", body.len());
        let half = &body[..body.len() / 2];
        let is_refused =
            |said: &str, code: &str| said.starts_with("HTTP/1.1 400 ") && said.contains(code);
        for (what, pieces) in [
            ("the head alone", &[sized.as_bytes()][..]),
            ("half", &[sized.as_bytes(), half]),
            ("half, in chunks of HTTP", &[chunked.as_bytes(), half]),
            ("no last chunk of HTTP", &[chunked.as_bytes(), &body, b"\r\n"]),
        ] {
            let said = send_and_leave(&portico, pieces);
            let is_expected = said.is_empty() || is_refused(&said, "IncompleteBody");
            assert!(is_expected, "{word}, {what}: {said}");
        }
        let said = send(&portico, &[chunked.as_bytes(), &body, b"\r\nno size\r\n\r\n"]);
        assert!(is_refused(&said, "IncompleteBody"), "{word}: {said}");
        // The whole body arrives. Its checksum is wrong, if it has one.
        let said = send(&portico, &[chunked.as_bytes(), &body, b"\r\n0\r\n\r\n"]);
        if word == SIGNED {
            assert!(said.starts_with("HTTP/1.1 200 "), "{said}");
            assert_eq!(ask(Request::get(PATH)).body, CONTENT);
            assert_eq!(ask(Request::new("PUT", PATH).body("before")).status, 200);
        } else {
            assert!(is_refused(&said, "BadDigest"), "{word}: {said}");
        }
        assert_eq!(ask(Request::get(PATH)).body, b"before");
    }
    // A server that stops has ended its requests.
    assert!(portico.terminate().success());
    let shards = fs::read_dir(installation.data().join("objects")).unwrap();
    let files = shards.flat_map(|shard| fs::read_dir(shard.unwrap().path()).unwrap());
    let database = rusqlite::Connection::open(installation.data().join("portico.sqlite")).unwrap();
    let sql = "SELECT COUNT(*) FROM unlinked_file";
    let unlinked: usize = database.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(files.count(), 1 + unlinked);
}
