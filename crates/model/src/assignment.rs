//! Account assignments: a principal, an account and a permission set.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, GroupId, InstanceId, PermissionSetArn, PermissionSetId, UserId};

/// An assignment of a principal to an account under a permission set.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccountAssignment {
    pub instance_id: InstanceId,
    pub account_id: AccountId,
    pub permission_set_id: PermissionSetId,
    pub principal: AssignmentPrincipal,
    pub created_at_ms: i64,
}

impl AccountAssignment {
    #[must_use]
    pub fn permission_set_arn(&self) -> PermissionSetArn {
        PermissionSetArn {
            instance_id: self.instance_id.clone(),
            id: self.permission_set_id.clone(),
        }
    }
}

/// Maximum number of groups that have one permission set in one account.
// AWS: quotas of identity center.
pub const GROUPS_MAX: usize = 100;

/// The user or group of an assignment.
///
/// In JSON it is `{"PrincipalType": "USER", "PrincipalId": "…"}`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "PrincipalType", content = "PrincipalId", rename_all = "UPPERCASE")]
pub enum AssignmentPrincipal {
    User(UserId),
    Group(GroupId),
}

impl From<UserId> for AssignmentPrincipal {
    fn from(id: UserId) -> Self {
        Self::User(id)
    }
}

impl From<GroupId> for AssignmentPrincipal {
    fn from(id: GroupId) -> Self {
        Self::Group(id)
    }
}

impl AssignmentPrincipal {
    /// Reads a principal from a type and an id, as requests and the database have them.
    pub fn new(kind: PrincipalType, id: &str) -> Result<Self, &'static str> {
        // AWS: unlike identitystore, the operations here take no ARN.
        if id.len() > 47 {
            return Err("have length at most 47");
        }
        match kind {
            PrincipalType::User => id.parse().map(Self::User),
            PrincipalType::Group => id.parse().map(Self::Group),
        }
    }

    #[must_use]
    pub fn kind(&self) -> PrincipalType {
        match self {
            Self::User(_) => PrincipalType::User,
            Self::Group(_) => PrincipalType::Group,
        }
    }

    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::User(id) => id.as_str(),
            Self::Group(id) => id.as_str(),
        }
    }
}

/// The type of a principal.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PrincipalType {
    User,
    Group,
}

impl PrincipalType {
    /// The name in the API and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Group => "GROUP",
        }
    }
}

impl fmt::Display for PrincipalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PrincipalType {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "USER" => Ok(Self::User),
            "GROUP" => Ok(Self::Group),
            _ => Err("be USER or GROUP"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_principal_is_two_members_of_a_json_object() {
        #[derive(Debug, Deserialize, PartialEq, Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Payload {
            account_id: AccountId,
            #[serde(flatten)]
            principal: AssignmentPrincipal,
        }
        let json = r#"{"AccountId":"123456789012","PrincipalType":"USER","PrincipalId":"00000000-0000-4000-8000-000000000001"}"#;
        let payload: Payload = serde_json::from_str(json).unwrap();
        assert_eq!(payload.principal.kind(), PrincipalType::User);
        assert_eq!(serde_json::to_string(&payload).unwrap(), json);
        assert!(serde_json::from_str::<Payload>(&json.replace("0001", "x")).is_err());
    }
}
