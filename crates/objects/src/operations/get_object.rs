//! S3 `GetObject`.

use std::sync::Arc;

use s3s::dto::{GetObjectInput, GetObjectOutput};

use crate::actions::GET_OBJECT;
use crate::call::S3Call;
use crate::object_store::{ObjectStore, Trace};
use crate::operations::read::{describe_found, open, take_wanted};
use crate::refusal::Refusal;
use crate::unsupported;

/// Streams an object or a part of it. `s3s` applies the `response-…` parameters.
pub async fn get_object(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    mut input: GetObjectInput,
) -> Result<GetObjectOutput, Refusal> {
    unsupported::refuse(call.headers())?;
    let wanted = take_wanted!(call, input);
    let opener = store.clone();
    let job = move |ctx: &kernel::Ctx<'_>| open(&opener, ctx, &wanted);
    let (found, payload) = store.run(call, GET_OBJECT, Trace::DataRead, job).await?;
    let mut output =
        GetObjectOutput { body: Some(payload.into_body(store)), ..GetObjectOutput::default() };
    let tags = found.object.description.tags.len();
    output.tag_count = i32::try_from(tags).ok().filter(|tags| *tags > 0);
    describe_found!(output, found, input.checksum_mode.is_some());
    Ok(output)
}
