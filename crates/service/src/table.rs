//! Table of every service, its operations, every kind of job, and what runs each second.

use kernel::jobs::Work;
use kernel::{Access, Portico, Served};
use model::Fault;
use model::service::{self, Service};

/// Every service with its operations.
pub const SERVED: &[(&Service, &[&dyn Served])] = &[
    (&service::IDENTITY_STORE, identitystore::OPERATIONS),
    (&service::SSO_ADMIN, sso_admin::OPERATIONS),
    (&service::ORGANIZATIONS, organizations::OPERATIONS),
    (&service::PORTICO_ADMIN, portico_admin::OPERATIONS),
    (&service::SSO_OIDC, oauth::OPERATIONS),
    (&service::SSO_PORTAL, portal::OPERATIONS),
    (&service::STS, sts::OPERATIONS),
];

/// Every kind of job.
pub const JOBS: &[&dyn Work] = &[
    &identitystore::delete_group::JOB,
    &identitystore::delete_user::JOB,
    &organizations::create_account::JOB,
    &sign_in::forgot_password::JOB,
    &sso_admin::create_account_assignment::JOB,
    &sso_admin::delete_account_assignment::JOB,
    &sso_admin::delete_instance::JOB,
    &sso_admin::provision_permission_set::JOB,
];

/// Runs what a server does each second for the services.
pub fn every_second(portico: &Portico) -> Result<(), Fault> {
    sign_in::history::write_failures(portico)
}

/// Lists every operation of every service.
pub fn operations() -> impl Iterator<Item = &'static dyn Served> {
    SERVED.iter().flat_map(|(_, operations)| operations.iter().copied())
}

/// Finds the operation with this name, such as `AWSIdentityStore.ListGroups`.
#[must_use]
pub fn find(name: &str) -> Option<&'static dyn Served> {
    let (target, operation) = name.split_once('.')?;
    find_in(service::find(target)?, operation)
}

/// The operation of a service, such as `ListGroups`.
#[must_use]
pub fn find_in(service: &Service, operation: &str) -> Option<&'static dyn Served> {
    let (_, operations) = SERVED.iter().find(|(served, _)| served.target == service.target)?;
    let is_named = |served: &&dyn Served| {
        let name = served.name().strip_prefix(service.target);
        name.and_then(|name| name.strip_prefix('.')) == Some(operation)
    };
    operations.iter().copied().find(is_named)
}

/// Tells whether an action only reads. Returns `None` for an action that belongs to no operation.
#[must_use]
pub fn is_read(action: &str) -> Option<bool> {
    let operation = operations().find(|operation| operation.action() == action)?;
    Some(operation.access() == Access::Reads)
}

#[cfg(test)]
mod tests {
    use std::any::Any;
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn an_operation_is_named_after_its_service() {
        for (service, operations) in SERVED {
            for operation in *operations {
                let (target, name) = operation.name().split_once('.').unwrap();
                assert_eq!(target, service.target, "{}", operation.name());
                let action = format!("{}:{name}", service.action_prefix);
                assert_eq!(operation.action(), action, "{}", operation.name());
                assert_eq!(find(operation.name()).map(Served::name), Some(operation.name()));
            }
        }
    }

    #[test]
    fn no_two_operations_of_a_service_have_equal_types() {
        for (_, operations) in SERVED {
            let mut seen = HashMap::new();
            for operation in *operations {
                let any: &dyn Any = *operation;
                let other = seen.insert(any.type_id(), operation.name());
                assert_eq!(other, None, "{}: give it a request of its own", operation.name());
            }
        }
    }

    #[test]
    fn every_service_is_in_the_table() {
        let served: Vec<&str> = SERVED.iter().map(|(service, _)| service.target).collect();
        let declared: Vec<&str> = service::SERVICES.iter().map(|it| it.target).collect();
        assert_eq!(served, declared);
    }

    #[test]
    fn no_two_operations_and_no_two_jobs_have_one_name() {
        let mut names: Vec<&str> = operations().map(Served::name).collect();
        names.extend(JOBS.iter().map(|job| job.name()));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
