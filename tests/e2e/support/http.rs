//! A blocking HTTP/1.1 client with one request per connection, which sends exactly what a test wrote.

use std::fmt;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Maximum time that a test waits for an answer.
const ANSWER_TIMEOUT: Duration = Duration::from_mins(1);

/// A request as it goes over the wire.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    /// The path with the query.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A response.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn new(method: &str, target: &str) -> Self {
        let [method, target] = [method, target].map(str::to_owned);
        Self { method, target, headers: Vec::new(), body: Vec::new() }
    }

    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    pub fn post(target: &str) -> Self {
        Self::new("POST", target)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    pub fn form(self, pairs: &[(&str, &str)]) -> Self {
        self.header("content-type", "application/x-www-form-urlencoded").body(form_encode(pairs))
    }

    /// Sends the request with the headers that HTTP requires, and reads the whole answer.
    pub fn send(&self, address: SocketAddr) -> Answer {
        self.exchange(TcpStream::connect(address).unwrap())
            .unwrap_or_else(|ended| panic!("no answer to {} {}: {ended}", self.method, self.target))
    }

    /// Sends the request on an open connection; an error is the end of the connection without an answer.
    pub fn exchange(&self, mut stream: TcpStream) -> Result<Answer, String> {
        stream.set_read_timeout(Some(ANSWER_TIMEOUT)).unwrap();
        let head = self.head(stream.peer_addr().map_err(|error| error.to_string())?);
        // A server that refuses early may close before it has read the whole request; its answer counts.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&self.body));
        let mut bytes = Vec::new();
        let ended = stream.read_to_end(&mut bytes);
        Answer::parse(&bytes).ok_or_else(|| format!("{ended:?}"))
    }

    fn head(&self, address: SocketAddr) -> String {
        let own = [
            ("host", format!("localhost:{}", address.port())),
            ("content-length", self.body.len().to_string()),
            ("connection", "close".to_owned()),
        ];
        let has =
            |name: &str| self.headers.iter().any(|(there, _)| there.eq_ignore_ascii_case(name));
        let own = own.iter().filter(|(name, _)| !has(name)).map(|(name, value)| (*name, value));
        let given = self.headers.iter().map(|(name, value)| (name.as_str(), value));
        let mut lines = vec![format!("{} {} HTTP/1.1", self.method, self.target)];
        lines.extend(own.chain(given).map(|(name, value)| format!("{name}: {value}")));
        lines.join("\r\n") + "\r\n\r\n"
    }
}

impl Answer {
    /// Parses a response. RFC 9112 §4 to §7.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let mut answer = Self { status, headers, body: bytes.get(end + 4..)?.to_vec() };
        if answer.header("transfer-encoding") == Some("chunked") {
            answer.body = without_chunks(&answer.body)?;
        } else if let Some(length) = answer.header("content-length")
            && length.parse() != Ok(answer.body.len())
            && !answer.body.is_empty()
        {
            return None;
        }
        Some(answer)
    }

    /// The first header of this name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(present, _)| present == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The body, which must be JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {self}"))
    }

    /// The body of an answer that must be a success.
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{self}");
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The name of the error that a stock SDK would raise, without its namespace.
    pub fn error(&self) -> String {
        let named = match (self.header("x-amzn-errortype"), self.text()) {
            (Some(named), _) => named.to_owned(),
            (None, text) if text.starts_with('<') => {
                let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</"));
                code.unwrap_or_else(|| panic!("no error code: {self}")).0.to_owned()
            }
            (None, _) => self.json()["__type"].as_str().unwrap_or_default().to_owned(),
        };
        let named = named.split(':').next().unwrap_or_default();
        named.rsplit('#').next().unwrap_or_default().to_owned()
    }
}

/// Status and body on one line, for snapshots. The request id is replaced, as it is random.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = String::from_utf8_lossy(&self.body).into_owned();
        let Some(id) = self.header("x-amzn-requestid").filter(|id| !id.is_empty()) else {
            return write!(f, "{} {text}", self.status);
        };
        write!(f, "{} {}", self.status, text.replace(id, "REQUEST-ID"))
    }
}

/// The body without its chunked encoding. RFC 9112 §7.1.
fn without_chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(rest.get(..line)?).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(line + 2..line + 2 + size)?);
        rest = rest.get(line + 2 + size + 2..)?;
    }
}

/// Encodes pairs as a form. URL Standard, §application/x-www-form-urlencoded serializing, with `%20`
/// for a space.
pub fn form_encode(pairs: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{}={}", encode(name), encode(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// Percent-encodes everything but the unreserved characters. RFC 3986 §2.1.
pub fn encode(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}
