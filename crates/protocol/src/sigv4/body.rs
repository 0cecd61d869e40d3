//! The body of a signed request, verified while it streams.

use http::HeaderMap;
use model::{Fault, SignatureFlaw};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::body_fault::BodyFault;
use super::chunked::{Chain, Decoder};
use super::hex::unhex;
use super::parts::UNSIGNED_PAYLOAD;

/// A reader of the body of a signed request. It verifies the bytes that pass through it.
///
/// INVARIANT: the caller keeps no content from [`SignedBody::take`] before [`SignedBody::finish`] has
/// accepted the whole body.
#[derive(Debug)]
pub struct SignedBody(Kind);

#[derive(Debug)]
enum Kind {
    Unsigned,
    Hashed { hasher: Sha256, hash: [u8; 32] },
    Chunked(Box<Decoder>),
}

impl SignedBody {
    /// The body of a request to S3, as its declaration says.
    // AWS: S3 API Reference, "x-amz-content-sha256". The keywords with ECDSA are those of SigV4a.
    pub(super) fn declared(
        declared: &str,
        headers: &HeaderMap,
        chain: impl FnOnce() -> Chain,
    ) -> Result<Self, Fault> {
        let chunked = |chain, has_trailer| {
            let decoder = Decoder::new(chain, has_trailer, headers)?;
            Ok(Self(Kind::Chunked(Box::new(decoder))))
        };
        let unknown = || Fault::invalid("x-amz-content-sha256", "be a hash or a word of S3's");
        match declared {
            UNSIGNED_PAYLOAD => Ok(Self(Kind::Unsigned)),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => chunked(Some(chain()), false),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => chunked(Some(chain()), true),
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => chunked(None, true),
            hash => Self::of_hash(hash).ok_or_else(unknown),
        }
    }

    /// The body of a request to another service, whose declaration is its hash.
    pub(super) fn hashed(declared: &str) -> Result<Self, Fault> {
        Self::of_hash(declared).ok_or_else(wrong_body)
    }

    fn of_hash(hash: &str) -> Option<Self> {
        unhex(hash).map(|hash| Self(Kind::Hashed { hasher: Sha256::new(), hash }))
    }

    /// The length of the content, if the body is in chunks. `Content-Length` is then the length of the
    /// chunks with their headers.
    #[must_use]
    pub fn decoded_length(&self) -> Option<u64> {
        match &self.0 {
            Kind::Chunked(decoder) => Some(decoder.decoded_length()),
            Kind::Unsigned | Kind::Hashed { .. } => None,
        }
    }

    /// The SHA-256 of the body, if the client has signed it.
    #[must_use]
    pub fn expected_hash(&self) -> Option<[u8; 32]> {
        match &self.0 {
            Kind::Hashed { hash, .. } => Some(*hash),
            Kind::Unsigned | Kind::Chunked(_) => None,
        }
    }

    /// The next piece of content in `rest`, which advances behind it. `None` if more input is needed.
    pub fn take<'i>(&mut self, rest: &mut &'i [u8]) -> Result<Option<&'i [u8]>, BodyFault> {
        let whole = match &mut self.0 {
            Kind::Chunked(decoder) => return decoder.take(rest),
            Kind::Unsigned => std::mem::take(rest),
            Kind::Hashed { hasher, .. } => {
                hasher.update(*rest);
                std::mem::take(rest)
            }
        };
        Ok((!whole.is_empty()).then_some(whole))
    }

    /// Accepts the body if all of it arrived and is what was signed. Returns the trailing headers.
    pub fn finish(self) -> Result<HeaderMap, BodyFault> {
        match self.0 {
            Kind::Unsigned => Ok(HeaderMap::new()),
            Kind::Hashed { hasher, hash } => {
                let ours: [u8; 32] = hasher.finalize().into();
                if bool::from(ours.ct_eq(&hash)) {
                    Ok(HeaderMap::new())
                } else {
                    Err(wrong_body().into())
                }
            }
            Kind::Chunked(decoder) => decoder.finish(),
        }
    }
}

/// The fault of a body that is not the one that was signed.
pub(super) fn wrong_body() -> Fault {
    Fault::bad_signature(
        SignatureFlaw::WrongBody,
        "come with the body whose hash X-Amz-Content-SHA256 is",
    )
}
