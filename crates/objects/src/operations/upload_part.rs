//! S3 `UploadPart`.

use std::sync::Arc;

use kernel::Ctx;
use model::bucket::BucketName;
use model::object::{ObjectKey, Part, Upload, UploadId};
use s3s::dto::{UploadPartInput, UploadPartOutput};
use store::multipart;

use crate::actions::PUT_OBJECT;
use crate::call::S3Call;
use crate::checksum::to_hex;
use crate::intake::{self, Received};
use crate::object_store::{ObjectStore, Trace, account, data_event};
use crate::operations::write::commit;
use crate::refusal::Refusal;
use crate::{names, unsupported, wire};

const PART_NUMBER_MAX: u32 = 10_000;

/// The place of a part in an upload under way.
#[derive(Clone, Debug)]
pub struct Place {
    pub bucket: BucketName,
    pub key: ObjectKey,
    upload_id: Result<UploadId, Refusal>,
    pub number: u32,
}

impl Place {
    pub fn new(bucket: &str, key: &str, upload_id: &str, number: i32) -> Result<Self, Refusal> {
        let number = u32::try_from(number).ok().filter(|n| (1..=PART_NUMBER_MAX).contains(n));
        Ok(Self {
            bucket: names::bucket(bucket)?,
            key: names::key(key)?,
            upload_id: names::upload_id(upload_id),
            number: number.ok_or_else(|| {
                Refusal::invalid("Part number must be an integer between 1 and 10000, inclusive.")
            })?,
        })
    }

    /// The id of the upload. AWS: the absence of the bucket is said before that of the upload.
    fn upload_id(&self) -> Result<&UploadId, Refusal> {
        self.upload_id.as_ref().map_err(Clone::clone)
    }

    #[must_use]
    pub fn arn(&self) -> String {
        names::object_arn(&self.bucket, &self.key)
    }

    /// The upload, for a caller who may add to it.
    pub fn require_upload(&self, ctx: &Ctx<'_>, owner: Option<&str>) -> Result<Upload, Refusal> {
        let permit = ctx.authorize(PUT_OBJECT, &self.arn())?;
        names::check_owner(ctx, owner)?;
        let (mut read, account) = (ctx.read(&permit)?, account(ctx)?);
        store::bucket::require(&mut read, account, &self.bucket)?;
        Ok(multipart::require(&mut read, account, &self.bucket, &self.key, self.upload_id()?)?)
    }
}

/// Stores the body as a part. It replaces the part with its number.
pub async fn upload_part(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: UploadPartInput,
) -> Result<UploadPartOutput, Refusal> {
    unsupported::refuse(call.headers())?;
    let place = Place::new(&input.bucket, &input.key, &input.upload_id, input.part_number)?;
    let finder = place.clone();
    let early =
        move |ctx: &Ctx<'_>| finder.require_upload(ctx, input.expected_bucket_owner.as_deref());
    let upload = store.run(call, PUT_OBJECT, Trace::Later, early).await?;
    let algorithm = Some(upload.checksum_algorithm);
    let received = intake::receive(&store.disk, &store.blobs, call, algorithm).await;
    let received = store.trace_refusal(call, PUT_OBJECT, &place.arn(), received).await?;
    let (etag, checksum) = (to_hex(&received.digests.md5), received.digests.claimed.clone());
    keep_part(store, call, place, received).await?;
    let checksum = wire::checksum(&checksum);
    Ok(UploadPartOutput {
        checksum_crc32: checksum.checksum_crc32,
        checksum_crc32c: checksum.checksum_crc32c,
        checksum_crc64nvme: checksum.checksum_crc64nvme,
        checksum_sha1: checksum.checksum_sha1,
        checksum_sha256: checksum.checksum_sha256,
        e_tag: Some(wire::etag(&etag)),
        ..UploadPartOutput::default()
    })
}

/// Commits the row of a part's file. Returns the time of the part once that is on disk.
pub async fn keep_part(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    place: Place,
    mut received: Received,
) -> Result<i64, Refusal> {
    let mut part = Part {
        number: place.number,
        blob_id: received.blob.id().clone(),
        size: received.digests.size,
        etag: to_hex(&received.digests.md5),
        checksum: received.digests.checksum,
        modified_at_ms: 0,
    };
    let job = move |ctx: &Ctx<'_>| {
        let (Place { bucket, key, .. }, account) = (&place, account(ctx)?);
        let upload_id = place.upload_id()?;
        let mut tx = ctx.begin(ctx.authorize(PUT_OBJECT, &place.arn())?)?;
        // The upload may have ended while the part arrived.
        multipart::require(&mut tx, account, bucket, key, upload_id)?;
        part.modified_at_ms = tx.now_ms();
        multipart::put_part(&mut tx, account, bucket, upload_id, &part)?;
        let event = data_event(ctx)
            .asked("bucketName", bucket)
            .asked("key", key)
            .asked("uploadId", upload_id)
            .asked("partNumber", part.number)
            .answered("eTag", &part.etag);
        commit(tx, &event, &mut received.blob)?;
        Ok(part.modified_at_ms)
    };
    store.run(call, PUT_OBJECT, Trace::Written, job).await
}
