//! S3 `CopyObject`.

use std::sync::Arc;

use model::object::{ChecksumAlgorithm, Content, Description, Object};
use s3s::S3ErrorCode;
use s3s::dto::{
    CopyObjectInput, CopyObjectOutput, CopyObjectResult, MetadataDirective, TaggingDirective,
};

use crate::actions::{GET_OBJECT_TAGGING, PUT_OBJECT, PUT_OBJECT_TAGGING};
use crate::blobs::{Blobs, NewBlob};
use crate::call::S3Call;
use crate::checksum::{to_hex, unsupported};
use crate::conditions::Conditions;
use crate::description::take_description;
use crate::object_store::{ObjectStore, Trace, data_event};
use crate::operations::copy_source::{self, SourceFound, SourceWanted};
use crate::operations::read::Payload;
use crate::operations::write::{check_early, commit, put};
use crate::refusal::Refusal;
use crate::{names, unsupported, wire};

/// Copies an object without sending its bytes to the client.
///
/// If the bytes do not change, the copy is a second name for the same file.
pub async fn copy_object(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    mut input: CopyObjectInput,
) -> Result<CopyObjectOutput, Refusal> {
    unsupported::refuse(call.headers())?;
    let (bucket, key) = (names::bucket(&input.bucket)?, names::key(&input.key)?);
    let change = Change::of(call, &mut input)?;
    let wanted = source(call, &mut input)?;
    let conditions = Arc::new(Conditions::of_write(call.headers())?);
    if (&bucket, &key) == (&wanted.bucket, &wanted.key) && !change.is_one() {
        let message = "This copy request is illegal because it is trying to copy an object to \
            itself without changing the object's metadata or checksum.";
        return Err(Refusal::code(S3ErrorCode::InvalidRequest, message));
    }
    let (arn, owner) = (names::object_arn(&bucket, &key), input.expected_bucket_owner.take());

    let opener = {
        let (store, bucket, key, arn) = (store.clone(), bucket.clone(), key.clone(), arn.clone());
        let conditions = Arc::clone(&conditions);
        let new_tags = change.replaces_tags.then_some(!change.said.tags.is_empty());
        move |ctx: &kernel::Ctx<'_>| {
            let permit = ctx.authorize(PUT_OBJECT, &arn)?;
            names::check_owner(ctx, owner.as_deref())?;
            check_early(ctx, &permit, &bucket, &key, &conditions)?;
            let source = copy_source::open(&store, ctx, &wanted)?;
            // AWS: tags that are copied are read at the source and written here. Each takes a permission.
            let is_tagged = new_tags.unwrap_or(!source.object.description.tags.is_empty());
            if is_tagged && new_tags.is_none() {
                let source_arn = names::object_arn(&wanted.bucket, &wanted.key);
                drop(ctx.authorize(GET_OBJECT_TAGGING, &source_arn)?);
            }
            if is_tagged {
                drop(ctx.authorize(PUT_OBJECT_TAGGING, &arn)?);
            }
            Ok(source)
        }
    };
    let SourceFound { object: source, payload } =
        store.run(call, PUT_OBJECT, Trace::Later, opener).await?;

    let (blobs, algorithm) = (Arc::clone(&store.blobs), change.algorithm);
    let copied = store.disk.run(move || duplicate(&blobs, source, &payload, algorithm));
    let (source, mut blob) = store.trace_refusal(call, PUT_OBJECT, &arn, copied.await?).await?;

    let description = change.apply(&source.description);
    let mut object = Object {
        key,
        content: Content::Blob(blob.id().clone()),
        description,
        modified_at_ms: 0,
        ..source
    };
    let (etag, checksum) = (wire::etag(&object.etag), wire::checksum(&object.checksum));
    let source_path = input.copy_source.format_to_string();
    let modified_at_ms = store
        .run(call, PUT_OBJECT, Trace::Written, move |ctx| {
            let mut tx = ctx.begin(ctx.authorize(PUT_OBJECT, &arn)?)?;
            object.modified_at_ms = tx.now_ms();
            put(ctx, &mut tx, &bucket, &object, &conditions)?;
            let event = data_event(ctx)
                .asked("bucketName", &bucket)
                .asked("key", &object.key)
                .asked("x-amz-copy-source", &source_path)
                .answered("eTag", &object.etag);
            commit(tx, &event, &mut blob)?;
            Ok(object.modified_at_ms)
        })
        .await?;
    let result = CopyObjectResult {
        checksum_crc32: checksum.checksum_crc32,
        checksum_crc32c: checksum.checksum_crc32c,
        checksum_crc64nvme: checksum.checksum_crc64nvme,
        checksum_sha1: checksum.checksum_sha1,
        checksum_sha256: checksum.checksum_sha256,
        checksum_type: checksum.checksum_type,
        e_tag: Some(etag),
        last_modified: Some(wire::timestamp(modified_at_ms)),
    };
    Ok(CopyObjectOutput { copy_object_result: Some(result), ..CopyObjectOutput::default() })
}

/// The differences between the copy and its source.
struct Change {
    said: Description,
    replaces_metadata: bool,
    replaces_tags: bool,
    algorithm: Option<ChecksumAlgorithm>,
}

impl Change {
    fn of(call: &S3Call, input: &mut CopyObjectInput) -> Result<Self, Refusal> {
        let replaces = |directive: Option<&str>| match directive {
            None | Some("COPY") => Ok(false),
            Some("REPLACE") => Ok(true),
            Some(_) => Err(Refusal::invalid("A directive must be COPY or REPLACE.")),
        };
        let algorithm = input
            .checksum_algorithm
            .as_ref()
            .map(|name| name.as_str().parse().map_err(|_: &str| unsupported()));
        let metadata = input.metadata_directive.as_ref().map(MetadataDirective::as_str);
        let tags = input.tagging_directive.as_ref().map(TaggingDirective::as_str);
        Ok(Self {
            replaces_metadata: replaces(metadata)?,
            replaces_tags: replaces(tags)?,
            algorithm: algorithm.transpose()?,
            said: take_description!(call, input),
        })
    }

    fn is_one(&self) -> bool {
        self.replaces_metadata || self.replaces_tags || self.algorithm.is_some()
    }

    fn apply(&self, source: &Description) -> Description {
        let mut description = if self.replaces_metadata { &self.said } else { source }.clone();
        description.tags = if self.replaces_tags { &self.said } else { source }.tags.clone();
        description
    }
}

fn source(call: &S3Call, input: &mut CopyObjectInput) -> Result<SourceWanted, Refusal> {
    let (bucket, key) = names::copy_source(&input.copy_source)?;
    let conditions = Arc::new(Conditions::of_source(call.headers())?);
    let owner = input.expected_source_bucket_owner.take();
    Ok(SourceWanted { bucket, key, owner, conditions, range: None })
}

/// Copies the bytes, or makes a second name for their file where nothing about them changes.
fn duplicate(
    blobs: &Blobs,
    source: Object,
    payload: &Payload,
    algorithm: Option<ChecksumAlgorithm>,
) -> Result<(Object, NewBlob), Refusal> {
    let keeps_checksum = algorithm.is_none_or(|wanted| wanted == source.checksum.algorithm);
    if keeps_checksum && let Some(blob) = copy_source::link(blobs, &source)? {
        return Ok((source, blob));
    }
    let received =
        copy_source::copy(blobs, payload, algorithm.unwrap_or(source.checksum.algorithm))?;
    let (etag, checksum) = (to_hex(&received.digests.md5), received.digests.checksum);
    Ok((Object { etag, checksum, ..source }, received.blob))
}
