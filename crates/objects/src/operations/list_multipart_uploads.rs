//! S3 `ListMultipartUploads`.

use std::sync::Arc;

use kernel::Ctx;
use model::Fault;
use model::object::{Upload, UploadId};
use s3s::dto::{self, ListMultipartUploadsInput, ListMultipartUploadsOutput};
use store::multipart::{self, Cursor};

use crate::call::S3Call;
use crate::listing::{Place, collect};
use crate::object_store::{ObjectStore, Trace, account};
use crate::operations::list::Wanted;
use crate::refusal::Refusal;
use crate::{names, wire};

const ACTION: &str = "s3:ListBucketMultipartUploads";

/// Lists uploads that are not complete, by key and id.
pub async fn list_multipart_uploads(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: ListMultipartUploadsInput,
) -> Result<ListMultipartUploadsOutput, Refusal> {
    let wanted = Arc::new(Wanted::new(
        &input.bucket,
        input.expected_bucket_owner,
        input.prefix,
        input.delimiter,
        input.max_uploads,
        input.encoding_type.as_ref(),
    )?);
    let key = names::listable("key-marker", input.key_marker.as_deref())?.to_owned();
    // AWS: the id marker counts only together with the key marker.
    let id = input.upload_id_marker.as_deref().filter(|id| !id.is_empty() && !key.is_empty());
    let id = id.map(names::upload_id).transpose()?;
    let query = Arc::clone(&wanted);
    let job = move |ctx: &Ctx<'_>| {
        let permit = query.authorize(ctx, ACTION)?;
        names::check_owner(ctx, query.owner.as_deref())?;
        let (mut read, account) = (ctx.read(&permit)?, account(ctx)?);
        store::bucket::require(&mut read, account, &query.bucket)?;
        let place = Place { key: &key, id: id.as_ref().map(UploadId::as_str) };
        let place = Some(place).filter(|place| !place.key.is_empty());
        let page = collect(&query.query(place), |from, below, limit| {
            let limit =
                i64::try_from(limit).map_err(|why| Fault::broken_at("the size of a page", why))?;
            let from = Cursor { key: &from.key, after_id: &from.after_id };
            multipart::list(&mut read, account, &query.bucket, from, below, limit)
        })?;
        Ok((page, account.clone()))
    };
    let (page, account) = store.run(call, ACTION, Trace::DataRead, job).await?;
    let shown = |upload: Upload| dto::MultipartUpload {
        checksum_algorithm: Some(wire::checksum_algorithm(upload.checksum_algorithm)),
        checksum_type: Some(wire::checksum_type(upload.checksum_kind)),
        initiated: Some(wire::timestamp(upload.initiated_at_ms)),
        initiator: Some(wire::initiator(&account)),
        key: Some(wanted.encoding.write(upload.key.as_str())),
        owner: Some(wire::owner(&account)),
        storage_class: Some(dto::StorageClass::from_static("STANDARD")),
        upload_id: Some(upload.id.to_string()),
    };
    let next = page.more_after.as_ref();
    Ok(ListMultipartUploadsOutput {
        bucket: Some(input.bucket),
        prefix: Some(wanted.encoding.write(wanted.prefix.as_deref().unwrap_or_default())),
        key_marker: Some(wanted.encoding.write(input.key_marker.as_deref().unwrap_or_default())),
        upload_id_marker: Some(input.upload_id_marker.unwrap_or_default()),
        next_key_marker: wanted.written(next.map(|(key, _)| key.as_str())),
        next_upload_id_marker: next.map(|(_, id)| id.clone()),
        is_truncated: Some(next.is_some()),
        max_uploads: Some(wanted.size),
        common_prefixes: wanted.common_prefixes(&page.common_prefixes),
        uploads: Some(page.entries.into_iter().map(shown).collect()),
        delimiter: wanted.written(wanted.delimiter.as_deref()),
        encoding_type: input.encoding_type,
        request_charged: None,
    })
}
