//! A user as replies of the API show one.
//!
//! The database stores this JSON beside the columns, so that a page of users is copied from there
//! into the reply without building each user.

use serde::{Deserialize, Serialize};

use crate::external_id::ExternalId;
use crate::user::{User, UserAttributes};

/// A user, in the form and under the names of the API.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ShownUser {
    pub identity_store_id: String,
    pub user_id: String,
    pub user_arn: String,
    pub revision: String,
    pub user_name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external_ids: Vec<ExternalId>,
    pub display_name: String,
    #[serde(flatten)]
    pub attributes: UserAttributes,
    /// `ENABLED` or `DISABLED`.
    pub user_status: String,
    /// Seconds since 1970.
    pub created_at: f64,
    pub created_by: String,
    pub updated_at: f64,
    pub updated_by: String,
}

impl ShownUser {
    /// The reply form of a user. Extensions are left out unless the request asked for them.
    #[must_use]
    pub fn new(user: User, with_extensions: bool) -> Self {
        let mut attributes = user.attributes;
        if !with_extensions {
            attributes.extensions = None;
        }
        Self {
            user_arn: user.id.arn(),
            identity_store_id: user.identity_store_id.into(),
            user_id: user.id.into(),
            revision: user.revision.to_string(),
            user_name: user.user_name.into(),
            external_ids: user.external_ids,
            display_name: user.display_name.into(),
            attributes,
            user_status: user.status.as_str().to_owned(),
            created_at: seconds(user.created_at_ms),
            created_by: user.created_by,
            updated_at: seconds(user.updated_at_ms),
            updated_by: user.updated_by,
        }
    }
}

/// A time as awsJson has it: seconds since 1970, as a number.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "milliseconds of this age fit a double exactly")]
pub fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
