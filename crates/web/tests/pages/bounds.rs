//! The number of events of a page does not depend on its rows.

use serde_json::json;
use testing::ACCOUNT;
use testing::center::{Center, for_user};
use web::Page;

use crate::browser::Browser;

const SETS: usize = 20;
const ASSIGNEES: usize = 20;

/// Every permission set is assigned to every one of the users `person-00`, `person-01` …
fn populate(center: &Center, sets: usize, assignees: usize) {
    let name = |number| format!("person-{number:02}");
    let users: Vec<_> = (0..assignees).map(|it| center.create_user(&name(it))).collect();
    for number in 0..sets {
        let set = center.create_set_of(&format!("Set-{number:02}"), &["s3:ListBucket"]);
        for user in &users {
            center.assign(&for_user(&set, user));
        }
    }
}

/// Opens the page of 3 × 2 assignments and Alice's own with the actions it needs and one more.
fn assignments_of_a_role_with(action: &str) -> (Page, Vec<String>) {
    let center = Center::new();
    populate(&center, 3, 2);
    let mut browser = Browser::of_console(
        &center,
        &[
            "sso:ListInstances",
            "organizations:DescribeAccount",
            "sso:ListPermissionSetsProvisionedToAccount",
            action,
        ],
    );
    let (page, events) =
        browser.open_counted(&format!("/console/assignments?account_id={ACCOUNT}"));
    assert_eq!(page.status, 200, "{}", page.body);
    (page, events)
}

#[test]
fn a_page_of_four_hundred_assignments_leaves_three_events() {
    let center = Center::new();
    populate(&center, SETS - 1, ASSIGNEES);
    let mut browser = Browser::of_console(&center, &["*"]);
    let (page, events) =
        browser.open_counted(&format!("/console/assignments?account_id={ACCOUNT}"));
    assert_eq!(page.status, 200, "{}", page.body);
    // Alice's own permission set is the twentieth.
    assert_eq!(page.body.matches("<th scope=\"row\">").count(), SETS);
    assert_eq!(page.body.matches("<bdi>person-").count(), (SETS - 1) * ASSIGNEES);
    assert_eq!(
        events,
        [
            "organizations:DescribeAccount",
            "sso:ListPermissionSetsProvisionedToAccount",
            "sts:GetCallerIdentity",
        ]
    );
}

#[test]
fn lists_leave_an_event_for_the_start_of_the_page_and_one_for_the_list() {
    let center = Center::new();
    populate(&center, 3, 2);
    let mut browser = Browser::of_console(&center, &["*"]);
    for (target, expected) in [
        ("/console", ["s3:ListAllMyBuckets", "sts:GetCallerIdentity"]),
        ("/console/accounts", ["organizations:ListAccounts", "sts:GetCallerIdentity"]),
        ("/console/groups", ["identitystore:ListGroups", "sts:GetCallerIdentity"]),
        ("/console/instance", ["sso:DescribeInstance", "sts:GetCallerIdentity"]),
        ("/console/permission-sets", ["sso:ListPermissionSets", "sts:GetCallerIdentity"]),
        ("/console/users", ["identitystore:ListUsers", "sts:GetCallerIdentity"]),
    ] {
        let (page, events) = browser.open_counted(target);
        assert_eq!((page.status, events), (200, expected.map(str::to_owned).into()), "{target}");
    }
}

#[test]
fn a_role_sees_of_assignments_what_the_single_operations_would_show() {
    let (page, events) = assignments_of_a_role_with("sso:ListAccountAssignments");
    assert!(!page.body.contains("person-") && !page.body.contains("Set-"), "{}", page.body);
    assert_eq!(page.body.matches(">arn:aws:sso:::permissionSet/").count(), 4);
    assert_eq!(page.body.matches("<small>user</small>").count(), 3 * 2 + 1);
    // The first refusal of each action is recorded at once, the reads a second later.
    let mut refusals = events.clone();
    refusals.retain(|event| event.ends_with('!'));
    assert_eq!(refusals, ["identitystore:DescribeUser!", "sso:DescribePermissionSet!"]);
    assert_eq!(events.len(), 5, "{events:?}");
}

