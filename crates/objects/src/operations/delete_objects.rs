//! S3 `DeleteObjects`: up to a thousand keys, each allowed or refused by itself.

use std::sync::Arc;

use http::{HeaderMap, HeaderName};
use kernel::Ctx;
use kernel::perform::trace;
use model::object::ObjectKey;
use s3s::S3ErrorCode;
use s3s::dto::{DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, Error, ObjectIdentifier};
use store::object;

use crate::actions::DELETE_OBJECT;
use crate::call::S3Call;
use crate::checksum::is_checksum;
use crate::conditions::Conditions;
use crate::object_store::{ObjectStore, Trace, account, data_event};
use crate::operations::write::check;
use crate::refusal::Refusal;
use crate::{names, unsupported};

const KEYS_MAX: usize = 1000;

/// Removes many objects of one bucket in one transaction.
pub async fn delete_objects(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: DeleteObjectsInput,
) -> Result<DeleteObjectsOutput, Refusal> {
    unsupported::refuse(call.headers())?;
    let bucket = names::bucket(&input.bucket)?;
    require_digest(call.headers())?;
    let (keys, quiet) = (input.delete.objects, input.delete.quiet == Some(true));
    if keys.is_empty() || keys.len() > KEYS_MAX {
        let message = "The request must name 1 to 1,000 keys.";
        return Err(Refusal::code(S3ErrorCode::MalformedXML, message));
    }
    let request_id = call.info.id.to_string();
    let job = move |ctx: &Ctx<'_>| {
        names::check_owner(ctx, input.expected_bucket_owner.as_deref())?;
        let (mut permits, mut errors) = (Vec::new(), Vec::new());
        let mut denial = None;
        for wanted in &keys {
            let permitted = parse(wanted).and_then(|key| {
                let permit = ctx.authorize(DELETE_OBJECT, &names::object_arn(&bucket, &key));
                denial = denial.take().or_else(|| permit.as_ref().err().cloned());
                Ok((key, permit?))
            });
            match permitted {
                Ok(permitted) => permits.push((permitted, wanted)),
                Err(refusal) => errors.push(error(&wanted.key, refusal, &request_id)),
            }
        }
        // One event stands for all refusals of a request; otherwise one request could fill the log.
        if let Some(denial) = denial {
            trace(ctx, DELETE_OBJECT, &denial)?;
        }
        let Some(((_, first), _)) = permits.first() else {
            return Ok((Vec::new(), errors));
        };
        let (mut tx, account) = (ctx.begin(first.clone())?, account(ctx)?);
        store::bucket::require(&mut tx, account, &bucket)?;
        let mut deleted = Vec::new();
        for ((key, _), wanted) in permits {
            let before = object::find(&mut tx, account, &bucket, &key)?;
            let outcome =
                conditions(wanted).and_then(|conditions| check(&conditions, before.as_ref(), &key));
            if let Err(refusal) = outcome {
                errors.push(error(&wanted.key, refusal, &request_id));
                continue;
            }
            if let Some(before) = before {
                object::delete(&mut tx, account, &bucket, &before)?;
            }
            deleted.push(key.to_string());
        }
        let event = data_event(ctx).asked("bucketName", &bucket).asked_list("keys", &deleted);
        tx.commit(&event)?;
        Ok((deleted, errors))
    };
    let (deleted, errors) = store.run(call, DELETE_OBJECT, Trace::Written, job).await?;
    let deleted =
        deleted.into_iter().map(|key| DeletedObject { key: Some(key), ..DeletedObject::default() });
    Ok(DeleteObjectsOutput {
        deleted: (!quiet).then(|| deleted.collect()),
        errors: (!errors.is_empty()).then_some(errors),
        ..DeleteObjectsOutput::default()
    })
}

// AWS: the document has a digest beside its signature.
fn require_digest(headers: &HeaderMap) -> Result<(), Refusal> {
    let is_digest = |name: &HeaderName| {
        name == "content-md5" || name == "x-amz-trailer" || is_checksum(name.as_str())
    };
    if headers.keys().any(is_digest) {
        return Ok(());
    }
    let message = "Missing required header for this request: Content-MD5 or x-amz-checksum-….";
    Err(Refusal::code(S3ErrorCode::InvalidRequest, message))
}

fn conditions(wanted: &ObjectIdentifier) -> Result<Conditions, Refusal> {
    wanted
        .e_tag
        .as_ref()
        .map_or(Ok(Conditions::default()), |etag| Conditions::of_etag(etag.value()))
}

fn parse(wanted: &ObjectIdentifier) -> Result<ObjectKey, Refusal> {
    names::refuse_versions(wanted.version_id.as_deref())?;
    if wanted.last_modified_time.is_some() || wanted.size.is_some() {
        let what = "Conditions on time and size are not available for general purpose buckets.";
        return Err(Refusal::not_implemented(what));
    }
    names::key(&wanted.key)
}

fn error(key: &str, refusal: Refusal, request_id: &str) -> Error {
    let error = refusal.into_error(request_id);
    Error {
        code: Some(error.code().as_str().to_owned()),
        key: Some(key.to_owned()),
        message: error.message().map(str::to_owned),
        version_id: None,
    }
}
