//! External ids: the names of a user or a group at external identity providers.

use serde::{Deserialize, Serialize};

use crate::text_type::text_type;
use crate::visible::is_visible;

/// Maximum number of external ids of a user or a group.
// AWS: ExternalIds.
pub const EXTERNAL_IDS_MAX: usize = 10;

/// The id of a user or a group at an external identity provider.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ExternalId {
    pub issuer: ExternalIdPart,
    pub id: ExternalIdPart,
}

text_type! {
    /// 1 to 256 visible characters.
    // AWS: ExternalIdIssuer and ExternalIdIdentifier.
    ExternalIdPart, |text| {
        if !(1..=256).contains(&text.chars().count()) {
            return Err("have length between 1 and 256");
        }
        if text.chars().all(is_visible) { Ok(()) } else { Err("hold no spaces and no control characters") }
    }
}
