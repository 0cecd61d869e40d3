//! Assignments of permission sets, and their provisioning.

use serde_json::{Value, json};

use super::{Scenario, at, merged, with};

impl Scenario<'_> {
    pub fn assign(&mut self) -> Result<(), String> {
        let world = self.world.clone();
        let ([account, other], [reader, writer], [user, _]) =
            (&world.accounts, &world.permission_sets, &world.users);
        let [group, _] = &world.groups;
        for (account, set, kind, principal) in [
            (account, reader, "USER", user),
            (account, reader, "GROUP", group),
            (account, writer, "USER", user),
            (other, reader, "USER", user),
        ] {
            let input = world.of_instance(&assignment(account, set, kind, principal));
            let made = self.call("sso-admin.CreateAccountAssignment", &input)?;
            let id = at(&made, "/AccountAssignmentCreationStatus/RequestId");
            let asked = world.of_instance(&json!({"AccountAssignmentCreationRequestId": id}));
            let name = "sso-admin.DescribeAccountAssignmentCreationStatus";
            self.wait(name, &asked, "/AccountAssignmentCreationStatus/Status")?;
        }
        self.list("sso-admin.ListAccountAssignmentCreationStatus", &world.of_instance(&json!({})))?;
        let both = world.of_instance(&json!({"AccountId": account, "PermissionSetArn": reader}));
        self.list("sso-admin.ListAccountAssignments", &both)?;
        let principal = world.of_instance(&json!({"PrincipalId": user, "PrincipalType": "USER"}));
        self.list("sso-admin.ListAccountAssignmentsForPrincipal", &principal)?;
        let set = world.of_instance(&json!({"PermissionSetArn": reader}));
        let target = json!({"TargetId": account, "TargetType": "AWS_ACCOUNT"});
        for input in
            [merged(&set, &target), with(&set, "TargetType", &json!("ALL_PROVISIONED_ACCOUNTS"))]
        {
            let made = self.call("sso-admin.ProvisionPermissionSet", &input)?;
            let id = at(&made, "/PermissionSetProvisioningStatus/RequestId");
            let asked = world.of_instance(&json!({"ProvisionPermissionSetRequestId": id}));
            let name = "sso-admin.DescribePermissionSetProvisioningStatus";
            self.wait(name, &asked, "/PermissionSetProvisioningStatus/Status")?;
        }
        self.list("sso-admin.ListPermissionSetProvisioningStatus", &world.of_instance(&json!({})))?;
        self.list("sso-admin.ListAccountsForProvisionedPermissionSet", &set)?;
        let account = world.of_instance(&json!({"AccountId": account}));
        self.list("sso-admin.ListPermissionSetsProvisionedToAccount", &account)?;
        Ok(())
    }
}

pub fn assignment(account: &Value, set: &Value, kind: &str, principal: &Value) -> Value {
    json!({
        "TargetId": account, "TargetType": "AWS_ACCOUNT", "PermissionSetArn": set,
        "PrincipalType": kind, "PrincipalId": principal,
    })
}
