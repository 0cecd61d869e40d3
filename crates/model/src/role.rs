//! Roles: what a permission set became in an account.

use crate::Random;
use crate::ids::{AccountId, InstanceId, PermissionSetId, RoleId};
use crate::permission_set::{ManagedPolicyArn, PermissionSetName, PolicyDocument, RelayState};
use crate::senses::random_text;
use crate::texts::text_newtype;

/// A role. It says what its permission set said when it was provisioned last.
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
    /// The edit of the permission set that this is.
    pub permission_set_revision: i64,
    /// Counts the times it was provisioned.
    pub revision: i64,
    pub created_at_ms: i64,
}

text_newtype! {
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
    /// The name of a role that is made for a permission set.
    // AWS: the end is another each time, so a role made again is another role.
    #[must_use]
    pub fn reserved(name: &PermissionSetName, random: &dyn Random) -> Self {
        Self(format!("AWSReservedSSO_{name}_{}", random_text(random, b"0123456789abcdef", 16)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Zeros;

    impl Random for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    #[test]
    fn the_longest_permission_set_gives_a_name_that_a_role_may_have() {
        let name = RoleName::reserved(&"x".repeat(32).parse().unwrap(), &Zeros);
        assert_eq!(name.as_str().len(), 64);
        assert_eq!(name.as_str().parse(), Ok(name));
    }
}
