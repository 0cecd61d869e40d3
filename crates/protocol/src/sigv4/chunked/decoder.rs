//! Reading a body in chunks, piece by piece, from buffers that break anywhere.

use http::{HeaderMap, HeaderName, HeaderValue};
use model::{Fault, SignatureFlaw};
use sha2::{Digest, Sha256};

use super::chain::{Chain, is_same};
use super::{DECODED_LENGTH, TRAILER, TRAILER_SIGNATURE};
use crate::sigv4::unhex;

/// Longer than any chunk's first line (16 digits and a signature) and any checksum's header.
const LINE_BYTES_MAX: usize = 512;

/// More trailing headers than any client sends: one a checksum algorithm.
const TRAILERS_MAX: usize = 8;

/// Takes content out of chunks and verifies the signature of each.
// AWS: S3 refuses a chunk of less than 8 KiB before the last. That protects nothing, so it is not
// copied: some clients cut their chunks where their own source does.
#[derive(Debug)]
pub struct Decoder {
    /// None if the chunks are not signed.
    chain: Option<Chain>,
    state: State,
    length: u64,
    /// How much of `length` has not been announced by a chunk yet.
    left: u64,
    /// The beginning of a line that the last buffer broke.
    line: Vec<u8>,
    trailer: Trailer,
}

#[derive(Clone, Debug)]
enum State {
    /// Before a chunk's first line.
    Start,
    Data {
        left: u64,
        hasher: Sha256,
        signature: [u8; 32],
    },
    /// Before the line end that follows a chunk's data.
    DataEnd,
    /// After the last chunk, before the empty line that ends all.
    Trailer,
    Done,
}

#[derive(Debug)]
struct Trailer {
    announced: Vec<HeaderName>,
    headers: HeaderMap,
    /// The headers as their signature covers them.
    signed_text: String,
    is_signed: bool,
}

