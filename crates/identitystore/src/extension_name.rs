//! `Extensions` of a request: the extensions to include in a reply.

use std::str::FromStr;

use model::Fault;
use model::user::ENTERPRISE;
use protocol::Fields;

struct ExtensionName;

impl FromStr for ExtensionName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == ENTERPRISE {
            Ok(Self)
        } else {
            Err("be aws:identitystore:enterprise, the only extension there is")
        }
    }
}

/// Tells whether the reply shall include the enterprise extension, the only one.
pub(super) fn read(fields: &Fields<'_>) -> Result<bool, Fault> {
    Ok(fields.strings::<ExtensionName>("Extensions", 1..=10)?.is_some())
}
