//! What a provider outside calls a user or a group.

use serde::{Deserialize, Serialize};

use crate::texts::{is_visible, read_from_json, text_newtype};

/// A user or a group holds at most this many.
// AWS: ExternalIds.
pub const EXTERNAL_IDS_MAX: usize = 10;

/// The name of a user or a group at a provider outside.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ExternalId {
    pub issuer: ExternalIdPart,
    pub id: ExternalIdPart,
}

text_newtype! {
    /// 1 to 256 visible characters.
    // AWS: ExternalIdIssuer and ExternalIdIdentifier.
    ExternalIdPart, |text| {
        if !(1..=256).contains(&text.chars().count()) {
            return Err("have length between 1 and 256");
        }
        if text.chars().all(is_visible) { Ok(()) } else { Err("hold no spaces and no control characters") }
    }
}

read_from_json!(ExternalIdPart);
