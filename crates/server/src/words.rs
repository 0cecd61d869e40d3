//! Faults in words for the operator.

use model::Fault;
use protocol::sentence;

/// The message about a fault for the operator, who may see the inside.
pub(crate) fn say(fault: Fault) -> String {
    if let Fault::Broken(what) | Fault::Unavailable(what) = fault { what } else { sentence(&fault) }
}
