//! HTTP/1.1 of the load driver (RFC 9112): one connection per client, kept open.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use protocol::sigv4::{BodyToSign, Signer};

use super::watch::now_ms;

/// Maximum time of one answer.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(30);

/// Maximum size of an answer.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A request that is not yet signed.
#[derive(Clone, Default)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub query: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub signer: Option<Arc<Signer>>,
}

/// A response.
#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Request {
    /// A request without a body.
    pub fn read(path: &str) -> Self {
        Self { method: "GET", path: path.to_owned(), ..Self::default() }
    }

    /// A request that sends a form.
    pub fn form(path: &str, body: String) -> Self {
        let kind = ("content-type", "application/x-www-form-urlencoded".to_owned());
        let headers = vec![kind];
        Self {
            method: "POST",
            path: path.to_owned(),
            headers,
            body: body.into(),
            ..Self::default()
        }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn signed(mut self, signer: &Arc<Signer>) -> Self {
        self.signer = Some(Arc::clone(signer));
        self
    }

    /// The bytes of the request on the wire.
    fn write(&self, host: &str) -> Result<Vec<u8>, String> {
        let mut headers = HeaderMap::new();
        let value = |text: &str| HeaderValue::from_str(text).map_err(|error| error.to_string());
        headers.insert(http::header::HOST, value(host)?);
        for (name, text) in &self.headers {
            headers.insert(HeaderName::from_static(name), value(text)?);
        }
        if let Some(signer) = &self.signer {
            let line = (self.method, self.path.as_str(), self.query.as_str());
            let signed = signer.sign(line, &mut headers, BodyToSign::Whole(&self.body), now_ms());
            signed.map_err(|fault| format!("{fault:?}"))?;
        }
        let mark = if self.query.is_empty() { "" } else { "?" };
        let mut head = format!("{} {}{mark}{} HTTP/1.1\r\n", self.method, self.path, self.query);
        for (name, value) in &headers {
            let value = value.to_str().map_err(|error| error.to_string())?;
            // Writing to a string cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let _ = write!(head, "content-length: {}\r\n\r\n", self.body.len());
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        Ok(bytes)
    }
}

impl Answer {
    /// The first header with this lower-case name.
    pub fn header<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.headers(name).next()
    }

    /// All headers with this lower-case name.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(':'));
        pairs.filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The answer, or an error if its status is a failure.
    pub fn succeeded(self, what: &str) -> Result<Self, String> {
        if self.status < 400 {
            return Ok(self);
        }
        let body: String = self.text().chars().take(300).collect();
        Err(format!("{what} answered {}: {body}", self.status))
    }
}

/// A connection that is opened on first use.
pub struct Connection {
    address: SocketAddr,
    host: String,
    stream: Option<TcpStream>,
    /// Received bytes that belong to no answer yet.
    pending: Vec<u8>,
}

impl Connection {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, host: address.to_string(), stream: None, pending: Vec::new() }
    }

    /// A connection whose host is `localhost`: pages redirect browsers from the address to that name.
    pub fn by_name(address: SocketAddr) -> Self {
        Self { host: format!("localhost:{}", address.port()), ..Self::new(address) }
    }

    /// The `Host` header.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Sends a request and waits for its answer.
    pub fn send(&mut self, request: &Request) -> Result<Answer, String> {
        let bytes = request.write(&self.host)?;
        let answer = self.exchange(&bytes).map_err(|error| error.to_string());
        let closes = |answer: &Answer| {
            answer.header("connection").is_some_and(|word| word.eq_ignore_ascii_case("close"))
        };
        if answer.as_ref().map_or(true, closes) {
            self.stream = None;
            self.pending.clear();
        }
        answer
    }

    fn exchange(&mut self, bytes: &[u8]) -> std::io::Result<Answer> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.address)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(ANSWER_TIME_MAX))?;
            self.stream = Some(stream);
        }
        let stream = self.stream.as_mut().ok_or(std::io::ErrorKind::NotConnected)?;
        stream.write_all(bytes)?;
        let mut incoming = Incoming { stream, bytes: &mut self.pending };
        let head = incoming.until(b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&head).into_owned();
        let status = head.split(' ').nth(1).and_then(|digits| digits.parse().ok());
        let mut answer = Answer { status: status.unwrap_or_default(), head, body: Vec::new() };
        let length = answer.header("content-length").and_then(|digits| digits.parse().ok());
        let is_chunked = answer.header("transfer-encoding").is_some_and(|kind| kind == "chunked");
        answer.body = match length {
            Some(length) => incoming.exactly(length)?,
            None if is_chunked => incoming.chunks()?,
            None if matches!(answer.status, 204 | 304) => Vec::new(),
            None => incoming.rest()?,
        };
        Ok(answer)
    }
}

/// The receiving side of a connection.
struct Incoming<'a> {
    stream: &'a mut TcpStream,
    bytes: &'a mut Vec<u8>,
}

impl Incoming<'_> {
    /// The bytes up to and including `mark`.
    fn until(&mut self, mark: &[u8]) -> std::io::Result<Vec<u8>> {
        loop {
            let found = self.bytes.windows(mark.len()).position(|window| window == mark);
            if let Some(place) = found {
                return Ok(self.bytes.drain(..place + mark.len()).collect());
            }
            if self.more()? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    fn exactly(&mut self, length: usize) -> std::io::Result<Vec<u8>> {
        while self.bytes.len() < length {
            if self.more()? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(self.bytes.drain(..length).collect())
    }

    // RFC 9112 §7.1, without trailers, which no peer sends.
    fn chunks(&mut self) -> std::io::Result<Vec<u8>> {
        let mut whole = Vec::new();
        loop {
            let line = self.until(b"\r\n")?;
            let digits = String::from_utf8_lossy(&line);
            let digits = digits.split(';').next().unwrap_or_default().trim();
            let length = usize::from_str_radix(digits, 16)
                .map_err(|_| std::io::Error::from(std::io::ErrorKind::InvalidData))?;
            whole.extend(self.exactly(length)?);
            self.until(b"\r\n")?;
            if length == 0 {
                return Ok(whole);
            }
        }
    }

    fn rest(&mut self) -> std::io::Result<Vec<u8>> {
        while self.more()? > 0 {}
        Ok(std::mem::take(self.bytes))
    }

    fn more(&mut self) -> std::io::Result<usize> {
        if self.bytes.len() > ANSWER_BYTES_MAX {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        let mut buffer = [0; 16 * 1024];
        let count = self.stream.read(&mut buffer)?;
        self.bytes.extend(buffer.iter().take(count));
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// The answers that the driver reads from a server that sends `answers`, one per request.
    fn read(answers: &'static [&'static str]) -> Vec<Answer> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            for answer in answers {
                let mut asked = Vec::new();
                while !asked.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    stream.read_exact(&mut byte).unwrap();
                    asked.extend(byte);
                }
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        let mut connection = Connection::new(address);
        let got = answers.iter().map(|_| connection.send(&Request::read("/")).unwrap()).collect();
        server.join().unwrap();
        got
    }

    #[test]
    fn answers_of_every_form_are_read_from_one_connection() {
        let got = read(&[
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2;x\r\nbc\r\n0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\nthe rest",
        ]);
        let bodies: Vec<(u16, String)> = got.iter().map(|it| (it.status, it.text())).collect();
        let expected = [(200, "ab"), (200, "abc"), (204, ""), (404, "the rest")];
        assert_eq!(bodies, expected.map(|(status, text)| (status, text.to_owned())));
    }
}
