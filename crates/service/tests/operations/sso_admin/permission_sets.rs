//! Permission sets: create, describe, list, update and delete.

use model::shown_user::seconds;
use model::{Fault, IdentityCenterEntity};
use serde_json::json;
use testing::START_MS;

use super::{Center, each, for_user, is_conflict, missing, one_by_one, text, wrong_field};

#[test]
fn a_permission_set_reads_back_as_it_was_created() {
    let center = Center::new();
    let body = json!({
        "Name": "Reader", "Description": "Reads\nall", "SessionDuration": "PT90M",
        "RelayState": "https://example.com/?a=b", "Tags": [{"Key": "team", "Value": "one"}],
    });
    let created = center.call("CreatePermissionSet", body).unwrap();
    let arn = text(&created, "/PermissionSet/PermissionSetArn");
    assert!(arn.starts_with(&center.arn.replace(":instance/", ":permissionSet/")), "{arn}");
    let set = json!({ "PermissionSetArn": arn });
    assert_eq!(center.call("DescribePermissionSet", set).unwrap(), created);
    assert_eq!(
        created["PermissionSet"],
        json!({
            "Name": "Reader", "PermissionSetArn": arn, "Description": "Reads\nall",
            "CreatedDate": seconds(START_MS), "SessionDuration": "PT90M",
            "RelayState": "https://example.com/?a=b",
        })
    );
    let tags = center.call("ListTagsForResource", json!({ "ResourceArn": arn })).unwrap();
    assert_eq!(tags, json!({"Tags": [{"Key": "team", "Value": "one"}]}));
}

#[test]
fn a_permission_set_without_details_lasts_an_hour() {
    let center = Center::new();
    let created = center.call("CreatePermissionSet", json!({"Name": "Reader"})).unwrap();
    let set = created["PermissionSet"].as_object().unwrap();
    assert_eq!(set["SessionDuration"], "PT1H");
    assert!(!set.contains_key("Description") && !set.contains_key("RelayState"));
}

#[test]
fn a_name_belongs_to_one_permission_set() {
    let center = Center::new();
    center.create_set("Reader");
    let refused = center.call("CreatePermissionSet", json!({"Name": "Reader"}));
    assert_eq!(refused, Err(Fault::not_unique(IdentityCenterEntity::PermissionSet, "Name")));
    center.create_set("reader");
}

#[test]
fn every_field_is_held_to_its_form() {
    let center = Center::new();
    let wrong = |body| wrong_field(center.call("CreatePermissionSet", body));
    assert_eq!(wrong(json!({})), "Name");
    assert_eq!(wrong(json!({"Name": "a b"})), "Name");
    assert_eq!(wrong(json!({"Name": "A", "Description": ""})), "Description");
    assert_eq!(wrong(json!({"Name": "A", "SessionDuration": "PT13H"})), "SessionDuration");
    assert_eq!(wrong(json!({"Name": "A", "RelayState": "<>"})), "RelayState");
    assert_eq!(wrong(json!({"Name": "A", "InstanceArn": "x"})), "InstanceArn");
    let doubled = json!([{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]);
    assert_eq!(wrong(json!({"Name": "A", "Tags": doubled})), "Tags[1].Key");
    let set = json!({"PermissionSetArn": "arn:aws:sso:::permissionSet/x/y"});
    assert_eq!(wrong_field(center.call("DescribePermissionSet", set)), "PermissionSetArn");
    let list = json!({"MaxResults": 101});
    assert_eq!(wrong_field(center.call("ListPermissionSets", list)), "MaxResults");
    let list = json!({"NextToken": "AAAA"});
    assert_eq!(wrong_field(center.call("ListPermissionSets", list)), "NextToken");
}

#[test]
fn an_update_changes_what_is_given_and_leaves_the_rest_but_the_relay_state() {
    let center = Center::new();
    let body = json!({"Name": "Reader", "Description": "Old", "RelayState": "https://a.example"});
    let created = center.call("CreatePermissionSet", body).unwrap();
    let arn = text(&created, "/PermissionSet/PermissionSetArn");
    let change = json!({"PermissionSetArn": arn, "SessionDuration": "PT4H"});
    assert_eq!(center.call("UpdatePermissionSet", change), Ok(json!({})));
    let found = center.call("DescribePermissionSet", json!({ "PermissionSetArn": arn })).unwrap();
    let mut expected = created;
    expected["PermissionSet"]["SessionDuration"] = "PT4H".into();
    expected["PermissionSet"].as_object_mut().unwrap().remove("RelayState");
    assert_eq!(found, expected);
    let again = json!({"PermissionSetArn": arn, "RelayState": "https://b.example"});
    assert_eq!(center.call("UpdatePermissionSet", again), Ok(json!({})));
    let found = center.call("DescribePermissionSet", json!({ "PermissionSetArn": arn })).unwrap();
    expected["PermissionSet"]["RelayState"] = "https://b.example".into();
    assert_eq!(found, expected);
    let wrong = json!({"PermissionSetArn": arn, "Description": "€"});
    assert_eq!(wrong_field(center.call("UpdatePermissionSet", wrong)), "Description");
}

#[test]
fn permission_sets_are_listed_page_by_page() {
    let center = Center::new();
    let mut created: Vec<_> = ["A", "B", "C"].map(|name| center.create_set(name)).into();
    created.sort();
    let listed = center.call("ListPermissionSets", json!({})).unwrap();
    assert_eq!(each(&listed, "PermissionSets", None), created);
    let quoted: Vec<_> = created.iter().map(|arn| format!("{arn:?}")).collect();
    let paged = one_by_one(&center, "ListPermissionSets", &json!({}), "PermissionSets");
    assert_eq!(paged, quoted);
}

#[test]
fn an_assigned_permission_set_is_not_deleted() {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    center.assign(&for_user(&set, &user));
    let this = json!({ "PermissionSetArn": set });
    let refused = center.call("DeletePermissionSet", this.clone());
    assert!(is_conflict(&refused), "{refused:?}");
    center.unassign(&for_user(&set, &user));
    assert_eq!(center.call("DeletePermissionSet", this.clone()), Ok(json!({})));
    for operation in ["DescribePermissionSet", "DeletePermissionSet"] {
        assert_eq!(missing(center.call(operation, this.clone())), "permission set");
    }
    // A new permission set with the same name has no contents of the old one.
    let again = center.create_set("Reader");
    assert_ne!(again, set);
}

#[test]
fn a_permission_set_is_one_of_its_own_instance_alone() {
    let center = Center::new();
    let set = center.create_set("Reader");
    let id = set.rsplit('/').next().unwrap();
    let elsewhere = format!("arn:aws:sso:::permissionSet/ssoins-ffffffffffffffff/{id}");
    let body = json!({ "PermissionSetArn": elsewhere });
    assert_eq!(missing(center.call("DescribePermissionSet", body)), "permission set");
}
