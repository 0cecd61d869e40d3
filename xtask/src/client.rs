//! A blocking HTTP/1.1 client of one request a connection, for the sandbox on this machine.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

/// How long an answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

pub struct Request<'a> {
    pub method: &'a str,
    /// With the query.
    pub target: &'a str,
    pub headers: HeaderMap,
    pub body: &'a [u8],
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Request<'_> {
    pub fn send(&self, address: SocketAddr) -> Result<Answer, String> {
        let what = |why: std::io::Error| format!("{} {}: {why}", self.method, self.target);
        let mut stream = TcpStream::connect(address).map_err(what)?;
        stream.set_read_timeout(Some(ANSWER_TIMEOUT)).map_err(what)?;
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        let length = self.body.len().to_string();
        let own = [("content-length", length.as_bytes()), ("connection", b"close")];
        let given = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        for (name, value) in own.into_iter().chain(given) {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(self.body);
        stream.write_all(&bytes).map_err(what)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).map_err(what)?;
        Answer::parse(&answer).ok_or_else(|| format!("{} {}: no answer", self.method, self.target))
    }
}

impl Answer {
    /// RFC 9112 §4 to §6; the server writes whole bodies with their length.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let mut headers = HeaderMap::new();
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            headers.append(name, HeaderValue::from_str(value.trim()).ok()?);
        }
        Some(Self { status, headers, body: bytes.get(end + 4..)?.to_vec() })
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
