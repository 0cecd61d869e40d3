//! What a person reads of a fault. One text for every protocol and page.

use model::{Entity, Fault};

/// A whole sentence, without any secret and without the inside of a bug.
#[must_use]
pub fn sentence(fault: &Fault) -> String {
    match fault {
        Fault::UnknownOperation => "The operation is not known.".to_owned(),
        Fault::Unreadable { must } => format!("The request must {must}."),
        Fault::TooLarge { bytes_max } => {
            format!("The request must be no longer than {bytes_max} bytes.")
        }
        Fault::Invalid { field, must } => format!("{field} must {must}."),
        Fault::Unsigned => {
            "The request must be signed. Sign it with the keys of a role.".to_owned()
        }
        Fault::UnknownKey => "The security token included in the request is invalid.".to_owned(),
        Fault::ExpiredKey => "The security token included in the request is expired.".to_owned(),
        Fault::RevokedKey => "The security token included in the request is invalid: its session \
            has ended or its role is gone. Sign in again."
            .to_owned(),
        Fault::BadSignature { must, .. } => format!("The signature must {must}."),
        Fault::Denied(denial) => format!(
            "User: {} is not authorized to perform: {} on resource: {} because {}",
            denial.caller, denial.action, denial.resource, denial.because
        ),
        Fault::NoSession => "Session token not found or invalid".to_owned(),
        Fault::NoAccess => "No access".to_owned(),
        Fault::NotFound { entity, id } if id.is_empty() => format!("{} not found.", name(*entity)),
        Fault::NotFound { entity, id } => format!("{} {id} not found.", name(*entity)),
        Fault::NotUnique { entity, field } => {
            format!("Another {entity} has this {field} already.")
        }
        Fault::Conflict { because } | Fault::Unsupported { because } => because.to_string(),
        Fault::StaleRevision => {
            "The Revision is not the current one. Read the resource again and repeat the change."
                .to_owned()
        }
        Fault::Quota { limit } => format!("There may be at most {limit}."),
        Fault::OAuth(oauth) => oauth.description.to_string(),
        Fault::Throttled { retry_after_seconds } => {
            format!("Too many attempts. Try again in {retry_after_seconds} seconds.")
        }
        Fault::Contended => "The resource was changed at the same time. Try again.".to_owned(),
        Fault::Busy => "Too many requests at the same time. Try again.".to_owned(),
        Fault::Broken(_) => "An unexpected error occurred.".to_owned(),
    }
}

// AWS: «USER not found», in capitals, where identitystore has a ResourceType.
fn name(entity: Entity) -> String {
    resource_type(entity).map_or_else(|| capitalized(&entity.to_string()), str::to_owned)
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The `ResourceType` of identitystore, for what is in an identity store.
#[must_use]
pub fn resource_type(entity: Entity) -> Option<&'static str> {
    match entity {
        Entity::User => Some("USER"),
        Entity::Group => Some("GROUP"),
        Entity::GroupMembership => Some("GROUP_MEMBERSHIP"),
        Entity::IdentityStore => Some("IDENTITY_STORE"),
        Entity::Account
        | Entity::AccountAssignment
        | Entity::Bucket
        | Entity::Child
        | Entity::CreateAccountRequest
        | Entity::Instance
        | Entity::ManagedPolicy
        | Entity::MultipartUpload
        | Entity::Object
        | Entity::Organization
        | Entity::Parent
        | Entity::PermissionSet
        | Entity::Request
        | Entity::Session
        | Entity::Target => None,
    }
}
