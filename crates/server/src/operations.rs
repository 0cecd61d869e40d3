//! The look-ups of operations: by target, by route, by query action. There are no others.

use kernel::Served;
use model::service::{Protocol, Service, find};
use protocol::rest_json::Route;

/// An operation of the wire.
pub type Operation = &'static dyn Served;

/// The operation that an `X-Amz-Target` names. Only awsJson has targets: the operations of other
/// protocols have names of the same form, and are not found.
#[must_use]
pub fn of_target(target: &str) -> Option<Operation> {
    let (prefix, operation) = target.split_once('.')?;
    let service = find(prefix)?;
    match service.protocol {
        Protocol::AwsJson(_) => service::find_in(service, operation),
        Protocol::RestJson(_) | Protocol::Query { .. } => None,
    }
}

/// The operation that a REST-JSON route leads to.
#[must_use]
pub fn of_route(route: &Route) -> Option<Operation> {
    service::find_in(route.service, route.operation)
}

/// The operation of a service of AWS Query that an `Action` parameter names.
#[must_use]
pub fn of_action(service: &Service, action: &str) -> Option<Operation> {
    service::find_in(service, action)
}
