//! S3 `CreateMultipartUpload`.

use std::sync::Arc;

use model::object::{ChecksumAlgorithm, ChecksumKind, Upload, UploadId};
use s3s::S3ErrorCode;
use s3s::dto::{self, CreateMultipartUploadInput, CreateMultipartUploadOutput};
use store::{bucket, multipart};

use crate::actions::{PUT_OBJECT, PUT_OBJECT_TAGGING};
use crate::call::S3Call;
use crate::checksum::{DEFAULT_ALGORITHM, default_kind, is_possible, unsupported};
use crate::description::take_description;
use crate::object_store::{ObjectStore, Trace, account, data_event};
use crate::refusal::Refusal;
use crate::{names, unsupported, wire};

/// Begins an upload in parts.
pub async fn create_multipart_upload(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    mut input: CreateMultipartUploadInput,
) -> Result<CreateMultipartUploadOutput, Refusal> {
    unsupported::refuse(call.headers())?;
    let (bucket, key) = (names::bucket(&input.bucket)?, names::key(&input.key)?);
    let description = take_description!(call, input);
    let said = input.checksum_algorithm.as_ref().map(dto::ChecksumAlgorithm::as_str);
    let (algorithm, kind) =
        checksum(said, input.checksum_type.as_ref().map(dto::ChecksumType::as_str))?;
    let mut upload = Upload {
        id: UploadId::random(&*store.portico.random),
        key,
        checksum_algorithm: algorithm,
        checksum_kind: kind,
        description,
        initiated_at_ms: 0,
    };
    let told = (upload.id.to_string(), upload.key.to_string());
    let job = move |ctx: &kernel::Ctx<'_>| {
        let arn = names::object_arn(&bucket, &upload.key);
        let permit = ctx.authorize(PUT_OBJECT, &arn)?;
        if !upload.description.tags.is_empty() {
            drop(ctx.authorize(PUT_OBJECT_TAGGING, &arn)?);
        }
        names::check_owner(ctx, input.expected_bucket_owner.as_deref())?;
        let mut tx = ctx.begin(permit)?;
        bucket::require(&mut tx, account(ctx)?, &bucket)?;
        upload.initiated_at_ms = tx.now_ms();
        multipart::insert(&mut tx, account(ctx)?, &bucket, &upload)?;
        let event = data_event(ctx)
            .asked("bucketName", &bucket)
            .asked("key", &upload.key)
            .answered("uploadId", &upload.id);
        Ok(tx.commit(&event)?)
    };
    store.run(call, PUT_OBJECT, Trace::Written, job).await?;
    let (upload_id, key) = told;
    Ok(CreateMultipartUploadOutput {
        bucket: Some(input.bucket),
        key: Some(key),
        upload_id: Some(upload_id),
        checksum_algorithm: Some(wire::checksum_algorithm(algorithm)),
        checksum_type: Some(wire::checksum_type(kind)),
        ..CreateMultipartUploadOutput::default()
    })
}

/// The checksum that the object will have, and that each of its parts has.
fn checksum(
    algorithm: Option<&str>,
    kind: Option<&str>,
) -> Result<(ChecksumAlgorithm, ChecksumKind), Refusal> {
    if kind.is_some() && algorithm.is_none() {
        let message = "x-amz-checksum-type needs the header x-amz-checksum-algorithm too.";
        return Err(Refusal::code(S3ErrorCode::InvalidRequest, message));
    }
    let algorithm = algorithm
        .map_or(Ok(DEFAULT_ALGORITHM), |name| name.parse().map_err(|_: &str| unsupported()))?;
    let kind = kind.map_or(Ok(default_kind(algorithm)), |name| {
        let invalid = |must| Refusal::invalid(format!("x-amz-checksum-type must {must}."));
        name.parse().map_err(invalid)
    })?;
    if is_possible(algorithm, kind) {
        return Ok((algorithm, kind));
    }
    Err(Refusal::code(
        S3ErrorCode::InvalidRequest,
        format!(
            "The {} checksum type cannot be used with the {} checksum algorithm.",
            kind.as_str(),
            algorithm.as_str()
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_algorithm_has_the_kinds_that_s3_gives_it() {
        let kinds = |algorithm, kind| checksum(algorithm, kind).map_err(Refusal::code_text);
        assert_eq!(kinds(None, None), Ok((ChecksumAlgorithm::Crc64Nvme, ChecksumKind::FullObject)));
        assert_eq!(
            kinds(Some("CRC32"), None),
            Ok((ChecksumAlgorithm::Crc32, ChecksumKind::Composite))
        );
        assert_eq!(
            kinds(Some("CRC32"), Some("FULL_OBJECT")),
            Ok((ChecksumAlgorithm::Crc32, ChecksumKind::FullObject))
        );
        assert_eq!(kinds(Some("SHA256"), Some("FULL_OBJECT")), Err("InvalidRequest".to_owned()));
        assert_eq!(kinds(Some("CRC64NVME"), Some("COMPOSITE")), Err("InvalidRequest".to_owned()));
        assert_eq!(kinds(Some("MD5"), None), Err("InvalidRequest".to_owned()));
        assert_eq!(kinds(None, Some("COMPOSITE")), Err("InvalidRequest".to_owned()));
    }
}
