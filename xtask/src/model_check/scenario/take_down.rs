//! The end of everything that was made.

use serde_json::json;

use super::assignments::assignment;
use super::{Scenario, at, with};

impl Scenario<'_> {
    pub fn take_down(&mut self) -> Result<(), String> {
        let world = self.world.clone();
        let ([account, other], [reader, writer]) = (&world.accounts, &world.permission_sets);
        let ([user, second], [group, second_group]) = (&world.users, &world.groups);
        for (account, set, kind, principal) in [
            (account, reader, "USER", user),
            (account, reader, "GROUP", group),
            (account, writer, "USER", user),
            (other, reader, "USER", user),
        ] {
            let input = world.of_instance(&assignment(account, set, kind, principal));
            let made = self.call("sso-admin.DeleteAccountAssignment", &input)?;
            let id = at(&made, "/AccountAssignmentDeletionStatus/RequestId");
            let asked = world.of_instance(&json!({"AccountAssignmentDeletionRequestId": id}));
            let name = "sso-admin.DescribeAccountAssignmentDeletionStatus";
            self.wait(name, &asked, "/AccountAssignmentDeletionStatus/Status")?;
        }
        self.list("sso-admin.ListAccountAssignmentDeletionStatus", &world.of_instance(&json!({})))?;
        let set = world.of_instance(&json!({"PermissionSetArn": reader}));
        self.call("sso-admin.DeleteInlinePolicyFromPermissionSet", &set)?;
        let arn = json!("arn:aws:iam::aws:policy/ReadOnlyAccess");
        let input = with(&set, "ManagedPolicyArn", &arn);
        self.call("sso-admin.DetachManagedPolicyFromPermissionSet", &input)?;
        for set in &world.permission_sets {
            let set = world.of_instance(&json!({"PermissionSetArn": set}));
            self.call("sso-admin.DeletePermissionSet", &set)?;
        }
        for membership in &world.memberships {
            let input = world.of_store(&json!({"MembershipId": membership}));
            self.call("identitystore.DeleteGroupMembership", &input)?;
        }
        for group in [group, second_group] {
            self.call("identitystore.DeleteGroup", &world.of_store(&json!({"GroupId": group})))?;
        }
        for user in [user, second] {
            self.call("identitystore.DeleteUser", &world.of_store(&json!({"UserId": user})))?;
        }
        self.call("sso-admin.DeleteInstance", &world.of_instance(&json!({})))?;
        self.call("sso-admin.CreateInstance", &json!({"Name": "Another"}))?;
        Ok(())
    }
}
