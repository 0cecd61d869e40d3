//! Digests of stored bytes, and their comparison with those that the client sent.
//!
//! S3 User Guide, "Checking object integrity": one checksum beside the MD5 of the `ETag`, of the
//! whole object or composed of those of its parts.

use std::io::{self, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crc_fast::CrcAlgorithm;
use model::object::{Checksum, ChecksumAlgorithm, ChecksumKind, Part};
use s3s::S3ErrorCode;
use s3s::crypto::{Checksum as _, Md5, Sha1};
use sha2::{Digest, Sha256};

use crate::refusal::Refusal;

/// The algorithm for an object whose client names none.
pub const DEFAULT_ALGORITHM: ChecksumAlgorithm = ChecksumAlgorithm::Crc64Nvme;

/// The digests of a stream of bytes, under way.
pub struct Tally {
    size: u64,
    md5: Md5,
    checksum: Hasher,
    /// The digest that the client claims, where its algorithm differs from the stored one's.
    claimed: Option<Hasher>,
}

/// The digests of all bytes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Digests {
    pub size: u64,
    pub md5: [u8; 16],
    /// The checksum that is stored.
    pub checksum: Checksum,
    /// The checksum that is compared with the client's claim.
    pub claimed: Checksum,
}

/// The checksum of all that a reader has, in the form of `algorithm`.
pub fn checksum_of(mut from: impl Read, algorithm: ChecksumAlgorithm) -> io::Result<Checksum> {
    let (mut hasher, mut buffer) = (Hasher::new(algorithm), vec![0; 128 * 1024]);
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(hasher.finish()),
            length => hasher.update(buffer.get(..length).unwrap_or_default()),
        }
    }
}

enum Hasher {
    Crc(ChecksumAlgorithm, crc_fast::Digest),
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Tally {
    /// The digests of no bytes.
    #[must_use]
    pub fn new(kept: ChecksumAlgorithm, claimed: Option<ChecksumAlgorithm>) -> Self {
        let claimed = claimed.filter(|claimed| *claimed != kept).map(Hasher::new);
        Self { size: 0, md5: Md5::new(), checksum: Hasher::new(kept), claimed }
    }

    /// The number of bytes so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn update(&mut self, bytes: &[u8]) {
        self.size = self.size.saturating_add(bytes.len() as u64);
        self.md5.update(bytes);
        self.checksum.update(bytes);
        if let Some(claimed) = &mut self.claimed {
            claimed.update(bytes);
        }
    }

    #[must_use]
    pub fn finish(self) -> Digests {
        let checksum = self.checksum.finish();
        let claimed = self.claimed.map_or_else(|| checksum.clone(), Hasher::finish);
        Digests { size: self.size, md5: self.md5.finalize(), checksum, claimed }
    }
}

