//! Roles: permission sets as they are provisioned in accounts.

use crate::ids::{AccountId, InstanceId, PermissionSetId, RoleId};
use crate::permission_set::{ManagedPolicyArn, PermissionSetName, PolicyDocument, RelayState};
use crate::random::{HEX, Random, random_text};
use crate::text_type::text_type;

/// A role: a copy of its permission set as of the last provisioning.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Role {
    pub instance_id: InstanceId,
    pub account_id: AccountId,
    pub permission_set_id: PermissionSetId,
    pub name: RoleName,
    pub role_id: RoleId,
    pub managed_policy_arns: Vec<ManagedPolicyArn>,
    pub inline_policy: Option<PolicyDocument>,
    pub session_duration_seconds: i64,
    pub relay_state: Option<RelayState>,
    /// The revision of the permission set that was provisioned.
    pub permission_set_revision: i64,
    /// The number of times that the role was provisioned.
    pub revision: i64,
    pub created_at_ms: i64,
}

text_type! {
    /// 1 to 64 characters of `[\w+=,.@-]`.
    RoleName, |text| {
        if !(1..=64).contains(&text.chars().count()) {
            return Err("have length between 1 and 64");
        }
        if text.chars().all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)) {
            return Ok(());
        }
        Err("hold only letters, digits and _+=,.@-")
    }
}

impl RoleName {
    /// The name of a new role of a permission set.
    // AWS: the suffix is random, so a role that is created again is a different role.
    #[must_use]
    pub fn reserved(name: &PermissionSetName, random: &dyn Random) -> Self {
        Self(format!("AWSReservedSSO_{name}_{}", random_text(random, HEX, 16)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Repeated;

    #[test]
    fn the_longest_permission_set_gives_a_name_that_a_role_may_have() {
        let name = RoleName::reserved(&"x".repeat(32).parse().unwrap(), &Repeated(0));
        assert_eq!(name.as_str().len(), 64);
        assert_eq!(name.as_str().parse(), Ok(name));
    }
}
