//! Group in replies.

use kernel::reply::seconds;
use model::external_id::ExternalId;
use model::group::Group;
use serde::Serialize;

/// AWS: `Group`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GroupReply {
    pub identity_store_id: String,
    pub group_id: String,
    pub group_arn: String,
    pub revision: String,
    pub display_name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub external_ids: Vec<ExternalId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Seconds since 1970.
    pub created_at: f64,
    pub created_by: String,
    /// Seconds since 1970.
    pub updated_at: f64,
    pub updated_by: String,
}

impl GroupReply {
    pub(super) fn new(group: Group) -> Self {
        Self {
            identity_store_id: group.identity_store_id.into(),
            group_arn: group.id.arn(),
            group_id: group.id.into(),
            revision: group.revision.to_string(),
            display_name: group.display_name.into(),
            external_ids: group.external_ids,
            description: group.description.map(Into::into),
            created_at: seconds(group.created_at_ms),
            created_by: group.created_by,
            updated_at: seconds(group.updated_at_ms),
            updated_by: group.updated_by,
        }
    }
}

/// Reply of `CreateGroup` and `UpdateGroup`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GroupRevisionReply {
    pub identity_store_id: String,
    pub group_id: String,
    pub group_arn: String,
    pub revision: String,
}

impl GroupRevisionReply {
    pub(super) fn new(group: &Group, revision: i64) -> Self {
        Self {
            identity_store_id: group.identity_store_id.to_string(),
            group_id: group.id.to_string(),
            group_arn: group.id.arn(),
            revision: revision.to_string(),
        }
    }
}
