//! The look-ups of operations: by target, by route, by query action. There are no others.

use kernel::Served;
use model::service::Service;
use protocol::rest_json::Route;

/// An operation of the wire.
pub type Operation = &'static dyn Served;

/// The operation that an `X-Amz-Target` names.
#[must_use]
pub fn of_target(target: &str) -> Option<Operation> {
    service::find(target)
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
