//! `Extensions` of a request: which extensions a reply is to hold.

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

/// Whether the reply is to hold the one extension.
pub(super) fn read(fields: &Fields<'_>) -> Result<bool, Fault> {
    Ok(fields.strings::<ExtensionName>("Extensions", 1..=10)?.is_some())
}