#[test]
fn a_role_that_may_not_list_assignments_is_told_why_once_for_each_permission_set() {
    let (page, events) = assignments_of_a_role_with("sso:DescribePermissionSet");
    let refusal = "is not authorized to perform: sso:ListAccountAssignments";
    assert_eq!(page.body.matches(refusal).count(), 4, "{}", page.body);
    assert!(page.body.contains("Set-00") && !page.body.contains("person-"), "{}", page.body);
    assert_eq!(events.len(), 4, "{events:?}");
}

#[test]
fn a_role_that_may_not_see_the_instance_leaves_its_refusal() {
    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["identitystore:ListUsers"]);
    let (page, events) = browser.open_counted("/console/users");
    assert!(page.body.contains("is not authorized to perform: sso:ListInstances"), "{}", page.body);
    assert_eq!(events, ["sso:ListInstances!", "sts:GetCallerIdentity"]);
}

#[test]
fn a_page_leaves_the_refusals_of_the_network_configuration() {
    let center = Center::new();
    populate(&center, 2, 2);
    let mut browser = Browser::of_console(&center, &["*"]);
    let network = json!({"VpceAccessRequired": true});
    let update = json!({
        "IdentityStoreId": center.bench.store_id(), "NetworkConfiguration": network,
    });
    center.bench.call("AWSIdentityStore.UpdateIdentityStore", &update).unwrap();
    let (page, events) =
        browser.open_counted(&format!("/console/assignments?account_id={ACCOUNT}"));
    assert!(page.body.contains("Set-00") && !page.body.contains("person-"), "{}", page.body);
    assert!(events.contains(&"identitystore:DescribeUser!".to_owned()), "{events:?}");
}

#[test]
fn permission_sets_that_may_not_be_described_are_not_listed() {
    let center = Center::new();
    let mut browser =
        Browser::of_console(&center, &["sso:ListInstances", "sso:ListPermissionSets"]);
    let (page, events) = browser.open_counted("/console/permission-sets");
    assert!(page.body.contains("perform: sso:DescribePermissionSet"), "{}", page.body);
    assert!(events.contains(&"sso:DescribePermissionSet!".to_owned()), "{events:?}");
}

#[test]
fn the_page_of_a_permission_set_is_linked_and_leaves_two_events() {
    let center = Center::new();
    populate(&center, 1, 1);
    let mut browser = Browser::of_console(&center, &["*"]);
    for list in ["/console/permission-sets", &format!("/console/assignments?account_id={ACCOUNT}")]
    {
        let page = browser.open(list);
        let (_, link) = page.body.split_once("href=\"/console/permission-set?").unwrap();
        let query = link.split('"').next().unwrap();
        let (page, events) = browser.open_counted(&format!("/console/permission-set?{query}"));
        assert_eq!(page.status, 200, "{}", page.body);
        for words in ["Inline policy", "&quot;Action&quot;: [\n", "Up to date", "No tags"] {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        let link = format!("/console/assignments?account_id={ACCOUNT}\">");
        assert!(page.body.contains(&link), "{}", page.body);
        assert_eq!(events, ["sso:DescribePermissionSet", "sts:GetCallerIdentity"]);
    }
    let missing = "arn:aws:sso:::permissionSet/ssoins-0000000000000000/ps-0000000000000000";
    let page = browser.open(&format!("/console/permission-set?arn={missing}"));
    assert_eq!(page.status, 404, "{}", page.body);
    assert_eq!(browser.open("/console/permission-set?arn=x").status, 400);
}

#[test]
fn a_role_that_may_not_describe_a_permission_set_is_told_why() {
    let center = Center::new();
    let set = center.create_set_of("Reader", &["s3:Get*"]);
    let mut browser = Browser::of_console(&center, &["sso:ListInstances"]);
    let page = browser.open(&format!("/console/permission-set?arn={set}"));
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("perform: sso:DescribePermissionSet"), "{}", page.body);
    assert!(!page.body.contains("Reader"), "{}", page.body);
}
