//! S3 `CompleteMultipartUpload`.

use std::sync::Arc;

use kernel::Ctx;
use model::bucket::BucketName;
use model::object::{
    Checksum, ChecksumAlgorithm, Content, Object, ObjectKey, Part, Upload, UploadId,
};
use model::{Entity, Fault, ObjectsEntity};
use s3s::S3ErrorCode;
use s3s::dto::{CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedPart};
use store::{bucket, multipart, object};

use crate::actions::PUT_OBJECT;
use crate::call::S3Call;
use crate::checksum::{check_checksum, etag_of_parts, of_parts};
use crate::conditions::Conditions;
use crate::object_store::{ObjectStore, Trace, account, data_event};
use crate::operations::write::{Garbage, check};
use crate::refusal::Refusal;
use crate::{names, unsupported, wire};

const PARTS_MAX: usize = 10_000;
/// Minimum length of a part.
// AWS: the last part may be shorter.
const PART_BYTES_MIN: u64 = 5 * 1024 * 1024;
/// AWS: maximum length of an object, 5 TiB.
const OBJECT_BYTES_MAX: u64 = 5 * 1024 * 1024 * 1024 * 1024;

/// The client's claim about the upload.
struct Claim {
    bucket: BucketName,
    key: ObjectKey,
    upload_id: Result<UploadId, Refusal>,
    parts: Vec<CompletedPart>,
    conditions: Conditions,
    checksum: Option<(ChecksumAlgorithm, String)>,
    checksum_kind: Option<String>,
    size: Option<i64>,
}

/// Makes an object of an upload's parts, whose files stay in place.
pub async fn complete_multipart_upload(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: CompleteMultipartUploadInput,
) -> Result<CompleteMultipartUploadOutput, Refusal> {
    unsupported::refuse(call.headers())?;
    let checksums = [
        (ChecksumAlgorithm::Crc32, input.checksum_crc32),
        (ChecksumAlgorithm::Crc32c, input.checksum_crc32c),
        (ChecksumAlgorithm::Crc64Nvme, input.checksum_crc64nvme),
        (ChecksumAlgorithm::Sha1, input.checksum_sha1),
        (ChecksumAlgorithm::Sha256, input.checksum_sha256),
    ];
    let said = checksums.into_iter().find_map(|(algorithm, value)| Some((algorithm, value?)));
    let claim = Claim {
        bucket: names::bucket(&input.bucket)?,
        key: names::key(&input.key)?,
        upload_id: names::upload_id(&input.upload_id),
        parts: input.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default(),
        conditions: Conditions::of_write(call.headers())?,
        checksum: said,
        checksum_kind: input.checksum_type.map(|kind| kind.as_str().to_owned()),
        size: input.mpu_object_size,
    };
    check_order(&claim.parts)?;
    let owner = input.expected_bucket_owner;
    let job = move |ctx: &Ctx<'_>| complete(ctx, &claim, owner.as_deref());
    let (object, garbage) = store.run(call, PUT_OBJECT, Trace::Written, job).await?;
    store.discard(garbage);
    let checksum = wire::checksum(&object.checksum);
    Ok(CompleteMultipartUploadOutput {
        location: Some(format!(
            "{}/{}/{}",
            store.portico.settings.public_url,
            input.bucket,
            wire::encoded_key(&input.key)
        )),
        bucket: Some(input.bucket),
        key: Some(input.key),
        e_tag: Some(wire::etag(&object.etag)),
        checksum_crc32: checksum.checksum_crc32,
        checksum_crc32c: checksum.checksum_crc32c,
        checksum_crc64nvme: checksum.checksum_crc64nvme,
        checksum_sha1: checksum.checksum_sha1,
        checksum_sha256: checksum.checksum_sha256,
        checksum_type: checksum.checksum_type,
        ..CompleteMultipartUploadOutput::default()
    })
}

