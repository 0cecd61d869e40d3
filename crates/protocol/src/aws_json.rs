//! AWS JSON 1.1: `POST /`, the operation in `X-Amz-Target`, the error in `__type`.
//!
//! Smithy, "AWS JSON 1.1 protocol", §Operation error serialization.

use model::service::AwsJsonErrors;
use model::{Entity, Fault, OrganizationsEntity, SignatureFlaw};
use serde_json::{Map, Value};

use crate::resource_type::resource_type;
use crate::sentence::sentence;

/// The `Content-Type` of every reply.
pub const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// The HTTP status, the name of the error and the body of the reply to a request with this fault.
#[must_use]
pub fn error_reply(
    errors: AwsJsonErrors,
    fault: &Fault,
    request_id: &str,
) -> (u16, &'static str, Value) {
    let (status, code, reason) = spelling(errors, fault);
    let mut body = Map::new();
    body.insert("__type".into(), code.into());
    body.insert("Message".into(), sentence(fault).into());
    body.insert("RequestId".into(), request_id.into());
    if let Some(reason) = reason {
        body.insert("Reason".into(), reason.into());
    }
    if let Fault::NotFound { entity, id } = fault
        && let Some(kind) = resource_type(*entity)
    {
        body.insert("ResourceType".into(), kind.into());
        if !id.is_empty() {
            body.insert("ResourceId".into(), id.as_str().into());
        }
    }
    (status, code, Value::Object(body))
}

// INVARIANT: the one table of awsJson codes; no `_ =>` arm.
fn spelling(errors: AwsJsonErrors, fault: &Fault) -> (u16, &'static str, Option<&'static str>) {
    let or = |organizations, others| match errors {
        AwsJsonErrors::Organizations => organizations,
        AwsJsonErrors::IdentityCenter => others,
    };
    match fault {
        Fault::UnknownOperation { .. } => (400, "UnknownOperationException", None),
        Fault::Unreadable { .. } => (400, "SerializationException", None),
        Fault::TooLarge { .. } => (413, "RequestEntityTooLargeException", None),
        Fault::Invalid { .. } => (400, or("InvalidInputException", "ValidationException"), None),
        Fault::Unsupported { .. } => {
            (400, or("UnsupportedAPIEndpointException", "ValidationException"), None)
        }
        Fault::Unsigned => (400, "MissingAuthenticationTokenException", None),
        Fault::UnknownKey | Fault::RevokedKey => (400, "UnrecognizedClientException", None),
        Fault::ExpiredKey => (400, "ExpiredTokenException", None),
        Fault::BadSignature { flaw, .. } => (400, bad_signature(*flaw), None),
        Fault::Denied(_) | Fault::NotAdmitted { .. } | Fault::NoSession | Fault::NoAccess => {
            (400, "AccessDeniedException", None)
        }
        Fault::NotFound { entity, .. } => {
            (400, or(organizations_not_found(*entity), "ResourceNotFoundException"), None)
        }
        // AWS: an account can be in only one organization, and that fault has an exception of its own.
        Fault::NotUnique {
            entity: Entity::Organizations(OrganizationsEntity::Organization),
            ..
        } => (400, or("AlreadyInOrganizationException", "ConflictException"), None),
        Fault::NotUnique { .. } => {
            let code = or("ConstraintViolationException", "ConflictException");
            (400, code, reason(errors, "UNIQUENESS_CONSTRAINT_VIOLATION"))
        }
        Fault::Conflict { .. } => {
            (400, or("ConstraintViolationException", "ConflictException"), None)
        }
        Fault::StaleRevision => {
            let code = or("ConcurrentModificationException", "ConflictException");
            (400, code, reason(errors, "CONCURRENT_MODIFICATION"))
        }
        Fault::Quota { .. } => {
            (400, or("ConstraintViolationException", "ServiceQuotaExceededException"), None)
        }
        Fault::OAuth(_) => (400, "ValidationException", None),
        // AWS: the SDKs try again, with growing pauses, when they read these codes.
        Fault::Contended | Fault::Busy | Fault::Throttled { .. } => {
            (400, or("TooManyRequestsException", "ThrottlingException"), None)
        }
        // AWS: "Common Errors". The SDKs try again when they read the status.
        Fault::Unavailable(_) => (503, "ServiceUnavailable", None),
        Fault::Broken(_) => (500, or("ServiceException", "InternalServerException"), None),
    }
}

// AWS: a skewed or expired signature has the code of a wrong one. The SDKs look at the Date header.
fn bad_signature(flaw: SignatureFlaw) -> &'static str {
    match flaw {
        SignatureFlaw::Malformed | SignatureFlaw::MalformedLink | SignatureFlaw::Foreign => {
            "IncompleteSignatureException"
        }
        SignatureFlaw::Skewed
        | SignatureFlaw::Expired
        | SignatureFlaw::Uncovered
        | SignatureFlaw::WrongBody
        | SignatureFlaw::Mismatched => "InvalidSignatureException",
    }
}

// AWS: only identitystore gives a reason for a conflict; organizations has no such field.
fn reason(errors: AwsJsonErrors, reason: &'static str) -> Option<&'static str> {
    (errors == AwsJsonErrors::IdentityCenter).then_some(reason)
}

// AWS: each entity of organizations has an exception of its own.
fn organizations_not_found(entity: Entity) -> &'static str {
    match entity {
        Entity::Organizations(entity) => match entity {
            OrganizationsEntity::Account => "AccountNotFoundException",
            OrganizationsEntity::Child => "ChildNotFoundException",
            OrganizationsEntity::CreateAccountRequest => "CreateAccountStatusNotFoundException",
            OrganizationsEntity::Organization => "AWSOrganizationsNotInUseException",
            OrganizationsEntity::Parent => "ParentNotFoundException",
            OrganizationsEntity::Target => "TargetNotFoundException",
        },
        Entity::IdentityCenter(_)
        | Entity::IdentityStore(_)
        | Entity::Objects(_)
        | Entity::Portico(_) => "TargetNotFoundException",
    }
}

#[cfg(test)]
mod tests {
    use model::IdentityStoreEntity;

    use super::*;

    #[test]
    fn a_doubled_name_is_a_uniqueness_conflict() {
        let fault = Fault::not_unique(IdentityStoreEntity::Group, "DisplayName");
        let (status, _, body) = error_reply(AwsJsonErrors::IdentityCenter, &fault, "r-1");
        insta::assert_snapshot!(
            format!("{status} {body}"),
            @r#"400 {"__type":"ConflictException","Message":"Another group has this DisplayName already.","RequestId":"r-1","Reason":"UNIQUENESS_CONSTRAINT_VIOLATION"}"#
        );
    }

    #[test]
    fn the_inside_of_a_bug_is_not_told() {
        let fault = Fault::broken("SELECT secret FROM table");
        let (status, code, body) = error_reply(AwsJsonErrors::IdentityCenter, &fault, "r-1");
        assert_eq!((status, code), (500, "InternalServerException"));
        assert!(!body.to_string().contains("SELECT"));
    }
}
