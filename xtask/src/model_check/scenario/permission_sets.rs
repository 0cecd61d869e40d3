//! Permission sets and what is attached to them.

use serde_json::{Value, json};

use super::{Scenario, at, with};

impl Scenario<'_> {
    pub fn make_permission_sets(&mut self) -> Result<(), String> {
        let world = self.world.clone();
        let tags = json!([{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]);
        let full = json!({
            "Name": "Reader", "Description": "Reads", "SessionDuration": "PT2H",
            "RelayState": "https://example.com/", "Tags": tags,
        });
        let mut sets = [Value::Null, Value::Null];
        for (set, input) in sets.iter_mut().zip([full, json!({"Name": "Writer"})]) {
            let made = self.call("sso-admin.CreatePermissionSet", &world.of_instance(&input))?;
            *set = at(&made, "/PermissionSet/PermissionSetArn");
        }
        let [reader, _] = &sets;
        let set = world.of_instance(&json!({"PermissionSetArn": reader}));
        self.call("sso-admin.DescribePermissionSet", &set)?;
        self.list("sso-admin.ListPermissionSets", &world.of_instance(&json!({})))?;
        let change = with(&set, "Description", &json!("Reads all"));
        self.call("sso-admin.UpdatePermissionSet", &change)?;
        for policy in ["ReadOnlyAccess", "job-function/ViewOnlyAccess"] {
            let arn = json!(format!("arn:aws:iam::aws:policy/{policy}"));
            let input = with(&set, "ManagedPolicyArn", &arn);
            self.call("sso-admin.AttachManagedPolicyToPermissionSet", &input)?;
        }
        self.list("sso-admin.ListManagedPoliciesInPermissionSet", &set)?;
        let statement = json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"});
        let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
        let inline = with(&set, "InlinePolicy", &json!(policy));
        self.call("sso-admin.PutInlinePolicyToPermissionSet", &inline)?;
        self.call("sso-admin.GetInlinePolicyForPermissionSet", &set)?;
        let resource = world.of_instance(&json!({"ResourceArn": reader}));
        self.call(
            "sso-admin.TagResource",
            &with(&resource, "Tags", &json!([{"Key": "c", "Value": "3"}])),
        )?;
        self.call("sso-admin.ListTagsForResource", &resource)?;
        self.call("sso-admin.UntagResource", &with(&resource, "TagKeys", &json!(["c"])))?;
        self.world.permission_sets = sets;
        Ok(())
    }
}
