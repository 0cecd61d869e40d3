//! Reading a body in chunks from buffers that may end anywhere.

use http::HeaderMap;
use model::Fault;
use sha2::{Digest, Sha256};

use super::chain::{Chain, is_same};
use super::headers::DECODED_LENGTH;
use super::trailer::{Trailer, mismatched, unreadable};
use crate::sigv4::body_fault::BodyFault;
use crate::sigv4::hex::unhex;

/// Maximum length of a line in bytes, more than the first line of a chunk (16 digits and a signature)
/// or the header of a checksum has.
const LINE_BYTES_MAX: usize = 512;

const WRONG_LENGTH: BodyFault =
    BodyFault::Incomplete("have as much content as x-amz-decoded-content-length says");

/// Takes content out of chunks and verifies the signature of each.
// AWS: S3 refuses a chunk of less than 8 KiB before the last. Portico accepts it: the rule protects
// nothing, and some clients cut their chunks where their own source does.
#[derive(Debug)]
pub struct Decoder {
    /// `None` if the chunks are not signed.
    chain: Option<Chain>,
    state: State,
    length: u64,
    /// The part of `length` that the chunks have not announced yet.
    left: u64,
    /// The beginning of a line that continues in the next buffer.
    line: Vec<u8>,
    trailer: Trailer,
}

/// The expected next part of the body.
#[derive(Clone, Debug)]
enum State {
    /// The first line of a chunk.
    Start,
    /// The data of a chunk.
    Data { left: u64, hasher: Sha256, signature: [u8; 32] },
    /// The line end behind the data of a chunk.
    DataEnd,
    /// A trailing header, or the empty line that ends the body.
    Trailer,
    /// Nothing.
    Done,
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
        let trailer = Trailer::new(has_trailer.then_some(headers), chain.is_some())?;
        Ok(Self { chain, state: State::Start, length, left: length, line: Vec::new(), trailer })
    }

    /// The length of the content.
    #[must_use]
    pub fn decoded_length(&self) -> u64 {
        self.length
    }

    /// The next piece of content in `rest`, which advances behind it. `None` if more input is needed.
    pub fn take<'i>(&mut self, rest: &mut &'i [u8]) -> Result<Option<&'i [u8]>, BodyFault> {
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
                return Err(BodyFault::Incomplete("end with its last chunk"));
            }
            let mut line = std::mem::take(&mut self.line);
            if !take_line(&mut line, rest) {
                if line.len() > LINE_BYTES_MAX {
                    return Err(self.malformed("have short lines between its chunks"));
                }
                self.line = line;
                return Ok(None);
            }
            self.read_line(&line)?;
            line.clear();
            self.line = line;
        }
    }

    /// Accepts the body if its end was reached. Returns the trailing headers.
    pub fn finish(self) -> Result<HeaderMap, BodyFault> {
        match self.state {
            State::Done => Ok(self.trailer.into_headers()),
            State::Start | State::Data { .. } | State::DataEnd | State::Trailer => {
                Err(BodyFault::Incomplete("have its body whole, to the end of the last chunk"))
            }
        }
    }

    fn read_line(&mut self, line: &[u8]) -> Result<(), BodyFault> {
        let line = line.strip_suffix(b"\n").and_then(|line| line.strip_suffix(b"\r"));
        let line = line.and_then(|line| std::str::from_utf8(line).ok());
        let line =
            line.ok_or_else(|| self.malformed("have lines of text that end in CR and LF"))?;
        match (&self.state, line) {
            (State::Start, line) => self.start_chunk(line),
            (State::DataEnd, "") => {
                self.state = State::Start;
                Ok(())
            }
            (State::Trailer, "") => {
                self.trailer.check_end()?;
                self.state = State::Done;
                Ok(())
            }
            (State::Trailer, line) => self.trailer.read(line, self.chain.as_mut()),
            (State::DataEnd, _) => Err(BodyFault::Incomplete("have chunks as long as they say")),
            // `take` reads no line inside of data or behind the end.
            (State::Data { .. } | State::Done, _) => {
                Err(Fault::broken("a line out of its place").into())
            }
        }
    }

    fn start_chunk(&mut self, line: &str) -> Result<(), BodyFault> {
        let (size, signature) = match (line.split_once(';'), &self.chain) {
            (Some((size, extension)), Some(_)) => {
                (size, extension.strip_prefix("chunk-signature=").and_then(unhex))
            }
            (None, None) => (line, Some([0; 32])),
            (Some(_), None) | (None, Some(_)) => (line, None),
        };
        let signature = signature.ok_or(BodyFault::Incomplete(match &self.chain {
            Some(_) => "have chunks with a chunk-signature each",
            None => "have chunks of a size and nothing else",
        }))?;
        let is_hex = !size.is_empty() && size.bytes().all(|byte| byte.is_ascii_hexdigit());
        let size = u64::from_str_radix(size, 16).ok().filter(|_| is_hex);
        let not_a_size = BodyFault::Incomplete("have chunks with a size in hexadecimal digits");
        let size = size.ok_or(not_a_size)?;
        self.left = self.left.checked_sub(size).ok_or(WRONG_LENGTH)?;
        if size > 0 {
            self.state = State::Data { left: size, hasher: Sha256::new(), signature };
            return Ok(());
        }
        if self.left > 0 {
            return Err(WRONG_LENGTH);
        }
        self.state = State::Trailer;
        self.verify_chunk(Sha256::new(), &signature)
    }

    fn verify_chunk(&mut self, data: Sha256, signature: &[u8; 32]) -> Result<(), BodyFault> {
        let Some(chain) = &mut self.chain else { return Ok(()) };
        if is_same(&chain.sign_chunk(data), signature) { Ok(()) } else { Err(mismatched()) }
    }

    /// The fault of a line that cannot be read.
    fn malformed(&self, must: &'static str) -> BodyFault {
        match self.state {
            State::Trailer => BodyFault::Trailer(must),
            State::Start | State::Data { .. } | State::DataEnd | State::Done => {
                BodyFault::Incomplete(must)
            }
        }
    }
}

/// Moves a line with its end from `rest` to `line`. Returns whether the end was found within the maximum length.
fn take_line(line: &mut Vec<u8>, rest: &mut &[u8]) -> bool {
    let end = rest.iter().position(|&byte| byte == b'\n');
    let room = (LINE_BYTES_MAX + 1).saturating_sub(line.len());
    let length = end.map_or(rest.len(), |end| end + 1).min(room);
    if let Some((head, after)) = rest.split_at_checked(length) {
        line.extend_from_slice(head);
        *rest = after;
    }
    end.is_some() && line.len() <= LINE_BYTES_MAX
}
