//! The look-ups of operations: by target, by route, by query action. There are no others.

use protocol::rest_json::{Dialect, Route};
use service::dispatch;

/// An operation of the wire.
pub type Operation = &'static service::dispatch::Operation;

/// The operation that an `X-Amz-Target` names.
#[must_use]
pub fn of_target(target: &str) -> Option<Operation> {
    dispatch::find(target)
}

/// The operation that a REST-JSON route leads to.
#[must_use]
pub fn of_route(route: &Route) -> Option<Operation> {
    let prefix = match route.dialect {
        Dialect::Oidc => "SSOOIDC",
        Dialect::Portal => "SSOPortal",
    };
    dispatch::find(&format!("{prefix}.{}", route.operation))
}

/// The operation of sts that an `Action` parameter names.
#[must_use]
pub fn of_sts_action(action: &str) -> Option<Operation> {
    dispatch::find(&format!("STS.{action}"))
}
