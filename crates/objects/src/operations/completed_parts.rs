//! The parts that a client names to complete an upload.
//!
//! S3 API Reference, `CompleteMultipartUpload`; S3 User Guide, "Checking object integrity".

use model::object::{ChecksumAlgorithm, ChecksumKind, Part, Upload};
use s3s::S3ErrorCode;
use s3s::dto::{CompletedMultipartUpload, CompletedPart};

use crate::refusal::Refusal;

/// AWS: maximum number of parts.
pub const PARTS_MAX: usize = 10_000;

/// The parts of the document, in ascending order.
pub fn parts_of(document: Option<CompletedMultipartUpload>) -> Result<Vec<CompletedPart>, Refusal> {
    let parts = document.and_then(|document| document.parts).unwrap_or_default();
    check_order(&parts)?;
    Ok(parts)
}

fn check_order(parts: &[CompletedPart]) -> Result<(), Refusal> {
    if parts.is_empty() || parts.len() > PARTS_MAX {
        let message = "You must specify 1 to 10,000 parts.";
        return Err(Refusal::code(S3ErrorCode::MalformedXML, message));
    }
    let numbers = || parts.iter().map(|part| part.part_number);
    if numbers().any(|number| number.is_none()) {
        let message = "Each part must have a number.";
        return Err(Refusal::code(S3ErrorCode::MalformedXML, message));
    }
    if numbers().zip(numbers().skip(1)).all(|(number, next)| number < next) {
        return Ok(());
    }
    let message = "The list of parts was not in ascending order.";
    Err(Refusal::code(S3ErrorCode::InvalidPartOrder, message))
}

/// Refuses parts without the checksums that make up that of the object.
// AWS: both codes, in this order. A checksum of the whole needs none of them, and SDKs send some.
pub fn check_checksums(claimed: &[CompletedPart], upload: &Upload) -> Result<(), Refusal> {
    let (own, kind) = (upload.checksum_algorithm, upload.checksum_kind);
    if kind != ChecksumKind::Composite {
        return Ok(());
    }
    for claim in claimed {
        let mut others = ChecksumAlgorithm::ALL.into_iter().filter(|algorithm| *algorithm != own);
        let number = claim.part_number.unwrap_or_default();
        if let Some(other) = others.find(|algorithm| checksum_of(claim, *algorithm).is_some()) {
            let message = format!(
                "Part {number} has a checksum of {}, not of {}.",
                other.as_str(),
                own.as_str()
            );
            return Err(Refusal::code(S3ErrorCode::BadDigest, message));
        }
        if checksum_of(claim, own).is_none() {
            let message = format!(
                "The upload was begun with {}, so the request must have the checksum of each part. That of part \
                 {number} is missing.",
                own.as_str()
            );
            return Err(Refusal::code(S3ErrorCode::InvalidRequest, message));
        }
    }
    Ok(())
}

/// The stored parts that the client chose, and the others.
pub fn choose(
    claimed: &[CompletedPart],
    stored: Vec<Part>,
    upload: &Upload,
) -> Result<(Vec<Part>, Vec<Part>), Refusal> {
    let (mut chosen, mut left_out) = (Vec::with_capacity(claimed.len()), Vec::new());
    let mut claims = claimed.iter().peekable();
    for part in stored {
        match claims.next_if(|claim| claim.part_number.map(i64::from) == Some(part.number.into())) {
            Some(claim) if is_claimed(claim, &part, upload.checksum_algorithm) => chosen.push(part),
            Some(claim) => return Err(invalid_part(claim)),
            None => left_out.push(part),
        }
    }
    // Both lists are in order of part number, so a claim that is left was never uploaded.
    match claims.next() {
        Some(claim) => Err(invalid_part(claim)),
        None => Ok((chosen, left_out)),
    }
}

fn is_claimed(claim: &CompletedPart, part: &Part, algorithm: ChecksumAlgorithm) -> bool {
    claim.e_tag.as_ref().is_some_and(|etag| etag.value() == part.etag)
        && checksum_of(claim, algorithm).is_none_or(|said| *said == part.checksum.value)
}

fn checksum_of(claim: &CompletedPart, algorithm: ChecksumAlgorithm) -> Option<&String> {
    let said = match algorithm {
        ChecksumAlgorithm::Crc32 => &claim.checksum_crc32,
        ChecksumAlgorithm::Crc32c => &claim.checksum_crc32c,
        ChecksumAlgorithm::Crc64Nvme => &claim.checksum_crc64nvme,
        ChecksumAlgorithm::Sha1 => &claim.checksum_sha1,
        ChecksumAlgorithm::Sha256 => &claim.checksum_sha256,
    };
    said.as_ref()
}

fn invalid_part(claim: &CompletedPart) -> Refusal {
    let number = claim.part_number.unwrap_or_default();
    Refusal::code(
        S3ErrorCode::InvalidPart,
        format!("Part {number} was not uploaded, or its ETag or checksum is another."),
    )
}
