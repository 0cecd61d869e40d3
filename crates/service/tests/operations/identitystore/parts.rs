//! Deletion of groups and users with more below them than one transaction deletes.

use kernel::jobs::runner::LEASE_MS;
use model::job::JobState;
use model::{Fault, IdentityStoreEntity};
use serde_json::json;
use store::part::ROWS_MAX;

use super::{Store, each};
use crate::jobs::{claim_if_due, find};

/// Number of members of a large group.
const MEMBERS: i64 = 2 * ROWS_MAX + 50;

/// Makes a group with many members. Returns it and one of them.
fn a_large_group(store: &Store) -> (String, String) {
    let group_id = store.create_group("Everybody");
    let members: Vec<String> =
        (0..MEMBERS).map(|number| store.create_user(&format!("user-{number}"))).collect();
    for member in &members {
        store.join(&group_id, member).unwrap();
    }
    (group_id, members.last().unwrap().clone())
}

#[test]
fn a_large_group_is_gone_for_everybody_at_once() {
    let store = Store::new();
    let (group_id, member) = a_large_group(&store);
    store.call("DeleteGroup", json!({ "GroupId": group_id })).unwrap();

    let missing = Err(Fault::not_found(IdentityStoreEntity::Group, &group_id));
    let group = json!({ "GroupId": group_id });
    for operation in ["DescribeGroup", "DeleteGroup", "ListGroupMemberships"] {
        assert_eq!(store.call(operation, group.clone()), missing, "{operation}");
    }
    assert_eq!(store.call("ListGroups", json!({})), Ok(json!({"Groups": []})));
    let of_member = json!({"MemberId": {"UserId": member}});
    let memberships = store.call("ListGroupMembershipsForMember", of_member.clone()).unwrap();
    assert_eq!(each(&memberships, "GroupMemberships", "GroupId"), [""; 0]);
    // Its name is free, and the new group has none of the members.
    let again = store.create_group("EVERYBODY");
    store.join(&again, &member).unwrap();
    store.bench.finish_jobs();
    let memberships = store.call("ListGroupMembershipsForMember", of_member).unwrap();
    assert_eq!(each(&memberships, "GroupMemberships", "GroupId"), [again]);
}

#[test]
fn the_rest_of_a_group_is_deleted_even_if_a_worker_dies_with_it() {
    let store = Store::new();
    let (group_id, _) = a_large_group(&store);
    store.call("DeleteGroup", json!({ "GroupId": group_id })).unwrap();
    // A worker dies after it has claimed the job, and another after it has done a part.
    let claimed = claim_if_due(&store.bench).unwrap();
    assert_eq!(claimed.kind, identitystore::delete_group::JOB.name);
    assert_eq!(claim_if_due(&store.bench), None);
    store.bench.clock.advance(LEASE_MS);
    assert!(store.bench.run_job().unwrap());
    assert!(!store.bench.run_job().unwrap(), "others write in the pause");
    store.bench.finish_jobs();
    assert_eq!(find(&store.bench, &claimed).state, JobState::Succeeded);
}

#[test]
fn an_instance_takes_the_rest_of_a_group_along() {
    let store = Store::new();
    let (group_id, _) = a_large_group(&store);
    store.call("DeleteGroup", json!({ "GroupId": group_id })).unwrap();
    let arn = store.bench.instance().id.arn();
    let body = json!({ "InstanceArn": arn });
    store.bench.call("SWBExternalService.DeleteInstance", &body).unwrap();
    store.bench.finish_jobs();
    let left = store.bench.call("SWBExternalService.ListInstances", &json!({})).unwrap();
    assert_eq!(left, json!({"Instances": []}));
}