impl Hasher {
    fn new(algorithm: ChecksumAlgorithm) -> Self {
        match algorithm {
            ChecksumAlgorithm::Crc32 | ChecksumAlgorithm::Crc32c | ChecksumAlgorithm::Crc64Nvme => {
                Self::Crc(algorithm, crc_fast::Digest::new(crc(algorithm)))
            }
            ChecksumAlgorithm::Sha1 => Self::Sha1(Sha1::new()),
            ChecksumAlgorithm::Sha256 => Self::Sha256(Sha256::new()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc(_, digest) => digest.update(bytes),
            Self::Sha1(digest) => digest.update(bytes),
            Self::Sha256(digest) => Digest::update(digest, bytes),
        }
    }

    fn finish(self) -> Checksum {
        let (algorithm, value) = match self {
            Self::Crc(algorithm, digest) => (algorithm, crc_text(algorithm, digest.finalize())),
            Self::Sha1(digest) => (ChecksumAlgorithm::Sha1, STANDARD.encode(digest.finalize())),
            Self::Sha256(digest) => {
                (ChecksumAlgorithm::Sha256, STANDARD.encode(Digest::finalize(digest)))
            }
        };
        Checksum { algorithm, kind: ChecksumKind::FullObject, value }
    }
}

/// The header or trailer with a checksum.
#[must_use]
pub fn header_name(algorithm: ChecksumAlgorithm) -> String {
    format!("x-amz-checksum-{}", algorithm.as_str().to_ascii_lowercase())
}

/// Tells whether `name` is the header of a checksum.
#[must_use]
pub fn is_checksum(name: &str) -> bool {
    ChecksumAlgorithm::ALL.iter().any(|algorithm| name == header_name(*algorithm))
}

/// The refusal of an algorithm that is not one of [`ChecksumAlgorithm::ALL`].
// AWS: the code that it has for algorithms that it does not know either.
#[must_use]
pub fn unsupported() -> Refusal {
    let names = ChecksumAlgorithm::ALL.map(ChecksumAlgorithm::as_str).join(", ");
    let message = format!("The algorithm of a checksum must be one of {names}.");
    Refusal::code(S3ErrorCode::InvalidRequest, message)
}

/// The kind of checksum of an upload whose client names only the algorithm.
#[must_use]
pub fn default_kind(algorithm: ChecksumAlgorithm) -> ChecksumKind {
    match algorithm {
        ChecksumAlgorithm::Crc64Nvme => ChecksumKind::FullObject,
        ChecksumAlgorithm::Crc32
        | ChecksumAlgorithm::Crc32c
        | ChecksumAlgorithm::Sha1
        | ChecksumAlgorithm::Sha256 => ChecksumKind::Composite,
    }
}

/// Tells whether an upload may have this checksum.
// AWS: only CRCs of the whole can be computed from the parts. CRC64NVME is always of the whole.
#[must_use]
pub fn is_possible(algorithm: ChecksumAlgorithm, kind: ChecksumKind) -> bool {
    match (algorithm, kind) {
        (ChecksumAlgorithm::Crc64Nvme, ChecksumKind::Composite)
        | (ChecksumAlgorithm::Sha1 | ChecksumAlgorithm::Sha256, ChecksumKind::FullObject) => false,
        (
            ChecksumAlgorithm::Crc32 | ChecksumAlgorithm::Crc32c,
            ChecksumKind::Composite | ChecksumKind::FullObject,
        )
        | (ChecksumAlgorithm::Crc64Nvme, ChecksumKind::FullObject)
        | (ChecksumAlgorithm::Sha1 | ChecksumAlgorithm::Sha256, ChecksumKind::Composite) => true,
    }
}

/// The checksum of an object from those of its parts, in their order; `None` if one is malformed.
#[must_use]
pub fn of_parts(
    algorithm: ChecksumAlgorithm,
    kind: ChecksumKind,
    parts: &[Part],
) -> Option<Checksum> {
    let decode = |part: &Part| STANDARD.decode(&part.checksum.value).ok();
    let value = match kind {
        ChecksumKind::Composite => {
            let mut hasher = Hasher::new(algorithm);
            for part in parts {
                hasher.update(&decode(part)?);
            }
            format!("{}-{}", hasher.finish().value, parts.len())
        }
        ChecksumKind::FullObject => {
            let mut whole = None;
            for part in parts {
                let crc_of_part = big_endian(&decode(part)?)?;
                whole = Some(whole.map_or(crc_of_part, |before| {
                    crc_fast::checksum_combine(crc(algorithm), before, crc_of_part, part.size)
                }));
            }
            crc_text(algorithm, whole?)
        }
    };
    Some(Checksum { algorithm, kind, value })
}

/// The `ETag` of an object made of parts; `None` if that of a part is malformed.
// AWS: the MD5 of the MD5s, a hyphen, and the number of parts.
#[must_use]
pub fn etag_of_parts(parts: &[Part]) -> Option<String> {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(&from_hex(&part.etag)?);
    }
    Some(format!("{}-{}", to_hex(&md5.finalize()), parts.len()))
}

