//! S3 `HeadBucket` and `GetBucketLocation`.

use std::sync::Arc;

use s3s::dto::{
    BucketLocationConstraint, GetBucketLocationInput, GetBucketLocationOutput, HeadBucketInput,
    HeadBucketOutput,
};

use crate::actions::LIST_BUCKET;
use crate::call::S3Call;
use crate::object_store::ObjectStore;
use crate::operations::bucket_configuration::require_bucket;
use crate::refusal::Refusal;

const GET_BUCKET_LOCATION: &str = "s3:GetBucketLocation";

/// Checks that the bucket exists and the caller may list it.
pub async fn head_bucket(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: HeadBucketInput,
) -> Result<HeadBucketOutput, Refusal> {
    let (name, owner) = (&input.bucket, input.expected_bucket_owner);
    let bucket = require_bucket(store, call, LIST_BUCKET, name, owner).await?;
    Ok(HeadBucketOutput { bucket_region: Some(bucket.region), ..HeadBucketOutput::default() })
}

/// Returns the region that the bucket was created with.
pub async fn get_bucket_location(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: GetBucketLocationInput,
) -> Result<GetBucketLocationOutput, Refusal> {
    let (name, owner) = (&input.bucket, input.expected_bucket_owner);
    let bucket = require_bucket(store, call, GET_BUCKET_LOCATION, name, owner).await?;
    // AWS: us-east-1 has an empty constraint.
    let elsewhere = Some(bucket.region).filter(|region| region != "us-east-1");
    Ok(GetBucketLocationOutput {
        location_constraint: elsewhere.map(BucketLocationConstraint::from),
    })
}
