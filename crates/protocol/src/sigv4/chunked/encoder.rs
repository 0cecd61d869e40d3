//! Writing a body in chunks as a client: for the load driver and tests.

use http::HeaderMap;
use sha2::{Digest, Sha256};

use super::chain::Chain;
use super::headers::TRAILER_SIGNATURE;
use crate::sigv4::hex::{hex, push_ascii};

/// Writes content in chunks, signed if there is a chain.
#[derive(Debug)]
pub struct Encoder {
    chain: Option<Chain>,
}

impl Encoder {
    #[must_use]
    pub fn new(chain: Option<Chain>) -> Self {
        Self { chain }
    }

    /// Appends a chunk. Empty data is skipped, because an empty chunk ends the body.
    pub fn push(&mut self, body: &mut Vec<u8>, data: &[u8]) {
        if data.is_empty() {
            return;
        }
        self.start_chunk(body, data);
        body.extend_from_slice(data);
        body.extend_from_slice(b"\r\n");
    }

    /// Appends the last chunk and the trailing headers.
    pub fn finish(mut self, body: &mut Vec<u8>, trailers: &HeaderMap) {
        self.start_chunk(body, b"");
        let mut signed_text = String::new();
        for (name, value) in trailers {
            let value = value.to_str().unwrap_or("");
            for part in [name.as_str(), ":", value, "\n"] {
                signed_text.push_str(part);
            }
        }
        body.extend_from_slice(signed_text.replace('\n', "\r\n").as_bytes());
        if let Some(chain) = &mut self.chain
            && !trailers.is_empty()
        {
            let signature: [u8; 64] = hex(&chain.sign_trailer(&signed_text));
            for part in [TRAILER_SIGNATURE.as_bytes(), b":", &signature, b"\r\n"] {
                body.extend_from_slice(part);
            }
        }
        body.extend_from_slice(b"\r\n");
    }

    fn start_chunk(&mut self, body: &mut Vec<u8>, data: &[u8]) {
        let mut line = format!("{:x}", data.len());
        if let Some(chain) = &mut self.chain {
            let signature: [u8; 64] = hex(&chain.sign_chunk(Sha256::new_with_prefix(data)));
            line.push_str(";chunk-signature=");
            push_ascii(&mut line, &signature);
        }
        line.push_str("\r\n");
        body.extend_from_slice(line.as_bytes());
    }
}
