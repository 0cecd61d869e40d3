//! A user as replies show one.

use model::external_id::ExternalId;
use model::user::{User, UserAttributes};
use serde::Serialize;

use crate::reply::seconds;

/// A user.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserReply {
    pub identity_store_id: String,
    pub user_id: String,
    pub user_arn: String,
    pub revision: String,
    pub user_name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub external_ids: Vec<ExternalId>,
    pub display_name: String,
    #[serde(flatten)]
    pub attributes: UserAttributes,
    /// `ENABLED` or `DISABLED`.
    pub user_status: &'static str,
    pub created_at: f64,
    pub created_by: String,
    pub updated_at: f64,
    pub updated_by: String,
}

impl UserReply {
    /// The reply for a user, with the extensions if they were asked for.
    pub(super) fn new(user: User, with_extensions: bool) -> Self {
        let mut attributes = user.attributes;
        if !with_extensions {
            attributes.extensions = None;
        }
        Self {
            identity_store_id: user.identity_store_id.into(),
            user_arn: user.id.arn(),
            user_id: user.id.into(),
            revision: user.revision.to_string(),
            user_name: user.user_name.into(),
            external_ids: user.external_ids,
            display_name: user.display_name.into(),
            attributes,
            user_status: user.status.as_str(),
            created_at: seconds(user.created_at_ms),
            created_by: user.created_by,
            updated_at: seconds(user.updated_at_ms),
            updated_by: user.updated_by,
        }
    }
}

/// The reply of the operations that make or change a user.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserRevisionReply {
    pub identity_store_id: String,
    pub user_id: String,
    pub user_arn: String,
    pub revision: String,
}

impl UserRevisionReply {
    pub(super) fn new(user: &User, revision: i64) -> Self {
        Self {
            identity_store_id: user.identity_store_id.to_string(),
            user_id: user.id.to_string(),
            user_arn: user.id.arn(),
            revision: revision.to_string(),
        }
    }
}
