//! The accounts of the organisation, its instance, and who the caller is.

use serde_json::json;

use super::{Scenario, at, with};

impl Scenario<'_> {
    pub fn make_accounts(&mut self) -> Result<(), String> {
        self.call("organizations.DescribeOrganization", &json!({}))?;
        self.list("organizations.ListRoots", &json!({}))?;
        for (name, email) in [("Storage", "storage@example.com"), ("Backup", "backup@example.com")]
        {
            let tags = json!([{"Key": "team", "Value": "one"}]);
            let input = json!({"AccountName": name, "Email": email, "Tags": tags});
            let made = self.call("organizations.CreateAccount", &input)?;
            let id = json!({"CreateAccountRequestId": at(&made, "/CreateAccountStatus/Id")});
            let status = "/CreateAccountStatus/State";
            self.wait("organizations.DescribeCreateAccountStatus", &id, status)?;
        }
        self.list("organizations.ListCreateAccountStatus", &json!({}))?;
        let listed = self.list("organizations.ListAccounts", &json!({}))?;
        let account = at(&listed, "/Accounts/0/Id");
        self.call("organizations.DescribeAccount", &json!({"AccountId": account}))?;
        self.list("organizations.ListParents", &json!({"ChildId": account}))?;
        let resource = json!({"ResourceId": account});
        let tags = with(&resource, "Tags", &json!([{"Key": "a", "Value": "1"}]));
        self.call("organizations.TagResource", &tags)?;
        self.call("organizations.ListTagsForResource", &resource)?;
        let keys = with(&resource, "TagKeys", &json!(["a"]));
        self.call("organizations.UntagResource", &keys)?;
        let other = at(&listed, "/Accounts/1/Id");
        let other = if other.is_null() { account.clone() } else { other };
        self.world.accounts = [account, other];
        Ok(())
    }

    /// An account that stands alone becomes a management account.
    pub fn make_organization(&mut self) -> Result<(), String> {
        let made = json!({"FeatureSet": "ALL"});
        self.call("organizations.CreateOrganization", &made).map(drop)
    }

    pub fn find_instance(&mut self) -> Result<(), String> {
        let listed = self.call("sso-admin.ListInstances", &json!({}))?;
        self.world.instance = at(&listed, "/Instances/0/InstanceArn");
        self.world.store = at(&listed, "/Instances/0/IdentityStoreId");
        let instance = self.world.of_instance(&json!({}));
        self.call("sso-admin.UpdateInstance", &with(&instance, "Name", &json!("Example")))?;
        self.call("sso-admin.DescribeInstance", &instance)?;
        self.list("sso-admin.ListInstances", &json!({}))?;
        self.list("sso-admin.ListRegions", &instance)?;
        let region = with(&instance, "RegionName", &json!("us-east-1"));
        self.call("sso-admin.DescribeRegion", &region)?;
        Ok(())
    }

    pub fn ask_sts(&mut self) -> Result<(), String> {
        self.call("sts.GetCallerIdentity", &json!({}))?;
        let key = json!({"AccessKeyId": "ASIAIOSFODNN7EXAMPLE"});
        self.call("sts.GetAccessKeyInfo", &key)?;
        Ok(())
    }
}
