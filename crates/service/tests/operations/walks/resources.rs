//! Each action is authorized for the resources that the Service Authorization Reference gives it.
//!
//! A caller whose policy lacks one of the resources is refused; one whose policy has them all, and no
//! others, succeeds.

use std::collections::BTreeMap;
use std::sync::Arc;

use examples::{Call, Callers};
use model::Fault;
use policy::Caller;
use serde_json::{Value, json};
use testing::{ACCOUNT, administrator, role};

use super::walker::{Suite, Walker, walk};

/// Identifiers of what the walk made in the identity store.
#[derive(Default)]
struct Resources {
    /// By user name.
    users: BTreeMap<String, String>,
    /// By display name.
    groups: BTreeMap<String, String>,
    /// Group and user, by the membership.
    memberships: BTreeMap<String, (String, String)>,
}

impl Resources {
    /// The resources that a call's action is about; none where no table of its service is here.
    fn of(&self, walker: &Walker, call: &Call) -> Option<Vec<String>> {
        if call.callers != Callers::Permitted {
            return None;
        }
        match call.operation.split_once('.').unwrap() {
            ("SWBExternalService", operation) => {
                let kinds = kinds_of_sso_admin(operation).iter();
                Some(kinds.map(|kind| format!("arn:aws:sso:::{kind}/*")).collect())
            }
            ("AWSIdentityStore", operation) => {
                let others = self.of_identity_store(operation, &call.input);
                Some([vec![own_store(walker)], others].concat())
            }
            _ => None,
        }
    }

    /// The resources of an identity store's action, besides the store.
    fn of_identity_store(&self, operation: &str, input: &Value) -> Vec<String> {
        let user = || arn("user", text(&input["UserId"]));
        let group = || arn("group", text(&input["GroupId"]));
        let member = || arn("user", text(&input["MemberId"]["UserId"]));
        let unique = || text(&input["AlternateIdentifier"]["UniqueAttribute"]["AttributeValue"]);
        match operation {
            "CreateGroupMembership" => vec![group(), member()],
            "DeleteGroup" | "DescribeGroup" | "UpdateGroup" => vec![group()],
            "DeleteUser" | "DescribeUser" | "UpdateUser" => vec![user()],
            "DeleteGroupMembership" | "DescribeGroupMembership" => {
                let id = text(&input["MembershipId"]);
                let (group, user) = &self.memberships[id];
                vec![arn("group", group), arn("membership", id), arn("user", user)]
            }
            "GetGroupId" => vec![arn("group", &self.groups[unique()])],
            "GetGroupMembershipId" => {
                let both = (text(&input["GroupId"]), text(&input["MemberId"]["UserId"]));
                let mut known = self.memberships.iter();
                let found =
                    known.find(|(_, (group, user))| (group.as_str(), user.as_str()) == both);
                vec![group(), arn("membership", found.unwrap().0), member()]
            }
            "GetUserId" => vec![arn("user", &self.users[unique()])],
            "IsMemberInGroups" => {
                let groups = input["GroupIds"].as_array().unwrap().iter();
                let groups = groups.map(|id| arn("group", text(id)));
                groups.chain([member(), arn("membership", "*")]).collect()
            }
            "ListGroupMemberships" => vec![group(), arn("membership", "*")],
            "ListGroupMembershipsForMember" => vec![member(), arn("membership", "*")],
            "ListGroups" => vec![arn("group", "*")],
            "ListUsers" => vec![arn("user", "*")],
            // The other operations name nothing but the store.
            _ => {
                let names_more = |name: &String| {
                    name != "IdentityStoreId" && (name.ends_with("Id") || name.ends_with("Ids"))
                        || name == "AlternateIdentifier"
                };
                let input = input.as_object().unwrap();
                assert!(!input.keys().any(names_more), "the resources of {operation} are missing");
                vec![]
            }
        }
    }
}

/// The kinds of resources of an action of sso-admin.
fn kinds_of_sso_admin(operation: &str) -> &'static [&'static str] {
    match operation {
        "CreateAccountAssignment"
        | "DeleteAccountAssignment"
        | "ListAccountAssignments"
        | "ProvisionPermissionSet" => &["account", "instance", "permissionSet"],
        "ListPermissionSetsProvisionedToAccount" => &["account", "instance"],
        "ListTagsForResource" | "TagResource" | "UntagResource" => &["permissionSet"],
        "DeleteInstance"
        | "DescribeAccountAssignmentCreationStatus"
        | "DescribeAccountAssignmentDeletionStatus"
        | "DescribeInstance"
        | "DescribePermissionSetProvisioningStatus"
        | "ListAccountAssignmentCreationStatus"
        | "ListAccountAssignmentDeletionStatus"
        | "ListAccountAssignmentsForPrincipal"
        | "ListPermissionSetProvisioningStatus"
        | "ListPermissionSets"
        | "UpdateInstance" => &["instance"],
        _ => &["instance", "permissionSet"],
    }
}

