//! The page operation of a permission set, in memory.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::sync::Arc;

use console::describe_permission_set::{
    DescribePermissionSetRequest, OPERATION, PermissionSetReply,
};
use kernel::page::Page;
use model::Fault;
use model::ids::PermissionSetArn;
use model::permission_set::ProvisioningStatus;
use policy::Caller;
use serde_json::{Value, json};
use testing::center::{Center, for_user, text};
use testing::{ACCOUNT, administrator, role};

const INLINE: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}"#;
const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

/// Permission set that has everything.
struct Reader {
    center: Center,
    arn: PermissionSetArn,
}

impl Reader {
    fn new() -> Self {
        let center = Center::new();
        let body = json!({
            "Name": "Reader", "Description": "Reads", "RelayState": "/", "SessionDuration": "PT2H",
            "Tags": [{"Key": "team", "Value": "rail"}],
        });
        let made = center.call("CreatePermissionSet", body).unwrap();
        let set = text(&made, "/PermissionSet/PermissionSetArn");
        let reader = Self { arn: set.parse().unwrap(), center };
        let managed = json!({ "ManagedPolicyArn": READ_ONLY });
        reader.call("AttachManagedPolicyToPermissionSet", managed);
        let user = reader.center.create_user("alice");
        reader.center.assign(&for_user(&set, &user));
        reader.call("PutInlinePolicyToPermissionSet", json!({ "InlinePolicy": INLINE }));
        reader
    }

    fn call(&self, operation: &str, mut body: Value) {
        body["PermissionSetArn"] = self.arn.to_string().into();
        self.center.call(operation, body).unwrap();
    }

    fn describe(&self, caller: &Arc<Caller>) -> Result<PermissionSetReply, Fault> {
        self.describe_other(caller, self.arn.clone())
    }

    fn describe_other(
        &self,
        caller: &Arc<Caller>,
        arn: PermissionSetArn,
    ) -> Result<PermissionSetReply, Fault> {
        let instance_id = self.center.bench.instance().id;
        let request = DescribePermissionSetRequest { instance_id, arn, page: Page::first() };
        self.center.bench.as_caller(caller, |ctx| OPERATION.call(ctx, &request))
    }
}

#[test]
fn a_permission_set_is_shown_with_all_its_parts() {
    let reader = Reader::new();
    let shown = reader.describe(&administrator(ACCOUNT)).unwrap();
    assert_eq!(shown.set.name.as_str(), "Reader");
    assert_eq!(shown.set.session_duration.seconds(), 7200);
    let policies: Vec<String> =
        shown.managed_policies.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(policies, [READ_ONLY]);
    assert_eq!(shown.inline_policy.unwrap().unwrap().as_str(), INLINE);
    let accounts = shown.accounts.unwrap().rows;
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0].id.as_str(), ACCOUNT);
    assert!(accounts[0].name.is_some());
    // The inline policy came after the role was made.
    assert_eq!(accounts[0].status, ProvisioningStatus::NotLatest);
    assert_eq!(shown.tags.unwrap()[0].key.as_str(), "team");
    assert_eq!(reader.center.bench.events("sso:DescribePermissionSet").len(), 1);
    assert!(reader.center.bench.events("sso:ListTagsForResource").is_empty());

    reader.call("ProvisionPermissionSet", json!({ "TargetType": "ALL_PROVISIONED_ACCOUNTS" }));
    reader.center.work();
    let shown = reader.describe(&administrator(ACCOUNT)).unwrap();
    assert_eq!(shown.accounts.unwrap().rows[0].status, ProvisioningStatus::Latest);
}

#[test]
fn each_part_that_the_role_may_not_see_is_left_out_with_its_reason_and_event() {
    let reader = Reader::new();
    let statements = r#"{"Effect": "Allow", "Action": ["sso:DescribePermissionSet",
        "sso:ListAccountsForProvisionedPermissionSet"], "Resource": "*"}"#;
    let shown = reader.describe(&role(ACCOUNT, statements)).unwrap();
    let reasons = [
        (shown.managed_policies.unwrap_err(), "sso:ListManagedPoliciesInPermissionSet"),
        (shown.inline_policy.unwrap_err(), "sso:GetInlinePolicyForPermissionSet"),
        (shown.tags.unwrap_err(), "sso:ListTagsForResource"),
    ];
    for (reason, action) in reasons {
        assert!(reason.contains(action), "{reason}");
        // A refusal is on disk before the answer.
        assert_eq!(reader.center.bench.logged(action).len(), 1, "{action}");
    }
    assert_eq!(shown.accounts.unwrap().rows[0].name, None);
    assert_eq!(reader.center.bench.logged("organizations:DescribeAccount").len(), 1);
    assert_eq!(reader.center.bench.events("sso:DescribePermissionSet").len(), 1);
}

#[test]
fn a_role_that_may_not_describe_it_and_a_missing_permission_set_are_refused() {
    let reader = Reader::new();
    let statements = r#"{"Effect": "Allow", "Action": "sso:List*", "Resource": "*"}"#;
    let refused = reader.describe(&role(ACCOUNT, statements)).unwrap_err();
    assert!(matches!(refused, Fault::Denied(_)), "{refused:?}");
    let other = PermissionSetArn {
        instance_id: reader.arn.instance_id.clone(),
        id: "ps-0000000000000000".parse().unwrap(),
    };
    let missing = reader.describe_other(&administrator(ACCOUNT), other);
    assert!(matches!(missing, Err(Fault::NotFound { .. })), "{missing:?}");
    let stranger = reader.describe(&administrator("210987654321")).unwrap_err();
    assert!(matches!(stranger, Fault::Denied(_)), "{stranger:?}");
}
