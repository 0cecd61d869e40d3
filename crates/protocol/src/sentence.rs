//! The message of a fault, the same in every protocol and page.

use model::{Entity, Fault};

use crate::resource_type::resource_type;

/// A whole sentence about the fault. It contains no secret and no detail of a failure of Portico.
#[must_use]
pub fn sentence(fault: &Fault) -> String {
    match fault {
        Fault::UnknownOperation { name } if name.is_empty() => {
            "The request must name an operation.".to_owned()
        }
        Fault::UnknownOperation { name } => format!("The operation {name} is not known."),
        Fault::Unreadable { must } | Fault::NotAdmitted { must } => {
            format!("The request must {must}.")
        }
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
            has ended, or its role is gone, or it was revoked. Sign in again, after `aws sso logout` with the AWS \
            CLI, which keeps such keys."
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
        Fault::Contended | Fault::Busy => {
            "Too many requests at the same time. Try again.".to_owned()
        }
        Fault::Unavailable(_) => {
            "The server cannot reach its database at the moment. Try again.".to_owned()
        }
        Fault::Broken(_) => "An unexpected error occurred.".to_owned(),
    }
}

// AWS: an entity with a ResourceType is named by it, in capitals: «USER not found».
fn name(entity: Entity) -> String {
    resource_type(entity).map_or_else(|| capitalized(&entity.to_string()), str::to_owned)
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
