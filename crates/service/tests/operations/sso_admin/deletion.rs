//! Deletion of an instance.

use model::Fault;
use serde_json::{Value, json};
use testing::ACCOUNT;

use super::{Center, assignment, is_conflict, missing};

/// Makes an instance with one entity of every kind.
fn full() -> Center {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    let group = center.create_group("Writers");
    center.join(&group, &user);
    let attach = json!({
        "PermissionSetArn": set,
        "ManagedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    });
    center.call("AttachManagedPolicyToPermissionSet", attach).unwrap();
    let tags = json!({"ResourceArn": set, "Tags": [{"Key": "a", "Value": "b"}]});
    center.call("TagResource", tags).unwrap();
    center.assign(&assignment(ACCOUNT, &set, "USER", &user));
    center.assign(&assignment(ACCOUNT, &set, "GROUP", &group));
    center
}

#[test]
fn an_instance_goes_with_everything_in_it() {
    let center = full();
    let store_id = center.bench.store_id();
    assert_eq!(center.call("DeleteInstance", json!({})), Ok(json!({})));
    let found = center.call("DescribeInstance", json!({})).unwrap();
    assert_eq!(found["Status"], "DELETE_IN_PROGRESS");
    center.work();
    assert_eq!(missing(center.call("DescribeInstance", json!({}))), "instance");
    assert_eq!(center.call("ListInstances", json!({})), Ok(json!({"Instances": []})));

    // The next instance is new and empty.
    let made = center.call("CreateInstance", json!({})).unwrap();
    assert_ne!(made["InstanceArn"], center.arn.as_str());
    assert_ne!(center.bench.store_id(), store_id);
    let center = Center { arn: made["InstanceArn"].as_str().unwrap().to_owned(), ..center };
    assert_eq!(center.call("ListPermissionSets", json!({})), Ok(json!({"PermissionSets": []})));
    center.create_set("Reader");
}

#[test]
fn an_instance_that_is_being_deleted_takes_nothing_more() {
    let center = full();
    let store_id = center.bench.store_id();
    center.call("DeleteInstance", json!({})).unwrap();
    let user = json!({
        "IdentityStoreId": store_id, "UserName": "late", "DisplayName": "Late",
        "Name": {"GivenName": "A", "FamilyName": "B"},
    });
    let refused = center.bench.call("AWSIdentityStore.CreateUser", &user);
    assert!(is_conflict(&refused), "{refused:?}");
    for (operation, body) in [
        ("CreatePermissionSet", json!({"Name": "Late"})),
        ("ListPermissionSets", json!({})),
        ("UpdateInstance", json!({"Name": "Late"})),
        ("DeleteInstance", json!({})),
        ("TagResource", json!({"ResourceArn": center.arn, "Tags": []})),
    ] {
        let refused = center.call(operation, body);
        assert!(is_conflict(&refused), "{operation}: {refused:?}");
    }
    assert!(is_conflict(&center.call("CreateInstance", json!({}))));
}

#[test]
fn assignments_that_wait_when_the_instance_goes_are_not_made() {
    let center = full();
    let sets = center.call("ListPermissionSets", json!({})).unwrap();
    let set = sets["PermissionSets"][0].as_str().unwrap().to_owned();
    let user = center.create_user("john");
    let body = assignment(ACCOUNT, &set, "USER", &user);
    center.call("CreateAccountAssignment", body).unwrap();
    center.call("DeleteInstance", json!({})).unwrap();
    center.work();
    assert_eq!(center.call("ListInstances", json!({})), Ok(json!({"Instances": []})));
}

#[test]
fn a_big_instance_is_deleted_in_parts() {
    let center = Center::new();
    let store_id = center.bench.store_id();
    for number in 0..210 {
        let body = json!({"IdentityStoreId": store_id, "DisplayName": format!("G{number}")});
        center.bench.call("AWSIdentityStore.CreateGroup", &body).unwrap();
    }
    center.call("DeleteInstance", json!({})).unwrap();
    assert!(center.bench.run_job().unwrap());
    let status = |reply: Result<Value, Fault>| reply.map(|found| found["Status"].clone());
    let found = status(center.call("DescribeInstance", json!({})));
    assert_eq!(found, Ok("DELETE_IN_PROGRESS".into()));
    center.work();
    assert_eq!(missing(center.call("DescribeInstance", json!({}))), "instance");
}