/// Refuses bytes whose MD5 is not the one in `Content-MD5`.
pub fn check_md5(said: &str, digests: &Digests) -> Result<(), Refusal> {
    let said = STANDARD.decode(said).ok().filter(|said| said.len() == digests.md5.len());
    let Some(said) = said else {
        return Err(Refusal::code(
            S3ErrorCode::InvalidDigest,
            "Content-MD5 must be 16 bytes in base64.",
        ));
    };
    if said == digests.md5 {
        return Ok(());
    }
    Err(Refusal::code(S3ErrorCode::BadDigest, "Content-MD5 is not the MD5 of the body received."))
}

/// Refuses bytes whose checksum is not the one that the client sent.
pub fn check_checksum(said: &str, computed: &Checksum) -> Result<(), Refusal> {
    // AWS: the number of parts behind a composite checksum may be left out.
    let whole = |text: &str| text.split_once('-').map_or(text, |(whole, _)| whole).to_owned();
    if said == computed.value || said == whole(&computed.value) {
        return Ok(());
    }
    let name = computed.algorithm.as_str();
    // AWS: a value that the algorithm cannot produce has another error code than a wrong value.
    let length = |text: &str| STANDARD.decode(whole(text)).ok().map(|bytes| bytes.len());
    if length(said) != length(&computed.value) {
        return Err(Refusal::code(
            S3ErrorCode::InvalidRequest,
            format!("{} must be a {name} in base64.", header_name(computed.algorithm)),
        ));
    }
    Err(Refusal::code(
        S3ErrorCode::BadDigest,
        format!("The {name} you specified did not match the calculated checksum."),
    ))
}

/// Bytes in lower-case hexadecimal.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<Vec<u32>>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| u8::try_from(high << 4 | low).ok()).collect();
    if rest.is_empty() { bytes } else { None }
}

// The SHA algorithms have no CRC. `is_possible` and `Hasher::new` exclude them.
fn crc(algorithm: ChecksumAlgorithm) -> CrcAlgorithm {
    match algorithm {
        ChecksumAlgorithm::Crc32 => CrcAlgorithm::Crc32IsoHdlc,
        ChecksumAlgorithm::Crc32c => CrcAlgorithm::Crc32Iscsi,
        ChecksumAlgorithm::Crc64Nvme | ChecksumAlgorithm::Sha1 | ChecksumAlgorithm::Sha256 => {
            CrcAlgorithm::Crc64Nvme
        }
    }
}

fn crc_text(algorithm: ChecksumAlgorithm, value: u64) -> String {
    let bytes = value.to_be_bytes();
    let short = matches!(algorithm, ChecksumAlgorithm::Crc32 | ChecksumAlgorithm::Crc32c);
    STANDARD.encode(bytes.get(if short { 4 } else { 0 }..).unwrap_or_default())
}

