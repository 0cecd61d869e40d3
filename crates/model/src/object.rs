//! Objects of the local account store, and the uploads that become objects.
//!
//! Amazon S3 API Reference, `PutObject`, `CreateMultipartUpload`; User Guide, "Naming Amazon S3
//! objects" and "Checking object integrity".

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Random;
use crate::senses::random_text;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// The longest key, in bytes of UTF-8.
pub const KEY_BYTES_MAX: usize = 1024;

/// An object that can be read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Object {
    pub key: ObjectKey,
    pub content: Content,
    pub size: u64,
    /// Without quotation marks.
    pub etag: String,
    pub checksum: Checksum,
    pub description: Description,
    pub modified_at_ms: i64,
}

/// Where the bytes of an object are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Content {
    /// In one file.
    Blob(BlobId),
    /// In the files of an upload's parts, in the order of their numbers.
    Parts { upload_id: UploadId, count: u32 },
}

/// An upload in parts that is not complete yet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Upload {
    pub id: UploadId,
    pub key: ObjectKey,
    pub checksum_algorithm: ChecksumAlgorithm,
    pub checksum_kind: ChecksumKind,
    pub description: Description,
    pub initiated_at_ms: i64,
}

/// A part of an upload, or of the object that it became.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Part {
    pub number: u32,
    pub blob_id: BlobId,
    pub size: u64,
    /// Without quotation marks.
    pub etag: String,
    pub checksum: Checksum,
    pub modified_at_ms: i64,
}

/// What the maker of an object says of it; Portico keeps it and gives it back.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Description {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_control: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_disposition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at_ms: Option<i64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// The checksum that S3 keeps of an object or part, beside its `ETag`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Checksum {
    pub algorithm: ChecksumAlgorithm,
    pub kind: ChecksumKind,
    /// Base64; of a composite one, with a hyphen and the number of parts.
    pub value: String,
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ChecksumAlgorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
}

impl ChecksumAlgorithm {
    pub const ALL: [Self; 5] =
        [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// As S3 spells it.
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

/// Whether a checksum is one of all the bytes, or one of the checksums of the parts.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ChecksumKind {
    Composite,
    FullObject,
}

impl ChecksumKind {
    /// As S3 spells it.
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

/// The name of an object in its bucket: opaque text, never a path of anything.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ObjectKey(String);

impl ObjectKey {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ObjectKey {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() || text.len() > KEY_BYTES_MAX {
            Err("be 1 to 1,024 bytes long")
        } else if text.chars().all(is_listable) {
            Ok(Self(text.to_owned()))
        } else {
            Err("consist of characters that XML 1.0 can carry")
        }
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a listing can give the character back as it is.
// XML 1.0 §2.2 (Char) and §2.11: a reader turns a carriage return into a line feed. S3 takes such
// keys and writes listings that no reader understands; we refuse them.
#[must_use]
pub fn is_listable(character: char) -> bool {
    match character {
        '\t' | '\n' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        other => other >= ' ',
    }
}

/// Declares an id of 32 random hexadecimal digits.
macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(String);

        impl $name {
            /// A fresh identifier.
            #[must_use]
            pub fn random(random: &dyn Random) -> Self {
                Self(random_text(random, HEX, 32))
            }

            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
                (text.len() == 32 && text.bytes().all(hex))
                    .then(|| Self(text.to_owned()))
                    .ok_or("be 32 lower-case hexadecimal digits")
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

hex_id! {
    /// The name of a file with the bytes of an object or part. Nothing that a client says is in it.
    BlobId
}

hex_id! {
    /// An upload in parts.
    UploadId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_opaque_text() {
        for key in ["../../etc/passwd", "a//b", ".", "%2e%2e", "/", "ä \t\n𝄞", "C:\\x"] {
            assert_eq!(key.parse::<ObjectKey>().map(|key| key.to_string()), Ok(key.to_owned()));
        }
        assert!("ä".repeat(512).parse::<ObjectKey>().is_ok());
    }

    #[test]
    fn a_key_that_is_too_long_or_cannot_be_listed_is_refused() {
        for key in ["", "a\0b", "a\rb", "\u{1b}", "\u{FFFF}", &"ä".repeat(513)] {
            assert!(key.parse::<ObjectKey>().is_err(), "{key:?}");
        }
    }

    #[test]
    fn a_file_name_is_nothing_but_digits() {
        assert!("0123456789abcdef0123456789abcdef".parse::<BlobId>().is_ok());
        for name in ["../456789abcdef0123456789abcdef01", "0123456789ABCDEF0123456789abcdef", ""] {
            assert!(name.parse::<BlobId>().is_err(), "{name}");
        }
    }
}