fn complete(
    ctx: &Ctx<'_>,
    claim: &Claim,
    owner: Option<&str>,
) -> Result<(Object, Vec<Garbage>), Refusal> {
    let Claim { bucket, key, .. } = claim;
    let permit = ctx.authorize(PUT_OBJECT, &names::object_arn(bucket, key))?;
    names::check_owner(ctx, owner)?;
    let (mut tx, account) = (ctx.begin(permit)?, account(ctx)?);
    bucket::require(&mut tx, account, bucket)?;
    let upload_id = claim.upload_id.as_ref().map_err(Clone::clone)?;
    let before = object::find(&mut tx, account, bucket, key)?;
    let upload = match multipart::require(&mut tx, account, bucket, key, upload_id) {
        Ok(upload) => upload,
        // AWS: a client that did not receive the answer may repeat the request.
        Err(Fault::NotFound {
            entity: Entity::Objects(ObjectsEntity::MultipartUpload), ..
        }) if before.as_ref().is_some_and(|before| is_made_of(before, upload_id)) => {
            return before.map(|before| (before, Vec::new())).ok_or_else(|| unknown(upload_id));
        }
        Err(fault) => return Err(fault.into()),
    };
    check(&claim.conditions, before.as_ref(), key)?;
    let limit = i64::try_from(PARTS_MAX)
        .map_err(|why| Fault::broken_at("the number of parts of an upload", why))?;
    let stored = multipart::list_parts(&mut tx, account, bucket, upload_id, 0, limit)?;
    let (chosen, left_out) = choose(&claim.parts, stored, &upload)?;
    let (size, checksum) = judge(claim, &upload, &chosen)?;

    let mut garbage = Vec::new();
    for part in &left_out {
        let file = multipart::delete_part(&mut tx, account, bucket, upload_id, part.number)?;
        garbage.extend(file.map(Garbage::of_blob));
    }
    multipart::delete(&mut tx, account, bucket, key, upload_id)?;
    let count = u32::try_from(chosen.len())
        .map_err(|why| Fault::broken_at("the number of parts of an object", why))?;
    let illegible = || Fault::broken("the ETag of a part is not legible");
    let object = Object {
        key: key.clone(),
        content: Content::Parts { upload_id: upload_id.clone(), count },
        size,
        etag: etag_of_parts(&chosen).ok_or_else(illegible)?,
        checksum,
        description: upload.description,
        modified_at_ms: tx.now_ms(),
    };
    let files = object::put(&mut tx, account, bucket, &object, before.as_ref())?;
    garbage.extend(before.map(|before| Garbage { content: before.content, files }));
    let event = data_event(ctx)
        .asked("bucketName", bucket)
        .asked("key", key)
        .asked("uploadId", upload_id)
        .answered("eTag", &object.etag);
    tx.commit(&event)?;
    Ok((object, garbage))
}

fn is_made_of(object: &Object, wanted: &UploadId) -> bool {
    matches!(&object.content, Content::Parts { upload_id, .. } if upload_id == wanted)
}

fn unknown(upload_id: &UploadId) -> Refusal {
    Fault::not_found(ObjectsEntity::MultipartUpload, upload_id).into()
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

/// The stored parts that the client chose, and the others.
fn choose(
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
    let checksum = match algorithm {
        ChecksumAlgorithm::Crc32 => &claim.checksum_crc32,
        ChecksumAlgorithm::Crc32c => &claim.checksum_crc32c,
        ChecksumAlgorithm::Crc64Nvme => &claim.checksum_crc64nvme,
        ChecksumAlgorithm::Sha1 => &claim.checksum_sha1,
        ChecksumAlgorithm::Sha256 => &claim.checksum_sha256,
    };
    claim.e_tag.as_ref().is_some_and(|etag| etag.value() == part.etag)
        && checksum.as_ref().is_none_or(|said| *said == part.checksum.value)
}

fn invalid_part(claim: &CompletedPart) -> Refusal {
    let number = claim.part_number.unwrap_or_default();
    Refusal::code(
        S3ErrorCode::InvalidPart,
        format!("Part {number} was not uploaded, or its ETag or checksum is another."),
    )
}

/// The size and the checksum of the whole, if they are valid and match the client's claim.
fn judge(claim: &Claim, upload: &Upload, parts: &[Part]) -> Result<(u64, Checksum), Refusal> {
    let all_but_last = parts.split_last().map_or(&[][..], |(_, before)| before);
    if let Some(small) = all_but_last.iter().find(|part| part.size < PART_BYTES_MIN) {
        return Err(Refusal::code(
            S3ErrorCode::EntityTooSmall,
            format!(
                "Part {} has {} bytes; every part but the last must have at least 5 MiB.",
                small.number, small.size
            ),
        ));
    }
    let size: u64 = parts.iter().map(|part| part.size).sum();
    if size > OBJECT_BYTES_MAX {
        let message = "Your proposed upload exceeds the maximum allowed object size.";
        return Err(Refusal::code(S3ErrorCode::EntityTooLarge, message));
    }
    if claim.size.is_some_and(|said| u64::try_from(said) != Ok(size)) {
        let message = format!("x-amz-mp-object-size is not the sum of the parts, {size}.");
        return Err(Refusal::code(S3ErrorCode::InvalidRequest, message));
    }
    let kind = upload.checksum_kind;
    if claim.checksum_kind.as_deref().is_some_and(|said| said != kind.as_str()) {
        let message = format!("The upload was begun with the checksum type {}.", kind.as_str());
        // AWS: another checksum type is a wrong checksum.
        return Err(Refusal::code(S3ErrorCode::BadDigest, message));
    }
    let illegible = || Fault::broken("the checksum of a part is not legible");
    let checksum = of_parts(upload.checksum_algorithm, kind, parts).ok_or_else(illegible)?;
    match &claim.checksum {
        None => {}
        Some((algorithm, said)) if *algorithm == checksum.algorithm => {
            check_checksum(said, &checksum)?;
        }
        Some(_) => {
            let message = "The checksum must be of the algorithm that the upload was begun with.";
            return Err(Refusal::code(S3ErrorCode::InvalidRequest, message));
        }
    }
    Ok((size, checksum))
}
