//! S3 `HeadObject`.

use std::sync::Arc;

use http::{HeaderValue, StatusCode};
use s3s::S3Response;
use s3s::dto::{HeadObjectInput, HeadObjectOutput};

use crate::actions::GET_OBJECT;
use crate::call::S3Call;
use crate::object_store::{ObjectStore, Trace};
use crate::operations::read::{describe_found, find, take_wanted};
use crate::refusal::Refusal;
use crate::unsupported;

/// Returns the headers of `GetObject` without the bytes.
pub async fn head_object(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    mut input: HeadObjectInput,
) -> Result<S3Response<HeadObjectOutput>, Refusal> {
    unsupported::refuse(call.headers())?;
    let wanted = take_wanted!(call, input);
    // AWS: the action of GetObject allows HeadObject.
    let job = move |ctx: &kernel::Ctx<'_>| find(ctx, &wanted);
    let found = store.run(call, GET_OBJECT, Trace::DataRead, job).await?;
    let (is_partial, tags) = (found.is_partial, found.object.description.tags.len());
    let mut output = HeadObjectOutput::default();
    describe_found!(output, found, input.checksum_mode.is_some());
    let overrides = [
        (&mut output.cache_control, input.response_cache_control),
        (&mut output.content_disposition, input.response_content_disposition),
        (&mut output.content_encoding, input.response_content_encoding),
        (&mut output.content_language, input.response_content_language),
        (&mut output.content_type, input.response_content_type),
    ];
    for (field, said) in overrides {
        if said.is_some() {
            *field = said;
        }
    }
    output.expires = input.response_expires.or(output.expires);
    let mut response = S3Response::new(output);
    // `s3s` has no field for it.
    if tags > 0 {
        response.headers.insert("x-amz-tagging-count", HeaderValue::from(tags));
    }
    if is_partial {
        response.extensions.insert(StatusCode::PARTIAL_CONTENT);
    }
    Ok(response)
}
