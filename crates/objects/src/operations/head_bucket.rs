//! S3 `HeadBucket` and `GetBucketLocation`.

use std::sync::Arc;

use s3s::dto::{
    BucketLocationConstraint, GetBucketLocationInput, GetBucketLocationOutput, HeadBucketInput,
    HeadBucketOutput,
};

use crate::backstage::Store;
use crate::operations::truths::require_bucket;
use crate::refusal::Refusal;
use crate::visit::Visit;

/// Tells whether the bucket is there and the caller may list it.
pub async fn head_bucket(
    store: &Store,
    visit: &Arc<Visit>,
    input: HeadBucketInput,
) -> Result<HeadBucketOutput, Refusal> {
    let (name, owner) = (&input.bucket, input.expected_bucket_owner);
    let bucket = require_bucket(store, visit, "s3:ListBucket", name, owner).await?;
    Ok(HeadBucketOutput { bucket_region: Some(bucket.region), ..HeadBucketOutput::default() })
}

/// Tells the place that the bucket's maker named.
pub async fn get_bucket_location(
    store: &Store,
    visit: &Arc<Visit>,
    input: GetBucketLocationInput,
) -> Result<GetBucketLocationOutput, Refusal> {
    let (name, owner) = (&input.bucket, input.expected_bucket_owner);
    let bucket = require_bucket(store, visit, "s3:GetBucketLocation", name, owner).await?;
    // AWS: us-east-1 has an empty constraint.
    let elsewhere = Some(bucket.region).filter(|region| region != "us-east-1");
    Ok(GetBucketLocationOutput {
        location_constraint: elsewhere.map(BucketLocationConstraint::from),
    })
}
