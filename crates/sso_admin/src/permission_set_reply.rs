//! Permission set in replies of sso-admin.

use kernel::reply::seconds;
use model::permission_set::PermissionSet;
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
    /// Seconds since 1970.
    pub created_date: f64,
    pub session_duration: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relay_state: Option<String>,
}

impl From<&PermissionSet> for PermissionSetReply {
    fn from(set: &PermissionSet) -> Self {
        let permission_set = PermissionSetBody {
            name: set.name.to_string(),
            permission_set_arn: set.arn().to_string(),
            description: set.description.as_ref().map(ToString::to_string),
            created_date: seconds(set.created_at_ms),
            session_duration: set.session_duration.to_string(),
            relay_state: set.relay_state.as_ref().map(ToString::to_string),
        };
        Self { permission_set }
    }
}