fn own_store(walker: &Walker) -> String {
    let id = walker.bench.store_id();
    format!("arn:aws:identitystore::{ACCOUNT}:identitystore/{id}")
}

fn arn(kind: &str, id: &str) -> String {
    format!("arn:aws:identitystore:::{kind}/{id}")
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A role that is allowed the call's action on these resources only.
fn allowed_on(call: &Call, resources: &[String]) -> Arc<Caller> {
    let action = service::find(call.operation).unwrap().action();
    let statement = json!({"Effect": "Allow", "Action": action, "Resource": resources});
    role(ACCOUNT, &statement.to_string())
}

/// The call is refused when any one of the resources is missing in the caller's policy.
fn assert_each_is_needed(walker: &Walker, call: &Call, resources: &[String]) {
    for missing in 0..resources.len() {
        let mut rest = resources.to_vec();
        let without = rest.remove(missing);
        // A policy names at least one resource.
        rest.push("arn:aws:s3:::elsewhere".to_owned());
        let outcome = walker.call_as(&allowed_on(call, &rest), call);
        assert!(matches!(outcome, Err(Fault::Denied(_))), "{call:?} without {without}");
    }
}

impl Suite for Resources {
    fn refuse(&mut self, walker: &Walker, call: &Call) {
        if let Some(resources) = self.of(walker, call) {
            assert_each_is_needed(walker, call, &resources);
        }
    }

    fn caller(&self, walker: &Walker, call: &Call) -> Arc<Caller> {
        match self.of(walker, call) {
            Some(resources) => allowed_on(call, &resources),
            None => administrator(ACCOUNT),
        }
    }

    fn see(&mut self, call: &Call, reply: &Value) {
        let id = |name: &str| text(&reply[name]).to_owned();
        let given = |name: &str| text(&call.input[name]).to_owned();
        match call.operation {
            "AWSIdentityStore.CreateUser" => {
                self.users.insert(given("UserName"), id("UserId"));
            }
            "AWSIdentityStore.CreateGroup" => {
                self.groups.insert(given("DisplayName"), id("GroupId"));
            }
            "AWSIdentityStore.CreateGroupMembership" => {
                let both = (given("GroupId"), text(&call.input["MemberId"]["UserId"]).to_owned());
                self.memberships.insert(id("MembershipId"), both);
            }
            _ => {}
        }
    }
}

#[test]
fn an_action_asks_for_the_resources_that_the_reference_gives_it_and_no_others() {
    walk(Walker::new(), &mut Resources::default());
}

#[test]
fn a_search_that_finds_nothing_asks_for_every_resource_of_the_kind() {
    let walker = Walker::new();
    let store = walker.bench.store_id();
    let made = |operation: &str, mut body: Value, id: &str| {
        body["IdentityStoreId"] = store.as_str().into();
        text(&walker.bench.call(operation, &body).unwrap()[id]).to_owned()
    };
    let group = made("AWSIdentityStore.CreateGroup", json!({"DisplayName": "Some"}), "GroupId");
    let user = walker.bench.create_user("someone").to_string();
    let unique = |path: &str| {
        let attribute = json!({"AttributePath": path, "AttributeValue": "missing"});
        json!({"AlternateIdentifier": {"UniqueAttribute": attribute}})
    };
    let both = json!({"GroupId": group, "MemberId": {"UserId": user}});
    let membership = vec![arn("group", &group), arn("user", &user), arn("membership", "*")];
    for (operation, mut input, others) in [
        ("AWSIdentityStore.GetGroupId", unique("displayName"), vec![arn("group", "*")]),
        ("AWSIdentityStore.GetUserId", unique("userName"), vec![arn("user", "*")]),
        ("AWSIdentityStore.GetGroupMembershipId", both, membership),
    ] {
        input["IdentityStoreId"] = store.as_str().into();
        let call = Call::new(operation, input);
        let resources = [vec![own_store(&walker)], others].concat();
        assert_each_is_needed(&walker, &call, &resources);
        let outcome = walker.call_as(&allowed_on(&call, &resources), &call);
        assert!(matches!(outcome, Err(Fault::NotFound { .. })), "{call:?}: {outcome:?}");
    }
}
