//! Profile of a group in `CreateGroup`, and after `UpdateGroup`.

use model::Fault;
use model::attribute::AttributeText;
use model::group::{Group, GroupName};
use protocol::Fields;
use serde_json::{Map, Value};

use super::user_profile::name_or_kept;

/// Attributes of a group that can be set and changed.
#[derive(Clone, Debug)]
pub struct GroupProfile {
    pub display_name: GroupName,
    pub description: Option<AttributeText>,
}

impl GroupProfile {
    /// Returns the profile of a group in the form of a `CreateGroup` request.
    pub(super) fn draft(group: &Group) -> Map<String, Value> {
        let mut draft = Map::new();
        draft.insert("DisplayName".to_owned(), group.display_name.as_str().into());
        if let Some(description) = &group.description {
            draft.insert("Description".to_owned(), description.as_str().into());
        }
        draft
    }
}

impl GroupProfile {
    /// Reads the profile of a new group, or of one that was stored as `before`.
    pub(super) fn read(fields: &Fields<'_>, before: Option<&Group>) -> Result<Self, Fault> {
        let kept = before.map(|group| &group.display_name);
        Ok(Self {
            // AWS: the model leaves DisplayName optional; the service refuses a group without one.
            display_name: name_or_kept(fields, "DisplayName", kept)?,
            description: fields.optional("Description")?,
        })
    }
}
