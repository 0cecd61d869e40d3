//! The body of a signed request, as it comes.

use http::HeaderMap;
use model::Fault;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::chunked::{Chain, Decoder};
use super::signed::wrong_body;
use super::{Signed, SigningKey, UNSIGNED_PAYLOAD, unhex};

/// What the body must be for the signature to hold, and the way that its bytes have to go.
///
/// INVARIANT: nothing that [`SignedBody::take`] lets through is to be kept before
/// [`SignedBody::finish`] has accepted the whole.
#[derive(Debug)]
pub struct SignedBody(Kind);

#[derive(Debug)]
enum Kind {
    Unsigned,
    Hashed { hasher: Sha256, hash: [u8; 32] },
    Chunked(Box<Decoder>),
}

impl SignedBody {
    // AWS: S3 API Reference, "x-amz-content-sha256". The forms with ECDSA are those of SigV4a.
    pub(super) fn declared(
        signed: &Signed<'_>,
        declared: &str,
        key: &SigningKey,
    ) -> Result<Self, Fault> {
        let chunked = |chain, has_trailer| {
            let decoder = Decoder::new(chain, has_trailer, signed.parts().headers)?;
            Ok(Self(Kind::Chunked(Box::new(decoder))))
        };
        let chain = || Some(Chain::new(key.clone(), signed.date_and_scope(), signed.signature()));
        let unknown = || Fault::invalid("x-amz-content-sha256", "be a hash or a word of S3's");
        match declared {
            _ if !signed.is_s3() => Self::hashed(declared).ok_or_else(wrong_body),
            UNSIGNED_PAYLOAD => Ok(Self(Kind::Unsigned)),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => chunked(chain(), false),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => chunked(chain(), true),
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => chunked(None, true),
            hash => Self::hashed(hash).ok_or_else(unknown),
        }
    }

    fn hashed(hash: &str) -> Option<Self> {
        unhex(hash).map(|hash| Self(Kind::Hashed { hasher: Sha256::new(), hash }))
    }

    /// How many bytes will come through, if the body is in chunks: the object's length, where
    /// `Content-Length` has that of chunks and headers together.
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

    /// The next piece of content in `rest`, which moves behind it; `None` when more has to come.
    pub fn take<'i>(&mut self, rest: &mut &'i [u8]) -> Result<Option<&'i [u8]>, Fault> {
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

    /// Accepts the body if what came is what was signed, to its end; gives the trailing headers.
    pub fn finish(self) -> Result<HeaderMap, Fault> {
        match self.0 {
            Kind::Unsigned => Ok(HeaderMap::new()),
            Kind::Hashed { hasher, hash } => {
                let ours: [u8; 32] = hasher.finalize().into();
                if bool::from(ours.ct_eq(&hash)) { Ok(HeaderMap::new()) } else { Err(wrong_body()) }
            }
            Kind::Chunked(decoder) => decoder.finish(),
        }
    }
}
