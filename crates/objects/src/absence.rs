//! The absence of a bucket, which is said before anything that S3 has and this server does not.
//!
//! AWS: `NoSuchBucket` comes before the errors of an operation.

use std::sync::Arc;

use http::{Method, Response, Uri};
use kernel::Ctx;
use s3s::Body;

use crate::actions::{LIST_BUCKET, UNKNOWN};
use crate::call::S3Call;
use crate::object_store::{ObjectStore, Trace, account};
use crate::refusal::Refusal;
use crate::{documents, names, routes};

/// The codes of refusals that need no bucket to be looked for.
const EARLY: [&str; 3] = ["AccessControlListNotSupported", "InvalidStorageClass", "NotImplemented"];

/// The refusal that a client gets instead of this answer, if the bucket of the path is absent. A caller who may
/// not list the bucket keeps the answer.
pub async fn instead_of(
    answer: &Response<Body>,
    store: &ObjectStore,
    call: &Arc<S3Call>,
    uri: &Uri,
) -> Option<Refusal> {
    let is_refused = answer.status().is_client_error() || answer.status().is_server_error();
    if !is_refused || !EARLY.contains(&documents::read_error(answer).0.as_str()) {
        return None;
    }
    let (name, key) = routes::bucket_and_key(uri);
    let makes_bucket = call.head().method == Method::PUT
        && key.is_empty()
        && routes::sub_resources(uri).is_empty();
    let bucket = names::bucket(name).ok().filter(|_| !makes_bucket && !call.is_unsigned())?;
    let job = move |ctx: &Ctx<'_>| {
        let Ok(permit) = ctx.authorize(LIST_BUCKET, &bucket.arn()) else { return Ok(None) };
        let found = store::bucket::require(&mut ctx.read(&permit)?, account(ctx)?, &bucket);
        Ok(found.err().map(Refusal::from))
    };
    store.run(call, UNKNOWN, Trace::Later, job).await.ok().flatten()
}
