//! The checksums of objects and parts.

use std::str::FromStr;

/// The checksum of an object or part, beside its `ETag`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Checksum {
    pub algorithm: ChecksumAlgorithm,
    pub kind: ChecksumKind,
    /// Base64. A composite checksum has a hyphen and the number of parts behind it.
    pub value: String,
}

/// The algorithm of a checksum.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ChecksumAlgorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
}

impl ChecksumAlgorithm {
    /// Every algorithm.
    pub const ALL: [Self; 5] =
        [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// The name in S3.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }
}

impl FromStr for ChecksumAlgorithm {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str() == text)
            .ok_or("be CRC32, CRC32C, CRC64NVME, SHA1 or SHA256")
    }
}

/// The input of a checksum: all the bytes, or the checksums of the parts.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ChecksumKind {
    Composite,
    FullObject,
}

impl ChecksumKind {
    /// The name in S3.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Composite => "COMPOSITE",
            Self::FullObject => "FULL_OBJECT",
        }
    }
}

impl FromStr for ChecksumKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "COMPOSITE" => Ok(Self::Composite),
            "FULL_OBJECT" => Ok(Self::FullObject),
            _ => Err("be COMPOSITE or FULL_OBJECT"),
        }
    }
}