impl Decoder {
    pub(in crate::sigv4) fn new(
        chain: Option<Chain>,
        has_trailer: bool,
        headers: &HeaderMap,
    ) -> Result<Self, Fault> {
        let length = headers.get(DECODED_LENGTH).and_then(|value| value.to_str().ok());
        let length = length
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| unreadable("have the header x-amz-decoded-content-length"))?;
        let announced = if has_trailer { announced(headers)? } else { Vec::new() };
        // A trailer without a header has nothing to sign, and no client signs it.
        let is_signed = chain.is_none() || announced.is_empty();
        let trailer =
            Trailer { announced, headers: HeaderMap::new(), signed_text: String::new(), is_signed };
        Ok(Self { chain, state: State::Start, length, left: length, line: Vec::new(), trailer })
    }

    /// How long the content is.
    #[must_use]
    pub fn decoded_length(&self) -> u64 {
        self.length
    }

    /// The next piece of content in `rest`, which moves behind it; `None` when more has to come.
    pub fn take<'i>(&mut self, rest: &mut &'i [u8]) -> Result<Option<&'i [u8]>, Fault> {
        loop {
            if let State::Data { left, hasher, signature } = &mut self.state {
                let length = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                let Some((piece, after)) = rest.split_at_checked(length) else { return Ok(None) };
                *rest = after;
                *left -= length as u64;
                if self.chain.is_some() {
                    hasher.update(piece);
                }
                if *left == 0 {
                    let (hasher, signature) = (std::mem::take(hasher), *signature);
                    self.state = State::DataEnd;
                    self.verify_chunk(hasher, &signature)?;
                }
                return Ok((!piece.is_empty()).then_some(piece));
            }
            if matches!(self.state, State::Done) && !rest.is_empty() {
                return Err(unreadable("end with its last chunk"));
            }
            let mut line = std::mem::take(&mut self.line);
            if !take_line(&mut line, rest)? {
                self.line = line;
                return Ok(None);
            }
            self.read_line(&line)?;
            line.clear();
            self.line = line;
        }
    }

    /// Accepts the body if it came to its end; gives the trailing headers.
    pub fn finish(self) -> Result<HeaderMap, Fault> {
        match self.state {
            State::Done => Ok(self.trailer.headers),
            State::Start | State::Data { .. } | State::DataEnd | State::Trailer => {
                Err(unreadable("have its body whole, to the end of the last chunk"))
            }
        }
    }

    fn read_line(&mut self, line: &[u8]) -> Result<(), Fault> {
        let line = line.strip_suffix(b"\n").and_then(|line| line.strip_suffix(b"\r"));
        let line = line.and_then(|line| std::str::from_utf8(line).ok());
        let line = line.ok_or_else(|| unreadable("have lines of text that end in CR and LF"))?;
        match (&self.state, line) {
            (State::Start, line) => self.start_chunk(line),
            (State::DataEnd, "") => {
                self.state = State::Start;
                Ok(())
            }
            (State::Trailer, "") => self.end(),
            (State::Trailer, line) => self.read_trailer(line),
            (State::DataEnd, _) => Err(unreadable("have chunks as long as they say")),
            // `take` reads no line inside of data, and none behind the end.
            (State::Data { .. } | State::Done, _) => Err(Fault::broken("a line out of its place")),
        }
    }

    fn start_chunk(&mut self, line: &str) -> Result<(), Fault> {
        let (size, signature) = match (line.split_once(';'), &self.chain) {
            (Some((size, extension)), Some(_)) => {
                (size, extension.strip_prefix("chunk-signature=").and_then(unhex))
            }
            (None, None) => (line, Some([0; 32])),
            (Some(_), None) | (None, Some(_)) => (line, None),
        };
        let signature = signature.ok_or_else(|| match &self.chain {
            Some(_) => unreadable("have chunks with a chunk-signature each"),
            None => unreadable("have chunks of a size and nothing else"),
        })?;
        let is_hex = !size.is_empty() && size.bytes().all(|byte| byte.is_ascii_hexdigit());
        let size = u64::from_str_radix(size, 16).ok().filter(|_| is_hex);
        let size =
            size.ok_or_else(|| unreadable("have chunks with a size in hexadecimal digits"))?;
        self.left = self.left.checked_sub(size).ok_or_else(wrong_length)?;
        if size > 0 {
            self.state = State::Data { left: size, hasher: Sha256::new(), signature };
            return Ok(());
        }
        if self.left > 0 {
            return Err(wrong_length());
        }
        self.state = State::Trailer;
        self.verify_chunk(Sha256::new(), &signature)
    }

    fn verify_chunk(&mut self, data: Sha256, signature: &[u8; 32]) -> Result<(), Fault> {
        let Some(chain) = &mut self.chain else { return Ok(()) };
        if is_same(&chain.sign_chunk(data), signature) { Ok(()) } else { Err(mismatched()) }
    }

    fn read_trailer(&mut self, line: &str) -> Result<(), Fault> {
        let (name, value) =
            line.split_once(':').ok_or_else(|| unreadable("have trailing headers with a colon"))?;
        let (name, value) = (name.trim_ascii().to_ascii_lowercase(), value.trim_ascii());
        if name == TRAILER_SIGNATURE && !self.trailer.is_signed {
            self.trailer.is_signed = true;
            let ours =
                self.chain.as_mut().map(|chain| chain.sign_trailer(&self.trailer.signed_text));
            let theirs = unhex(value);
            let same = ours.zip(theirs).is_some_and(|(ours, theirs)| is_same(&ours, &theirs));
            return if same { Ok(()) } else { Err(mismatched()) };
        }
        let announced = self.trailer.announced.iter().find(|header| **header == *name);
        let header = announced
            .ok_or_else(|| unreadable("announce each trailing header in x-amz-trailer"))?;
        let content = HeaderValue::from_str(value)
            .map_err(|_| unreadable("have trailing headers of plain text"))?;
        if self.chain.is_some() && self.trailer.is_signed {
            return Err(unreadable("have no trailing header behind the trailer's signature"));
        }
        for part in [&*name, ":", value, "\n"] {
            self.trailer.signed_text.push_str(part);
        }
        match self.trailer.headers.insert(header, content) {
            None => Ok(()),
            Some(_) => Err(unreadable("have each trailing header once")),
        }
    }

    fn end(&mut self) -> Result<(), Fault> {
        let Trailer { announced, headers, is_signed, .. } = &self.trailer;
        if !is_signed {
            return Err(unreadable("have an x-amz-trailer-signature"));
        }
        // A trailing header that never came is a body that was cut off, or tampered with.
        if headers.len() != announced.len() {
            return Err(unreadable("have each trailing header that x-amz-trailer announces"));
        }
        self.state = State::Done;
        Ok(())
    }
}

/// Moves a line, with its end, from `rest` to `line`. False if the end has yet to come.
fn take_line(line: &mut Vec<u8>, rest: &mut &[u8]) -> Result<bool, Fault> {
    let end = rest.iter().position(|&byte| byte == b'\n');
    let length = end.map_or(rest.len(), |end| end + 1);
    if line.len() + length > LINE_BYTES_MAX {
        return Err(unreadable("have chunks with a short first line"));
    }
    if let Some((head, after)) = rest.split_at_checked(length) {
        line.extend_from_slice(head);
        *rest = after;
    }
    Ok(end.is_some())
}

fn announced(headers: &HeaderMap) -> Result<Vec<HeaderName>, Fault> {
    let bad = || unreadable("name its trailing headers in x-amz-trailer");
    let mut announced = Vec::new();
    for value in headers.get_all(TRAILER) {
        for name in value.to_str().map_err(|_| bad())?.split(',') {
            let name: HeaderName = name.trim_ascii().parse().map_err(|_| bad())?;
            if announced.contains(&name)
                || name == TRAILER_SIGNATURE
                || announced.len() == TRAILERS_MAX
            {
                return Err(bad());
            }
            announced.push(name);
        }
    }
    Ok(announced)
}

fn wrong_length() -> Fault {
    unreadable("have as much content as x-amz-decoded-content-length says")
}

fn mismatched() -> Fault {
    let must = "match each chunk, the chunk before it and the trailing headers";
    Fault::bad_signature(SignatureFlaw::Mismatched, must)
}

fn unreadable(must: &'static str) -> Fault {
    Fault::Unreadable { must: must.into() }
}
