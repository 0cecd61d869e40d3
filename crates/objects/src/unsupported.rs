//! Features of S3 that Portico does not have. Requests for them are refused, never ignored.
//!
//! An object whose client asks for encryption, a lock or sharing must not be stored without it.

use http::HeaderMap;
use s3s::S3ErrorCode;

use crate::refusal::Refusal;

/// Prefixes of headers that ask for a missing feature.
const ABSENT: [(&str, &str); 6] = [
    ("x-amz-server-side-encryption", "Server-side encryption is not available."),
    ("x-amz-copy-source-server-side-encryption", "Server-side encryption is not available."),
    ("x-amz-object-lock-", "Object lock is not available."),
    ("x-amz-website-redirect-location", "Websites are not available."),
    ("x-amz-write-offset-bytes", "Appending to objects is not available."),
    ("x-amz-mfa", "MFA delete is not available."),
];

/// Canned ACLs that grant access only to the bucket's owner, as every bucket does.
const TRUE_ACLS: [&str; 3] = ["private", "bucket-owner-full-control", "bucket-owner-read"];

/// Refuses a request for a missing feature.
pub fn refuse(headers: &HeaderMap) -> Result<(), Refusal> {
    for (name, value) in headers {
        let name = name.as_str();
        if !name.starts_with("x-amz-") {
            continue;
        }
        if let Some((_, what)) = ABSENT.iter().find(|(absent, _)| name.starts_with(absent)) {
            return Err(Refusal::not_implemented(*what));
        }
        let says = |text: &str| value.as_bytes().eq_ignore_ascii_case(text.as_bytes());
        if name.starts_with("x-amz-grant-")
            || (name == "x-amz-acl" && !TRUE_ACLS.iter().any(|acl| says(acl)))
        {
            let message = "The bucket does not allow ACLs.";
            return Err(Refusal::code(S3ErrorCode::AccessControlListNotSupported, message));
        }
        if name == "x-amz-storage-class" && !says("STANDARD") {
            let message = "There is one storage class, STANDARD.";
            return Err(Refusal::code(S3ErrorCode::InvalidStorageClass, message));
        }
        if name == "x-amz-bucket-object-lock-enabled" && !says("false") {
            return Err(Refusal::not_implemented("Object lock is not available."));
        }
        // AWS: without ACLs, the bucket's owner owns every object.
        if name == "x-amz-object-ownership" && !says("BucketOwnerEnforced") {
            return Err(Refusal::not_implemented("ACLs are not available."));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn code(name: &'static str, value: &'static str) -> Option<String> {
        let header = (HeaderName::from_static(name), HeaderValue::from_static(value));
        refuse(&HeaderMap::from_iter([header])).err().map(Refusal::code_text)
    }

    #[test]
    fn what_is_not_here_is_refused() {
        for (name, value, expected) in [
            ("x-amz-server-side-encryption", "AES256", "NotImplemented"),
            ("x-amz-server-side-encryption-customer-key", "k", "NotImplemented"),
            ("x-amz-object-lock-mode", "COMPLIANCE", "NotImplemented"),
            ("x-amz-bucket-object-lock-enabled", "true", "NotImplemented"),
            ("x-amz-website-redirect-location", "/", "NotImplemented"),
            ("x-amz-acl", "public-read", "AccessControlListNotSupported"),
            ("x-amz-grant-read", "id=1", "AccessControlListNotSupported"),
            ("x-amz-storage-class", "GLACIER", "InvalidStorageClass"),
        ] {
            assert_eq!(code(name, value).as_deref(), Some(expected), "{name}");
        }
    }

    #[test]
    fn what_holds_anyway_may_be_said() {
        for (name, value) in [
            ("x-amz-acl", "private"),
            ("x-amz-storage-class", "STANDARD"),
            ("x-amz-bucket-object-lock-enabled", "false"),
            ("x-amz-object-ownership", "BucketOwnerEnforced"),
            // Nothing is locked, so nothing is bypassed.
            ("x-amz-bypass-governance-retention", "true"),
            ("x-amz-meta-x-amz-acl", "public-read"),
            ("content-type", "text/plain"),
        ] {
            assert_eq!(code(name, value), None, "{name}");
        }
    }
}
