//! The errors of S3: codes and HTTP statuses, and messages for those that `s3s` answers without one.
//!
//! Amazon S3 API Reference, "Error responses", list of error codes: all but those of SELECT Object Content,
//! and the few of this server's own.

use http::StatusCode;

/// An error of S3.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ErrorEntry {
    pub code: &'static str,
    pub status: u16,
}

/// The message of an answer that has none of its own: a whole sentence.
#[must_use]
pub fn message(code: &str) -> &'static str {
    let own = MESSAGES.iter().find(|(listed, _)| *listed == code);
    own.map_or("The request was refused.", |(_, message)| message)
}

/// Finds the entry of a code.
#[must_use]
pub fn find(code: &str) -> Option<&'static ErrorEntry> {
    ERRORS.iter().find(|entry| entry.code == code)
}

/// The status of a code. A code that is not listed is a mistake of the caller: 400.
#[must_use]
pub fn status(code: &str) -> StatusCode {
    let listed = find(code).and_then(|entry| StatusCode::from_u16(entry.status).ok());
    listed.unwrap_or(StatusCode::BAD_REQUEST)
}

const fn error(code: &'static str, status: u16) -> ErrorEntry {
    ErrorEntry { code, status }
}

/// Messages of the codes that `s3s` answers without one.
const MESSAGES: &[(&str, &str)] = &[
    ("AccessDenied", "Access denied."),
    ("BadDigest", "The content has another digest than the request says."),
    ("BadRequest", "The request could not be understood."),
    ("EntityTooLarge", "The content is larger than the operation takes."),
    ("EntityTooSmall", "The content is smaller than the operation takes."),
    ("IncompleteBody", "The body ended before its announced length."),
    (
        "InternalError",
        "Something broke in the server. Try again, and report the request id if it stays.",
    ),
    ("InvalidAccessKeyId", "No credentials have this access key id."),
    ("InvalidArgument", "A parameter or header has a value that the operation does not take."),
    ("InvalidBucketName", "No bucket can have this name."),
    ("InvalidDigest", "A digest in the request is malformed."),
    ("InvalidPart", "A part is missing, or has another ETag."),
    ("InvalidRange", "The object has no bytes in this range."),
    ("InvalidRequest", "The parts of the request do not fit together."),
    ("InvalidURI", "The address of the request cannot be read."),
    ("KeyTooLongError", "The key of an object may have at most 1,024 bytes in UTF-8."),
    ("MalformedXML", "The XML of the request is not what the operation reads."),
    ("MethodNotAllowed", "The resource has no such method."),
    ("MissingContentLength", "Say the length of the body in Content-Length."),
    ("MissingRequestBodyError", "The operation reads an XML document, and the body was empty."),
    ("NotImplemented", "The request asks for a feature that is not available."),
    ("PreconditionFailed", "A condition of the request does not hold."),
    ("RequestTimeTooSkewed", "The clocks of client and server differ by more than 15 minutes."),
    (
        "SignatureDoesNotMatch",
        "The signature is not that of this request under this key. Check the secret key and the clock.",
    ),
];

