//! Tags: a key and a value on a resource.

use serde::{Deserialize, Serialize};

use crate::texts::text_newtype;

/// A tag.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    pub key: TagKey,
    pub value: TagValue,
}

/// A resource holds at most this many.
// AWS: TagList of sso-admin.
pub const TAGS_MAX: usize = 75;

/// An account or the root of the organisation holds at most this many.
// AWS: quotas of organizations.
pub const ORGANIZATION_TAGS_MAX: usize = 50;

text_newtype! {
    /// 1 to 128 letters, separators, digits and `_.:/=+-@`; not `aws:…`, which is AWS's own.
    TagKey, |text| {
        if !(1..=128).contains(&text.chars().count()) {
            return Err("have length between 1 and 128");
        }
        if text.to_lowercase().starts_with("aws:") {
            return Err("not begin with aws:");
        }
        is_tag_text(text)
    }
}

text_newtype! {
    /// Up to 256 letters, separators, digits and `_.:/=+-@`.
    TagValue, |text| {
        if text.chars().count() > 256 {
            return Err("have length at most 256");
        }
        is_tag_text(text)
    }
}

// AWS: `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`.
fn is_tag_text(text: &str) -> Result<(), &'static str> {
    let separator = |c: char| c.is_whitespace() && !c.is_control();
    if text.chars().all(|c| c.is_alphanumeric() || separator(c) || "_.:/=+-@".contains(c)) {
        Ok(())
    } else {
        Err("hold only letters, digits, spaces and _.:/=+-@")
    }
}
