//! AWS Organizations.

use serde_json::json;

use crate::world::{at, is_in_progress};
use crate::{Api, Call, Callers, World};

/// Fills in [`World::accounts`].
pub fn walk(api: &mut dyn Api, world: &mut World) {
    let new = json!({ "FeatureSet": "ALL" });
    let create = Call::new("AWSOrganizationsV20161128.CreateOrganization", new);
    api.call(&create.by(Callers::StandaloneAccount));
    // AWS: every account of an organization may describe it.
    let describe = Call::new("AWSOrganizationsV20161128.DescribeOrganization", json!({}));
    let described = api.call(&describe.by(Callers::Organization));
    api.step("AWSOrganizationsV20161128.ListRoots", json!({}));
    let mut account = json!(null);
    for (name, email) in [("Ledger", "ledger@example.com"), ("Backup", "backup@example.com")] {
        let tags = json!([{ "Key": "team", "Value": "one" }]);
        let new = json!({ "AccountName": name, "Email": email, "Tags": tags });
        let begun = api.step("AWSOrganizationsV20161128.CreateAccount", new);
        let id = json!({ "CreateAccountRequestId": at(&begun, "/CreateAccountStatus/Id") });
        let status = Call::new("AWSOrganizationsV20161128.DescribeCreateAccountStatus", id);
        api.call(&status);
        let ended = api.wait(&status, &is_in_progress("/CreateAccountStatus/State"));
        account = at(&ended, "/CreateAccountStatus/AccountId");
    }
    world.accounts = [at(&described, "/Organization/MasterAccountId"), account];
    api.step("AWSOrganizationsV20161128.ListCreateAccountStatus", json!({}));
    api.step("AWSOrganizationsV20161128.ListAccounts", json!({}));
    let [account, _] = &world.accounts;
    api.step("AWSOrganizationsV20161128.DescribeAccount", json!({ "AccountId": account }));
    api.step("AWSOrganizationsV20161128.ListParents", json!({ "ChildId": account }));
    let tags = json!({ "ResourceId": account, "Tags": [{ "Key": "a", "Value": "1" }] });
    api.step("AWSOrganizationsV20161128.TagResource", tags);
    let resource = json!({ "ResourceId": account });
    api.step("AWSOrganizationsV20161128.ListTagsForResource", resource);
    let keys = json!({ "ResourceId": account, "TagKeys": ["a"] });
    api.step("AWSOrganizationsV20161128.UntagResource", keys);
}
