//! Permission set in replies of sso-admin.

use kernel::reply::{Moment, as_text};
use model::permission_set::{PermissionSet, SessionDuration};
use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PermissionSetReply {
    pub permission_set: PermissionSetBody,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PermissionSetBody {
    pub name: String,
    pub permission_set_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub created_date: Moment,
    #[serde(serialize_with = "as_text")]
    pub session_duration: SessionDuration,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relay_state: Option<String>,
}

impl From<&PermissionSet> for PermissionSetReply {
    fn from(set: &PermissionSet) -> Self {
        let permission_set = PermissionSetBody {
            name: set.name.to_string(),
            permission_set_arn: set.arn().to_string(),
            description: set.description.as_ref().map(ToString::to_string),
            created_date: Moment(set.created_at_ms),
            session_duration: set.session_duration.clone(),
            relay_state: set.relay_state.as_ref().map(ToString::to_string),
        };
        Self { permission_set }
    }
}
