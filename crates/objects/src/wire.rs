//! Conversions between Portico's values and those of `s3s`.

use std::time::{Duration, UNIX_EPOCH};

use model::ids::AccountId;
use model::object::{Checksum, ChecksumAlgorithm, ChecksumKind};
use protocol::percent;
use s3s::dto::{self, ETag, Timestamp, TimestampFormat};

/// The timestamp of a response.
#[must_use]
pub fn timestamp(ms: i64) -> Timestamp {
    let since = Duration::from_millis(ms.unsigned_abs());
    let moment = if ms < 0 { UNIX_EPOCH.checked_sub(since) } else { UNIX_EPOCH.checked_add(since) };
    moment.unwrap_or(UNIX_EPOCH).into()
}

/// An HTTP date. RFC 9110 §5.6.7.
#[must_use]
pub fn http_date(ms: i64) -> String {
    let mut text = Vec::new();
    // Writing to memory cannot fail, and every time in the database is a valid date.
    timestamp(ms).format(TimestampFormat::HttpDate, &mut text).ok();
    String::from_utf8(text).unwrap_or_default()
}

#[must_use]
pub fn etag(text: &str) -> ETag {
    ETag::Strong(text.to_owned())
}

/// A checksum in the five fields that S3 has for one.
#[must_use]
pub fn checksum(checksum: &Checksum) -> dto::Checksum {
    let mut fields = dto::Checksum {
        checksum_type: Some(checksum_type(checksum.kind)),
        ..dto::Checksum::default()
    };
    let field = match checksum.algorithm {
        ChecksumAlgorithm::Crc32 => &mut fields.checksum_crc32,
        ChecksumAlgorithm::Crc32c => &mut fields.checksum_crc32c,
        ChecksumAlgorithm::Crc64Nvme => &mut fields.checksum_crc64nvme,
        ChecksumAlgorithm::Sha1 => &mut fields.checksum_sha1,
        ChecksumAlgorithm::Sha256 => &mut fields.checksum_sha256,
    };
    *field = Some(checksum.value.clone());
    fields
}

#[must_use]
pub fn checksum_type(kind: ChecksumKind) -> dto::ChecksumType {
    dto::ChecksumType::from_static(kind.as_str())
}

#[must_use]
pub fn checksum_algorithm(algorithm: ChecksumAlgorithm) -> dto::ChecksumAlgorithm {
    dto::ChecksumAlgorithm::from_static(algorithm.as_str())
}

/// A number in S3's type: all its numbers are signed.
#[must_use]
pub fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Milliseconds since 1970 of a date in a request, which has whole seconds.
#[must_use]
pub fn to_ms(timestamp: &Timestamp) -> i64 {
    let mut text = Vec::new();
    timestamp.format(TimestampFormat::EpochSeconds, &mut text).ok();
    let seconds = text.split(|byte| *byte == b'.').next().unwrap_or_default();
    let seconds = std::str::from_utf8(seconds).ok().and_then(|seconds| seconds.parse::<i64>().ok());
    seconds.unwrap_or_default().saturating_mul(1000)
}

/// A key in a URL: all characters but unreserved ones and slashes are escaped.
#[must_use]
pub fn encoded_key(key: &str) -> String {
    let mut encoded = String::with_capacity(key.len());
    percent::encode_into(&mut encoded, key, b"/");
    encoded
}

/// The account as an owner.
// AWS: a canonical user id is an obscured account id; ours is the account id itself.
#[must_use]
pub fn owner(account_id: &AccountId) -> dto::Owner {
    dto::Owner { display_name: Some(account_id.to_string()), id: Some(account_id.to_string()) }
}

/// The account as the initiator of an upload.
#[must_use]
pub fn initiator(account_id: &AccountId) -> dto::Initiator {
    dto::Initiator { display_name: Some(account_id.to_string()), id: Some(account_id.to_string()) }
}
