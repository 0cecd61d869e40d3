//! S3 `PutObject`.

use std::sync::Arc;

use model::object::{Content, Object};
use s3s::dto::{PutObjectInput, PutObjectOutput};

use crate::actions::{PUT_OBJECT, PUT_OBJECT_TAGGING};
use crate::call::S3Call;
use crate::checksum::to_hex;
use crate::conditions::Conditions;
use crate::description::take_description;
use crate::object_store::{ObjectStore, Trace, data_event};
use crate::operations::write::{check_early, commit, put};
use crate::refusal::Refusal;
use crate::{intake, names, unsupported, wire};

/// Stores the body under the key. It replaces an existing object.
pub async fn put_object(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    mut input: PutObjectInput,
) -> Result<PutObjectOutput, Refusal> {
    unsupported::refuse(call.headers())?;
    let (bucket, key) = (names::bucket(&input.bucket)?, names::key(&input.key)?);
    let description = take_description!(call, input);
    let (owner, arn) = (input.expected_bucket_owner, names::object_arn(&bucket, &key));
    let conditions = Arc::new(Conditions::of_write(call.headers())?);

    let early = {
        let (bucket, key, arn) = (bucket.clone(), key.clone(), arn.clone());
        let (conditions, tagged) = (Arc::clone(&conditions), !description.tags.is_empty());
        move |ctx: &kernel::Ctx<'_>| {
            let permit = ctx.authorize(PUT_OBJECT, &arn)?;
            if tagged {
                drop(ctx.authorize(PUT_OBJECT_TAGGING, &arn)?);
            }
            names::check_owner(ctx, owner.as_deref())?;
            check_early(ctx, &permit, &bucket, &key, &conditions)
        }
    };
    store.run(call, PUT_OBJECT, Trace::Later, early).await?;
    let received = intake::receive(&store.disk, &store.blobs, call, None).await;
    let mut received = store.trace_refusal(call, PUT_OBJECT, &arn, received).await?;

    let etag = to_hex(&received.digests.md5);
    let mut object = Object {
        key,
        content: Content::Blob(received.blob.id().clone()),
        size: received.digests.size,
        etag,
        checksum: received.digests.checksum.clone(),
        description,
        modified_at_ms: 0,
    };
    let (output_etag, checksum) = (wire::etag(&object.etag), wire::checksum(&object.checksum));
    store
        .run(call, PUT_OBJECT, Trace::Written, move |ctx| {
            let mut tx = ctx.begin(ctx.authorize(PUT_OBJECT, &arn)?)?;
            object.modified_at_ms = tx.now_ms();
            put(ctx, &mut tx, &bucket, &object, &conditions)?;
            let event = data_event(ctx)
                .asked("bucketName", &bucket)
                .asked("key", &object.key)
                .answered("bytesTransferredIn", object.size)
                .answered("eTag", &object.etag);
            commit(tx, &event, &mut received.blob)?;
            Ok(())
        })
        .await?;
    Ok(PutObjectOutput {
        checksum_crc32: checksum.checksum_crc32,
        checksum_crc32c: checksum.checksum_crc32c,
        checksum_crc64nvme: checksum.checksum_crc64nvme,
        checksum_sha1: checksum.checksum_sha1,
        checksum_sha256: checksum.checksum_sha256,
        checksum_type: checksum.checksum_type,
        e_tag: Some(output_etag),
        ..PutObjectOutput::default()
    })
}