/// Every error, by code.
#[rustfmt::skip]
const ERRORS: &[ErrorEntry] = &[
    error("AccessControlListNotSupported", 400),
    error("AccessDenied", 403),
    error("AccessPointAlreadyOwnedByYou", 409),
    error("AccountProblem", 403),
    error("AllAccessDisabled", 403),
    error("AmbiguousGrantByEmailAddress", 400),
    error("AuthorizationHeaderMalformed", 400),
    error("AuthorizationQueryParametersError", 400),
    error("BadDigest", 400),
    error("BadRequest", 400),
    error("BucketAlreadyExists", 409),
    error("BucketAlreadyOwnedByYou", 409),
    error("BucketHasAccessPointsAttached", 400),
    error("BucketNotEmpty", 409),
    error("Busy", 503),
    error("ClientTokenConflict", 409),
    error("ConditionalRequestConflict", 409),
    error("ConnectionClosedByRequester", 400),
    error("CredentialsNotSupported", 400),
    error("CrossLocationLoggingProhibited", 403),
    error("DeviceNotActiveError", 400),
    error("EndpointNotFound", 400),
    error("EntityTooLarge", 400),
    error("EntityTooSmall", 400),
    error("ExpiredToken", 400),
    error("IllegalLocationConstraintException", 400),
    error("IllegalVersioningConfigurationException", 400),
    error("IncompleteBody", 400),
    error("IncorrectEndpoint", 400),
    error("IncorrectNumberOfFilesInPostRequest", 400),
    error("InlineDataTooLarge", 400),
    error("InsufficientStorage", 507),
    error("InternalError", 500),
    error("InvalidAccessKeyId", 403),
    error("InvalidAccessPoint", 400),
    error("InvalidAccessPointAliasError", 400),
    error("InvalidAddressingHeader", 400),
    error("InvalidArgument", 400),
    error("InvalidBucketAclWithObjectOwnership", 400),
    error("InvalidBucketName", 400),
    error("InvalidBucketOwnerAWSAccountID", 400),
    error("InvalidBucketState", 409),
    error("InvalidDigest", 400),
    error("InvalidEncryptionAlgorithmError", 400),
    error("InvalidHostHeader", 400),
    error("InvalidHttpMethod", 400),
    error("InvalidLocationConstraint", 400),
    error("InvalidObjectState", 403),
    error("InvalidPart", 400),
    error("InvalidPartNumber", 416),
    error("InvalidPartOrder", 400),
    error("InvalidPayer", 403),
    error("InvalidPolicyDocument", 400),
    error("InvalidRange", 416),
    error("InvalidRegion", 403),
    error("InvalidRequest", 400),
    error("InvalidSOAPRequest", 400),
    error("InvalidSecurity", 403),
    error("InvalidSessionException", 400),
    error("InvalidSignature", 400),
    error("InvalidStorageClass", 400),
    error("InvalidTag", 400),
    error("InvalidTargetBucketForLogging", 400),
    error("InvalidToken", 400),
    error("InvalidURI", 400),
    error("KeyTooLongError", 400),
    error("MalformedACLError", 400),
    error("MalformedPOSTRequest", 400),
    error("MalformedPolicy", 400),
    error("MalformedTrailerError", 400),
    error("MalformedXML", 400),
    error("MaxMessageLengthExceeded", 400),
    error("MaxPostPreDataLengthExceededError", 400),
    error("MetadataTooLarge", 400),
    error("MethodNotAllowed", 405),
    error("MissingAttachment", 400),
    error("MissingAuthenticationToken", 403),
    error("MissingContentLength", 411),
    error("MissingRequestBodyError", 400),
    error("MissingSecurityElement", 400),
    error("MissingSecurityHeader", 400),
    error("NoLoggingStatusForKey", 400),
    error("NoSuchAccessPoint", 404),
    error("NoSuchAsyncRequest", 404),
    error("NoSuchBucket", 404),
    error("NoSuchBucketPolicy", 404),
    error("NoSuchCORSConfiguration", 404),
    error("NoSuchKey", 404),
    error("NoSuchLifecycleConfiguration", 404),
    error("NoSuchMultiRegionAccessPoint", 404),
    error("NoSuchObjectLockConfiguration", 404),
    error("NoSuchResource", 404),
    error("NoSuchTagSet", 404),
    error("NoSuchUpload", 404),
    error("NoSuchVersion", 404),
    error("NoSuchWebsiteConfiguration", 404),
    error("NoTransformationDefined", 404),
    error("NotDeviceOwnerError", 400),
    error("NotImplemented", 501),
    error("NotModified", 304),
    error("NotSignedUp", 403),
    error("ObjectLockConfigurationNotFoundError", 404),
    error("OperationAborted", 409),
    error("OwnershipControlsNotFoundError", 404),
    error("PermanentRedirect", 301),
    error("PermanentRedirectControlError", 301),
    error("PreconditionFailed", 412),
    error("Redirect", 307),
    error("ReplicationConfigurationNotFoundError", 404),
    error("RequestHeaderSectionTooLarge", 400),
    error("RequestIsNotMultiPartContent", 400),
    error("RequestTimeTooSkewed", 403),
    error("RequestTimeout", 400),
    error("RequestTorrentOfBucketError", 400),
    error("ResponseInterrupted", 400),
    error("RestoreAlreadyInProgress", 409),
    error("ServerSideEncryptionConfigurationNotFoundError", 404),
    error("ServiceUnavailable", 503),
    error("SignatureDoesNotMatch", 403),
    error("SlowDown", 503),
    error("TagPolicyException", 400),
    error("TemporaryRedirect", 307),
    error("TokenCodeInvalidError", 400),
    error("TokenRefreshRequired", 400),
    error("TooManyAccessPoints", 400),
    error("TooManyBuckets", 400),
    error("TooManyMultiRegionAccessPointregionsError", 400),
    error("TooManyMultiRegionAccessPoints", 400),
    error("TooManyTags", 400),
    error("UnauthorizedAccessError", 403),
    error("UnexpectedContent", 400),
    error("UnexpectedIPError", 403),
    error("UnresolvableGrantByEmailAddress", 400),
    error("UnsupportedArgument", 400),
    error("UnsupportedSignature", 400),
    error("UserKeyMustBeSpecified", 400),
    error("XAmzContentSHA256Mismatch", 400),
];

#[cfg(test)]
mod tests {
    use s3s::S3ErrorCode;

    use super::*;

    /// Codes whose status differs from the one in the reference, as AWS answers them.
    // AWS: a bucket without a configuration answers 404.
    const AS_ANSWERED: [&str; 1] = ["ServerSideEncryptionConfigurationNotFoundError"];

    #[test]
    fn each_code_stands_once_and_in_order() {
        assert!(ERRORS.is_sorted_by(|one, next| one.code < next.code));
        assert!(MESSAGES.is_sorted_by(|one, next| one.0 < next.0));
        for (code, message) in MESSAGES {
            assert!(find(code).is_some() && message.ends_with('.'), "{code}");
        }
    }

    #[test]
    fn each_status_is_the_one_of_the_reference() {
        for entry in ERRORS {
            // The codes of `s3s` are generated from the reference.
            let code = S3ErrorCode::from_bytes(entry.code.as_bytes()).unwrap();
            let referred = code.status_code().map(|status| status.as_u16());
            if !AS_ANSWERED.contains(&entry.code) {
                assert_eq!(referred.unwrap_or(entry.status), entry.status, "{}", entry.code);
            }
        }
    }

    #[test]
    fn a_code_that_is_not_listed_is_a_mistake_of_the_caller() {
        assert_eq!(status("NoSuchThing"), StatusCode::BAD_REQUEST);
        assert_eq!(status("InvalidPartNumber"), StatusCode::RANGE_NOT_SATISFIABLE);
        assert_eq!(status("BadRequest"), StatusCode::BAD_REQUEST);
    }
}
