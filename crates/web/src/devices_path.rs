//! Address of the page "Your second factors", and of that page for a person who was let in without one.

use protocol::form::write_pairs;

/// Path of the list.
pub(crate) const PATH: &str = "/security/devices";

/// Parameter with the address at which a person goes on who was let in once without the second factor that they lost.
pub(crate) const AFTER_BYPASS: &str = "after_bypass";

/// Returns the address of the list for a person who was let in once without the second factor that they lost.
pub(crate) fn after_bypass(return_to: &str) -> String {
    format!("{PATH}?{}", write_pairs([(AFTER_BYPASS, return_to)]))
}
