//! Profile of a group in `CreateGroup`, and after `UpdateGroup`.

use model::Fault;
use model::attribute::AttributeText;
use model::group::{Group, GroupName};
use protocol::{Fields, FromFields};
use serde_json::{Map, Value};

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

impl FromFields for GroupProfile {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            // AWS: the model leaves DisplayName optional; the service refuses a group without one.
            display_name: fields.required("DisplayName")?,
            description: fields.optional("Description")?,
        })
    }
}
