//! The operations as `s3s` calls them. It refuses all others as `NotImplemented`.

use s3s::dto;
use s3s::{S3, S3Request, S3Response, S3Result};

use crate::call::S3Call;
use crate::object_store::ObjectStore;
use crate::operations;

/// Declares `S3` for `ObjectStore`: each method finds the call that its request belongs to, and does the
/// operation of the same name.
macro_rules! serve {
    ($($method:ident($Input:ident) -> $Output:ident),* $(,)?) => {
        #[async_trait::async_trait]
        impl S3 for ObjectStore {
            $(async fn $method(
                &self,
                request: S3Request<dto::$Input>,
            ) -> S3Result<S3Response<dto::$Output>> {
                let call = S3Call::of(&request).map_err(|refusal| refusal.into_error(""))?;
                match operations::$method(self, &call, request.input).await {
                    Ok(answer) => Ok(answer.into_response()),
                    Err(refusal) => Err(refusal.into_error(&call.info.id.to_string())),
                }
            })*
        }

        $(impl Answer<dto::$Output> for dto::$Output {
            fn into_response(self) -> S3Response<Self> {
                S3Response::new(self)
            }
        })*
    };
}

/// The result of an operation: an output, or a response with its own status.
trait Answer<Output> {
    fn into_response(self) -> S3Response<Output>;
}

impl<Output> Answer<Output> for S3Response<Output> {
    fn into_response(self) -> Self {
        self
    }
}

serve! {
    abort_multipart_upload(AbortMultipartUploadInput) -> AbortMultipartUploadOutput,
    complete_multipart_upload(CompleteMultipartUploadInput) -> CompleteMultipartUploadOutput,
    copy_object(CopyObjectInput) -> CopyObjectOutput,
    create_bucket(CreateBucketInput) -> CreateBucketOutput,
    create_multipart_upload(CreateMultipartUploadInput) -> CreateMultipartUploadOutput,
    delete_bucket(DeleteBucketInput) -> DeleteBucketOutput,
    delete_bucket_tagging(DeleteBucketTaggingInput) -> DeleteBucketTaggingOutput,
    delete_object(DeleteObjectInput) -> DeleteObjectOutput,
    delete_object_tagging(DeleteObjectTaggingInput) -> DeleteObjectTaggingOutput,
    delete_objects(DeleteObjectsInput) -> DeleteObjectsOutput,
    delete_public_access_block(DeletePublicAccessBlockInput) -> DeletePublicAccessBlockOutput,
    get_bucket_accelerate_configuration(GetBucketAccelerateConfigurationInput)
        -> GetBucketAccelerateConfigurationOutput,
    get_bucket_acl(GetBucketAclInput) -> GetBucketAclOutput,
    get_bucket_cors(GetBucketCorsInput) -> GetBucketCorsOutput,
    get_bucket_encryption(GetBucketEncryptionInput) -> GetBucketEncryptionOutput,
    get_bucket_lifecycle_configuration(GetBucketLifecycleConfigurationInput)
        -> GetBucketLifecycleConfigurationOutput,
    get_bucket_location(GetBucketLocationInput) -> GetBucketLocationOutput,
    get_bucket_logging(GetBucketLoggingInput) -> GetBucketLoggingOutput,
    get_bucket_notification_configuration(GetBucketNotificationConfigurationInput)
        -> GetBucketNotificationConfigurationOutput,
    get_bucket_ownership_controls(GetBucketOwnershipControlsInput)
        -> GetBucketOwnershipControlsOutput,
    get_bucket_policy(GetBucketPolicyInput) -> GetBucketPolicyOutput,
    get_bucket_policy_status(GetBucketPolicyStatusInput) -> GetBucketPolicyStatusOutput,
    get_bucket_replication(GetBucketReplicationInput) -> GetBucketReplicationOutput,
    get_bucket_request_payment(GetBucketRequestPaymentInput) -> GetBucketRequestPaymentOutput,
    get_bucket_tagging(GetBucketTaggingInput) -> GetBucketTaggingOutput,
    get_bucket_versioning(GetBucketVersioningInput) -> GetBucketVersioningOutput,
    get_bucket_website(GetBucketWebsiteInput) -> GetBucketWebsiteOutput,
    get_object(GetObjectInput) -> GetObjectOutput,
    get_object_acl(GetObjectAclInput) -> GetObjectAclOutput,
    get_object_attributes(GetObjectAttributesInput) -> GetObjectAttributesOutput,
    get_object_lock_configuration(GetObjectLockConfigurationInput)
        -> GetObjectLockConfigurationOutput,
    get_object_tagging(GetObjectTaggingInput) -> GetObjectTaggingOutput,
    get_public_access_block(GetPublicAccessBlockInput) -> GetPublicAccessBlockOutput,
    head_bucket(HeadBucketInput) -> HeadBucketOutput,
    head_object(HeadObjectInput) -> HeadObjectOutput,
    list_buckets(ListBucketsInput) -> ListBucketsOutput,
    list_multipart_uploads(ListMultipartUploadsInput) -> ListMultipartUploadsOutput,
    list_object_versions(ListObjectVersionsInput) -> ListObjectVersionsOutput,
    list_objects(ListObjectsInput) -> ListObjectsOutput,
    list_objects_v2(ListObjectsV2Input) -> ListObjectsV2Output,
    list_parts(ListPartsInput) -> ListPartsOutput,
    put_bucket_tagging(PutBucketTaggingInput) -> PutBucketTaggingOutput,
    put_object(PutObjectInput) -> PutObjectOutput,
    put_object_tagging(PutObjectTaggingInput) -> PutObjectTaggingOutput,
    put_public_access_block(PutPublicAccessBlockInput) -> PutPublicAccessBlockOutput,
    upload_part(UploadPartInput) -> UploadPartOutput,
    upload_part_copy(UploadPartCopyInput) -> UploadPartCopyOutput,
}
