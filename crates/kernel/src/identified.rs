//! The caller in the log lines of a request.

use std::sync::Arc;

use policy::Caller;

/// Adds a caller who was identified to the log lines of the request. Everybody who proves who they are
/// passes here.
pub(crate) fn identified(caller: Arc<Caller>) -> Arc<Caller> {
    tracing::Span::current().record("caller", tracing::field::display(caller.arn()));
    caller
}
