//! Groups: create, read, find and delete.

use model::{Fault, IdentityStoreEntity};
use serde_json::{Value, json};

use super::{Store, each, text, wrong_field};

#[test]
fn a_group_reads_back_as_it_was_created() {
    let store = Store::new();
    let body = json!({"DisplayName": "Écrivains du soir", "Description": "Two\nlines"});
    let created = store.call("CreateGroup", body).unwrap();
    let group_id = text(&created, "GroupId");
    let by = "arn:aws:sts::123456789012:assumed-role/Tester/test";
    let group = json!({
        "IdentityStoreId": store.id,
        "GroupId": group_id,
        "GroupArn": format!("arn:aws:identitystore:::group/{group_id}"),
        "Revision": "1",
        "DisplayName": "Écrivains du soir",
        "Description": "Two\nlines",
        "CreatedAt": 1_800_000_000.0, "CreatedBy": by,
        "UpdatedAt": 1_800_000_000.0, "UpdatedBy": by,
    });
    assert_eq!(store.call("DescribeGroup", json!({ "GroupId": group_id })), Ok(group.clone()));
    assert_eq!(store.call("ListGroups", json!({})), Ok(json!({ "Groups": [group] })));
}

#[test]
fn a_group_needs_a_name_that_is_good_and_free() {
    let store = Store::new();
    store.create_group("Writers");
    for name in [
        json!(null),
        json!(""),
        json!("a\u{0}"),
        json!("AWSAdministrators"),
        json!("x".repeat(1025)),
    ] {
        let refused = store.call("CreateGroup", json!({ "DisplayName": name }));
        assert_eq!(wrong_field(refused), "DisplayName", "{name}");
    }
    let taken = Err(Fault::not_unique(IdentityStoreEntity::Group, "DisplayName"));
    assert_eq!(store.call("CreateGroup", json!({"DisplayName": "WRITERS"})), taken);
}

#[test]
fn groups_are_listed_by_name_in_pages_and_found_by_filter() {
    let store = Store::new();
    for name in ["b", "C", "a"] {
        store.create_group(name);
    }
    let page = store.call("ListGroups", json!({"MaxResults": 2})).unwrap();
    assert_eq!(each(&page, "Groups", "DisplayName"), ["a", "b"]);
    let body = json!({"MaxResults": 2, "NextToken": page["NextToken"]});
    let page = store.call("ListGroups", body).unwrap();
    assert_eq!(each(&page, "Groups", "DisplayName"), ["C"]);
    assert_eq!(page.get("NextToken"), None);
    let filters = json!([{"AttributePath": "DisplayName", "AttributeValue": "c"}]);
    let found = store.call("ListGroups", json!({ "Filters": filters })).unwrap();
    assert_eq!(each(&found, "Groups", "DisplayName"), ["C"]);
}

#[test]
fn an_id_is_found_by_name() {
    let store = Store::new();
    let group_id = store.create_group("Writers");
    let find = |path: &str, value: &str| {
        let unique: Value = json!({"AttributePath": path, "AttributeValue": value});
        store.call("GetGroupId", json!({"AlternateIdentifier": {"UniqueAttribute": unique}}))
    };
    assert_eq!(text(&find("DisplayName", "writers").unwrap(), "GroupId"), group_id);
    assert_eq!(
        find("displayName", "Readers"),
        Err(Fault::not_found(IdentityStoreEntity::Group, ""))
    );
    let field = "AlternateIdentifier.UniqueAttribute.AttributePath";
    assert_eq!(wrong_field(find("description", "x")), field);
}

#[test]
fn a_deleted_group_is_gone_with_its_memberships() {
    let store = Store::new();
    let (user_id, group_id) = (store.create_user("jane"), store.create_group("Writers"));
    store.join(&group_id, &user_id).unwrap();
    let stale = json!({"GroupId": group_id, "Revision": "7"});
    assert_eq!(store.call("DeleteGroup", stale), Err(Fault::StaleRevision));
    assert_eq!(store.call("DeleteGroup", json!({ "GroupId": group_id })), Ok(json!({})));
    let missing = Err(Fault::not_found(IdentityStoreEntity::Group, &group_id));
    assert_eq!(store.call("DescribeGroup", json!({ "GroupId": group_id })), missing);
    let member = json!({"MemberId": {"UserId": user_id}});
    let groups = store.call("ListGroupMembershipsForMember", member).unwrap();
    assert_eq!(groups["GroupMemberships"], json!([]));
}
