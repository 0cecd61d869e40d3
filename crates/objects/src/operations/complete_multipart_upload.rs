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
use crate::operations::completed_parts::{PARTS_MAX, check_checksums, choose, parts_of};
use crate::operations::write::check;
use crate::refusal::Refusal;
use crate::{names, unsupported, wire};

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
        parts: parts_of(input.multipart_upload)?,
        conditions: Conditions::of_write(call.headers())?,
        checksum: said,
        checksum_kind: input.checksum_type.map(|kind| kind.as_str().to_owned()),
        size: input.mpu_object_size,
    };
    let owner = input.expected_bucket_owner;
    let job = move |ctx: &Ctx<'_>| complete(ctx, &claim, owner.as_deref());
    let object = store.run(call, PUT_OBJECT, Trace::Written, job).await?;
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

fn complete(ctx: &Ctx<'_>, claim: &Claim, owner: Option<&str>) -> Result<Object, Refusal> {
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
            return before.ok_or_else(|| unknown(upload_id));
        }
        Err(fault) => return Err(fault.into()),
    };
    check(&claim.conditions, before.as_ref(), key)?;
    let limit = i64::try_from(PARTS_MAX)
        .map_err(|why| Fault::broken_at("the number of parts of an upload", why))?;
    let stored = multipart::list_parts(&mut tx, account, bucket, upload_id, 0, limit)?;
    check_checksums(&claim.parts, &upload)?;
    let (chosen, left_out) = choose(&claim.parts, stored, &upload)?;
    let (size, checksum) = judge(claim, &upload, &chosen)?;

    for part in &left_out {
        multipart::delete_part(&mut tx, account, bucket, upload_id, part.number)?;
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
    object::put(&mut tx, account, bucket, &object, before.as_ref())?;
    let event = data_event(ctx)
        .asked("bucketName", bucket)
        .asked("key", key)
        .asked("uploadId", upload_id)
        .answered("eTag", &object.etag);
    tx.commit(&event)?;
    Ok(object)
}

fn is_made_of(object: &Object, wanted: &UploadId) -> bool {
    matches!(&object.content, Content::Parts { upload_id, .. } if upload_id == wanted)
}

fn unknown(upload_id: &UploadId) -> Refusal {
    Fault::not_found(ObjectsEntity::MultipartUpload, upload_id).into()
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
        return Err(Refusal::code(S3ErrorCode::InvalidRequest, message));
    }
    let illegible = || Fault::broken("the checksum of a part is not legible");
    let checksum = of_parts(upload.checksum_algorithm, kind, parts).ok_or_else(illegible)?;
    match &claim.checksum {
        None => {}
        Some((algorithm, said)) if *algorithm == checksum.algorithm => {
            check_checksum(said, &checksum)?;
        }
        Some(_) => {
            // AWS: a checksum of another algorithm is a wrong one.
            let message = "The checksum must be of the algorithm that the upload was begun with.";
            return Err(Refusal::code(S3ErrorCode::BadDigest, message));
        }
    }
    Ok((size, checksum))
}