fn big_endian(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"The quick brown fox jumps over the lazy dog";

    fn digests(algorithm: ChecksumAlgorithm, bytes: &[u8]) -> Digests {
        let mut tally = Tally::new(algorithm, None);
        // In uneven pieces, as a body arrives.
        for piece in bytes.chunks(7) {
            tally.update(piece);
        }
        tally.finish()
    }

    fn part(number: u32, algorithm: ChecksumAlgorithm, bytes: &[u8]) -> Part {
        let digests = digests(algorithm, bytes);
        Part {
            number,
            blob_id: "0123456789abcdef0123456789abcdef".parse().unwrap(),
            size: digests.size,
            etag: to_hex(&digests.md5),
            checksum: digests.checksum,
            modified_at_ms: 0,
        }
    }

    // Values from other programs: Python hashlib, zlib, and CRCs computed bit by bit.
    #[test]
    fn each_algorithm_gives_the_value_that_sdks_send() {
        for (algorithm, value) in [
            (ChecksumAlgorithm::Crc32, "QU+jOQ=="),
            (ChecksumAlgorithm::Crc32c, "ImIEBA=="),
            (ChecksumAlgorithm::Crc64Nvme, CRC64NVME_OF_TEXT),
            (ChecksumAlgorithm::Sha1, "L9ThxnotKPzthJ7hu3bnORuT6xI="),
            (ChecksumAlgorithm::Sha256, "16j7swfXgJRpypq8sAguT41WUeRtPNt2LQLQvzfJ5ZI="),
        ] {
            assert_eq!(digests(algorithm, TEXT).checksum.value, value, "{algorithm:?}");
        }
        let digests = digests(DEFAULT_ALGORITHM, TEXT);
        assert_eq!(to_hex(&digests.md5), "9e107d9d372bb6826bd81d3542a419d6");
        assert_eq!(digests.size, 43);
    }

    const CRC64NVME_OF_TEXT: &str = "12xUBUlUwUM=";

    #[test]
    fn a_crc_of_the_whole_comes_from_those_of_the_parts() {
        for algorithm in
            [ChecksumAlgorithm::Crc32, ChecksumAlgorithm::Crc32c, ChecksumAlgorithm::Crc64Nvme]
        {
            let (head, rest) = TEXT.split_at(10);
            let (middle, tail) = rest.split_at(20);
            let parts =
                [part(1, algorithm, head), part(2, algorithm, middle), part(9, algorithm, tail)];
            let whole = of_parts(algorithm, ChecksumKind::FullObject, &parts).unwrap();
            assert_eq!(whole, digests(algorithm, TEXT).checksum, "{algorithm:?}");
        }
    }

    #[test]
    fn a_composite_checksum_counts_its_parts() {
        let parts =
            [part(1, ChecksumAlgorithm::Sha256, b"a"), part(2, ChecksumAlgorithm::Sha256, b"b")];
        let whole = of_parts(ChecksumAlgorithm::Sha256, ChecksumKind::Composite, &parts).unwrap();
        assert_eq!(whole.value, "5aAf7hTg7VxIcU8iGA8lrYNltT+XefedxKPX6Tlj+Uo=-2");
        assert_eq!(etag_of_parts(&parts).unwrap(), "96e024ba2074fe77e8e965ba43a704be-2");
    }

    #[test]
    fn a_wrong_digest_and_one_that_is_none_are_told_apart() {
        let digests = digests(ChecksumAlgorithm::Crc32, TEXT);
        let codes = |result: Result<(), Refusal>| result.map_err(Refusal::code_text);
        assert_eq!(codes(check_md5("nhB9nTcrtoJr2B01QqQZ1g==", &digests)), Ok(()));
        assert_eq!(codes(check_md5("AAAAAAAAAAAAAAAAAAAAAA==", &digests)), Err("BadDigest".into()));
        assert_eq!(codes(check_md5("AAAA", &digests)), Err("InvalidDigest".into()));
        assert_eq!(codes(check_checksum("QU+jOQ==", &digests.checksum)), Ok(()));
        assert_eq!(codes(check_checksum("AAAAAA==", &digests.checksum)), Err("BadDigest".into()));
        assert_eq!(codes(check_checksum("?", &digests.checksum)), Err("InvalidRequest".into()));
        let composite = Checksum {
            kind: ChecksumKind::Composite,
            value: "QU+jOQ==-2".to_owned(),
            ..digests.checksum
        };
        for (said, outcome) in [
            ("QU+jOQ==-2", Ok(())),
            ("QU+jOQ==", Ok(())),
            ("AAAAAA==", Err("BadDigest".into())),
            ("AAAAAA==-2", Err("BadDigest".into())),
            ("QU+jOQ==-3", Err("BadDigest".into())),
            ("AAAA", Err("InvalidRequest".into())),
        ] {
            assert_eq!(codes(check_checksum(said, &composite)), outcome, "{said}");
        }
    }
}
