//! Permission sets: the definitions from which roles are provisioned in accounts.
//!
//! The constraints are those of the service model of sso-admin.

mod policy;
mod provisioning_status;
mod session_duration;

use crate::ids::{InstanceId, PermissionSetArn, PermissionSetId};
use crate::text_type::text_type;

pub use policy::{ManagedPolicyArn, PolicyDocument};
pub use provisioning_status::ProvisioningStatus;
pub use session_duration::SessionDuration;

/// A permission set, without its policies.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PermissionSet {
    pub instance_id: InstanceId,
    pub id: PermissionSetId,
    /// Unique in the instance. People choose a role by this name.
    pub name: PermissionSetName,
    pub description: Option<PermissionSetDescription>,
    pub session_duration: SessionDuration,
    pub relay_state: Option<RelayState>,
    /// The number of edits, including edits of the policies.
    pub revision: i64,
    pub created_at_ms: i64,
}

impl PermissionSet {
    #[must_use]
    pub fn arn(&self) -> PermissionSetArn {
        PermissionSetArn { instance_id: self.instance_id.clone(), id: self.id.clone() }
    }
}

/// Maximum number of permission sets of an instance.
// AWS: quotas of identity center, as are the two below.
pub const PERMISSION_SETS_MAX: usize = 3500;
/// Maximum number of managed policies of a permission set.
pub const MANAGED_POLICIES_MAX: usize = 25;
/// Maximum number of permission sets that are provisioned in an account.
pub const PROVISIONED_IN_ACCOUNT_MAX: usize = 500;

text_type! {
    /// 1 to 32 characters of `[\w+=,.@-]`: the name of the role contains it.
    PermissionSetName, |text| {
        if !(1..=32).contains(&text.chars().count()) {
            return Err("have length between 1 and 32");
        }
        policy::check_name(text)
    }
}

text_type! {
    /// 1 to 700 printable characters of Latin-1, with tabs and ends of lines.
    PermissionSetDescription, |text| {
        if !(1..=700).contains(&text.chars().count()) {
            return Err("have length between 1 and 700");
        }
        if text.chars().all(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{A1}'..='\u{FF}')) {
            return Ok(());
        }
        Err("hold printable characters of Latin-1 only")
    }
}

text_type! {
    /// 1 to 240 characters of a URL: the page at which the console opens.
    RelayState, |text| {
        if !(1..=240).contains(&text.chars().count()) {
            return Err("have length between 1 and 240");
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || r#"&$@#\/%?=~-_'"|!:,.;*+[] (){}"#.contains(c);
        if text.chars().all(allowed) {
            return Ok(());
        }
        Err(r#"hold only letters, digits, spaces and &$@#\/%?=~-_'"|!:,.;*+[](){}"#)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_a_role_may_carry() {
        assert!("Read_Only+=,.@-1".parse::<PermissionSetName>().is_ok());
        assert!("".parse::<PermissionSetName>().is_err());
        assert!("a".repeat(33).parse::<PermissionSetName>().is_err());
        assert!("Read Only".parse::<PermissionSetName>().is_err());
        assert!("Äbc".parse::<PermissionSetName>().is_err());
    }

    #[test]
    fn a_relay_state_may_not_hold_what_an_address_may_not() {
        assert!("https://console.example/ec2?region=us-east-1#x".parse::<RelayState>().is_ok());
        assert!("<script>".parse::<RelayState>().is_err());
        assert!("a\nb".parse::<RelayState>().is_err());
        assert!("".parse::<RelayState>().is_err());
    }
}
