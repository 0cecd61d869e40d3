//! The client's declaration of a body: its length, and the digests to compare it with.
//!
//! S3 User Guide, "Checking object integrity"; S3 API Reference, `PutObject`.

use http::HeaderMap;
use model::object::ChecksumAlgorithm;
use protocol::sigv4::BodyFault;
use s3s::S3ErrorCode;

use crate::checksum::{self, Digests};
use crate::refusal::Refusal;

/// The client's declaration of a body, before the body arrives.
#[derive(Debug)]
pub struct Declared {
    pub length: u64,
    md5: Option<String>,
    pub checksum: Declaration,
}

/// The client's declaration of a body's checksum.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Declaration {
    /// No checksum: S3 chooses the algorithm.
    Nothing,
    /// The algorithm and the value.
    InHeader(ChecksumAlgorithm, String),
    /// The algorithm. The value follows the body.
    InTrailer(ChecksumAlgorithm),
}

impl Declared {
    /// Reads the declaration of a body of at most `bytes_max` bytes.
    pub fn of(headers: &HeaderMap, bytes_max: u64) -> Result<Self, Refusal> {
        let length = length(headers)?;
        if length > bytes_max {
            let message = "Your proposed upload exceeds the maximum allowed size.";
            return Err(Refusal::code(S3ErrorCode::EntityTooLarge, message));
        }
        let md5 = text(headers, "content-md5")?.map(str::to_owned);
        Ok(Self { length, md5, checksum: Declaration::of(headers)? })
    }

    /// Refuses more bytes than declared, as soon as they arrive.
    pub fn check_room(&self, size: u64) -> Result<(), Refusal> {
        if size > self.length { Err(incomplete()) } else { Ok(()) }
    }

    /// Refuses a body that differs from its declaration.
    pub fn check(&self, trailers: &HeaderMap, digests: &Digests) -> Result<(), Refusal> {
        if digests.size != self.length {
            return Err(incomplete());
        }
        if let Some(md5) = &self.md5 {
            checksum::check_md5(md5, digests)?;
        }
        match &self.checksum {
            Declaration::Nothing => Ok(()),
            Declaration::InHeader(_, said) => checksum::check_checksum(said, &digests.claimed),
            Declaration::InTrailer(algorithm) => {
                let said = text(trailers, &checksum::header_name(*algorithm))?;
                let missing = "have the trailing header that x-amz-trailer announces";
                let said = said.ok_or(BodyFault::Trailer(missing))?;
                checksum::check_checksum(said, &digests.claimed)
            }
        }
    }
}

impl Declaration {
    fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        refuse_other_checksums(headers)?;
        let (mut found, trailers) = (Vec::new(), trailers(headers)?);
        for algorithm in ChecksumAlgorithm::ALL {
            let name = checksum::header_name(algorithm);
            let said = text(headers, &name)?;
            found.extend(said.map(|said| Self::InHeader(algorithm, said.to_owned())));
            found.extend(trailers.contains(&name).then_some(Self::InTrailer(algorithm)));
        }
        let single = "Expecting a single x-amz-checksum- header or trailer.";
        let declaration = match (found.pop(), found.pop()) {
            (None, _) => Self::Nothing,
            (Some(declaration), None) => declaration,
            (Some(_), Some(_)) => return Err(malformed(single)),
        };
        // AWS: a client that names an algorithm must send the value too.
        match (text(headers, "x-amz-sdk-checksum-algorithm")?, declaration.named()) {
            (None, _) => Ok(declaration),
            (Some(said), Some(named)) if said.eq_ignore_ascii_case(named.as_str()) => {
                Ok(declaration)
            }
            (Some(_), _) => Err(malformed(
                "x-amz-sdk-checksum-algorithm must name the algorithm of an x-amz-checksum- \
                 header or trailer.",
            )),
        }
    }

    /// The algorithm of the checksum.
    pub fn named(&self) -> Option<ChecksumAlgorithm> {
        match self {
            Self::Nothing => None,
            Self::InHeader(algorithm, _) | Self::InTrailer(algorithm) => Some(*algorithm),
        }
    }
}

/// Refuses a checksum that would not be compared.
fn refuse_other_checksums(headers: &HeaderMap) -> Result<(), Refusal> {
    let is_other = |name: &str| {
        let named = name.strip_prefix("x-amz-checksum-").filter(|_| !checksum::is_checksum(name));
        named.is_some_and(|named| !matches!(named, "algorithm" | "mode" | "type"))
    };
    if headers.keys().any(|name| is_other(name.as_str())) {
        return Err(checksum::unsupported());
    }
    // AWS: "The value specified in the x-amz-trailer header is not supported".
    if trailers(headers)?.iter().any(|name| !checksum::is_checksum(name)) {
        return Err(malformed("x-amz-trailer must name the trailing header of a checksum."));
    }
    Ok(())
}

/// The announced trailing headers, in lower case. They may be on several lines.
fn trailers(headers: &HeaderMap) -> Result<Vec<String>, Refusal> {
    let invalid = |_| malformed("x-amz-trailer must be plain text.");
    let lines = headers.get_all("x-amz-trailer").iter().map(|line| line.to_str().map_err(invalid));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    let names = lines.iter().flat_map(|line| line.split(','));
    let names = names.map(|name| name.trim().to_ascii_lowercase());
    Ok(names.filter(|name| !name.is_empty()).collect())
}

/// Refuses a body in chunks whose length is not declared.
pub fn check_length_of_chunks(headers: &HeaderMap) -> Result<(), Refusal> {
    if is_in_chunks(headers)? { length(headers).map(drop) } else { Ok(()) }
}

fn is_in_chunks(headers: &HeaderMap) -> Result<bool, Refusal> {
    let hash = text(headers, "x-amz-content-sha256")?;
    Ok(hash.is_some_and(|hash| hash.starts_with("STREAMING-")))
}

/// The length of the body without its framing.
pub fn length(headers: &HeaderMap) -> Result<u64, Refusal> {
    let name =
        if is_in_chunks(headers)? { "x-amz-decoded-content-length" } else { "content-length" };
    let digits = text(headers, name)?.unwrap_or_default();
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    // AWS: a length that is not a number is none.
    digits.parse().ok().filter(|_| is_number).ok_or_else(|| {
        let message = format!("{name} must be the number of bytes of the body.");
        Refusal::code(S3ErrorCode::MissingContentLength, message)
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Refusal> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    value.to_str().map(Some).map_err(|_| Refusal::invalid(format!("{name} must be plain text.")))
}

/// The refusal of a body that is shorter or longer than declared.
pub fn incomplete() -> Refusal {
    let message = "You did not provide the number of bytes specified by the HTTP header.";
    Refusal::code(S3ErrorCode::IncompleteBody, message)
}

fn malformed(message: &'static str) -> Refusal {
    Refusal::code(S3ErrorCode::InvalidRequest, message)
}
