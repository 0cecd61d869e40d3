//! The errors of S3, which speaks REST-XML.
//!
//! Amazon S3 API Reference, "Error responses".

use model::{Entity, Fault, ObjectsEntity, SignatureFlaw};

/// The HTTP status and the code of a fault.
// INVARIANT: the one table of S3's codes; no `_ =>` arm.
#[must_use]
pub fn spelling(fault: &Fault) -> (u16, &'static str) {
    match fault {
        Fault::UnknownOperation { .. } => (405, "MethodNotAllowed"),
        Fault::Unreadable { .. } | Fault::OAuth(_) => (400, "InvalidRequest"),
        Fault::TooLarge { .. } => (400, "EntityTooLarge"),
        Fault::Invalid { .. } => (400, "InvalidArgument"),
        Fault::UnknownKey => (403, "InvalidAccessKeyId"),
        Fault::RevokedKey => (400, "InvalidToken"),
        Fault::ExpiredKey => (400, "ExpiredToken"),
        Fault::BadSignature { flaw, .. } => bad_signature(*flaw),
        // AWS: an anonymous request is refused with the code of a denied one.
        Fault::Unsigned
        | Fault::Denied(_)
        | Fault::NotAdmitted { .. }
        | Fault::NoSession
        | Fault::NoAccess => (403, "AccessDenied"),
        Fault::NotFound { entity, .. } => not_found(*entity),
        Fault::NotUnique { entity, .. } => not_unique(*entity),
        // S3 has only one state that forbids an operation: a bucket that still holds objects.
        Fault::Conflict { .. } => (409, "BucketNotEmpty"),
        Fault::StaleRevision => (412, "PreconditionFailed"),
        Fault::Quota { .. } => (400, "TooManyBuckets"),
        Fault::Unsupported { .. } => (501, "NotImplemented"),
        // AWS: the SDKs try again when they read these.
        Fault::Contended | Fault::Busy | Fault::Throttled { .. } => (503, "SlowDown"),
        Fault::Unavailable(_) => (503, "ServiceUnavailable"),
        Fault::Broken(_) => (500, "InternalError"),
    }
}

fn bad_signature(flaw: SignatureFlaw) -> (u16, &'static str) {
    match flaw {
        SignatureFlaw::Malformed => (400, "AuthorizationHeaderMalformed"),
        SignatureFlaw::MalformedLink => (400, "AuthorizationQueryParametersError"),
        SignatureFlaw::Foreign => (400, "InvalidRequest"),
        SignatureFlaw::Skewed => (403, "RequestTimeTooSkewed"),
        SignatureFlaw::Expired | SignatureFlaw::Uncovered => (403, "AccessDenied"),
        SignatureFlaw::WrongBody => (400, "XAmzContentSHA256Mismatch"),
        SignatureFlaw::Mismatched => (403, "SignatureDoesNotMatch"),
    }
}

fn not_found(entity: Entity) -> (u16, &'static str) {
    match entity {
        Entity::Objects(entity) => match entity {
            ObjectsEntity::Bucket => (404, "NoSuchBucket"),
            ObjectsEntity::Object => (404, "NoSuchKey"),
            ObjectsEntity::MultipartUpload => (404, "NoSuchUpload"),
        },
        Entity::IdentityCenter(_)
        | Entity::IdentityStore(_)
        | Entity::Organizations(_)
        | Entity::Portico(_) => (404, "NoSuchResource"),
    }
}

fn not_unique(entity: Entity) -> (u16, &'static str) {
    match entity {
        Entity::Objects(entity) => match entity {
            ObjectsEntity::Bucket => (409, "BucketAlreadyExists"),
            ObjectsEntity::MultipartUpload | ObjectsEntity::Object => {
                (409, "ResourceAlreadyExists")
            }
        },
        Entity::IdentityCenter(_)
        | Entity::IdentityStore(_)
        | Entity::Organizations(_)
        | Entity::Portico(_) => (409, "ResourceAlreadyExists"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_flaw_of_a_signature_has_the_code_that_clients_act_on() {
        let code = |flaw| spelling(&Fault::bad_signature(flaw, "hold")).1;
        assert_eq!(code(SignatureFlaw::Malformed), "AuthorizationHeaderMalformed");
        assert_eq!(code(SignatureFlaw::MalformedLink), "AuthorizationQueryParametersError");
        assert_eq!(code(SignatureFlaw::Skewed), "RequestTimeTooSkewed");
        assert_eq!(code(SignatureFlaw::Expired), "AccessDenied");
        assert_eq!(code(SignatureFlaw::Mismatched), "SignatureDoesNotMatch");
        assert_eq!(code(SignatureFlaw::WrongBody), "XAmzContentSHA256Mismatch");
    }
}
