//! Memberships of users in groups.

use model::{Entity, Fault, IdentityStoreEntity};
use serde_json::{Value, json};

use super::{Store, each, text, wrong_field};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

#[test]
fn a_membership_reads_back_and_is_found() {
    let store = Store::new();
    let (user_id, group_id) = (store.create_user("jane"), store.create_group("Writers"));
    let created = store.join(&group_id, &user_id).unwrap();
    let id = text(&created, "MembershipId");
    let arn = format!("arn:aws:identitystore:::membership/{id}");
    let expected = json!({"IdentityStoreId": store.id, "MembershipId": id, "MembershipArn": arn});
    assert_eq!(created, expected);
    let both = json!({"GroupId": group_id, "MemberId": {"UserId": user_id}});
    assert_eq!(store.call("GetGroupMembershipId", both), Ok(expected));

    let described = store.call("DescribeGroupMembership", json!({ "MembershipId": id })).unwrap();
    let by = "arn:aws:sts::123456789012:assumed-role/Tester/test";
    let membership = json!({
        "IdentityStoreId": store.id, "MembershipId": id, "MembershipArn": arn,
        "GroupId": group_id, "MemberId": {"UserId": user_id},
        "CreatedAt": 1_800_000_000.0, "CreatedBy": by,
        "UpdatedAt": 1_800_000_000.0, "UpdatedBy": by,
    });
    assert_eq!(described, membership);
}

#[test]
fn a_user_is_a_member_once_and_both_sides_have_to_be_there() {
    let store = Store::new();
    let (user_id, group_id) = (store.create_user("jane"), store.create_group("Writers"));
    store.join(&group_id, &user_id).unwrap();
    let again = store.join(&group_id, &user_id);
    assert!(
        matches!(
            again,
            Err(Fault::NotUnique {
                entity: Entity::IdentityStore(IdentityStoreEntity::GroupMembership),
                ..
            })
        ),
        "{again:?}"
    );
    assert_eq!(
        store.join(&group_id, NOBODY),
        Err(Fault::not_found(IdentityStoreEntity::User, NOBODY))
    );
    assert_eq!(
        store.join(NOBODY, &user_id),
        Err(Fault::not_found(IdentityStoreEntity::Group, NOBODY))
    );
    let nothing = json!({"GroupId": group_id, "MemberId": {}});
    assert_eq!(wrong_field(store.call("CreateGroupMembership", nothing)), "MemberId.UserId");
}

#[test]
fn memberships_are_listed_from_both_sides_in_pages() {
    let store = Store::new();
    let users: Vec<String> = ["a", "b", "c"].iter().map(|name| store.create_user(name)).collect();
    let groups: Vec<String> = ["x", "y"].iter().map(|name| store.create_group(name)).collect();
    for user_id in &users {
        for group_id in &groups {
            store.join(group_id, user_id).unwrap();
        }
    }
    let members = |reply: &Value| -> Vec<String> {
        let list = reply["GroupMemberships"].as_array().unwrap();
        list.iter().map(|membership| text(&membership["MemberId"], "UserId")).collect()
    };
    let first = json!({"GroupId": groups[0], "MaxResults": 2});
    let page = store.call("ListGroupMemberships", first.clone()).unwrap();
    let mut seen = members(&page);
    assert_eq!(seen.len(), 2);
    // The token is valid only for this group.
    let elsewhere = json!({"GroupId": groups[1], "NextToken": page["NextToken"]});
    assert_eq!(wrong_field(store.call("ListGroupMemberships", elsewhere)), "NextToken");
    let next = json!({"GroupId": groups[0], "NextToken": page["NextToken"]});
    seen.extend(members(&store.call("ListGroupMemberships", next).unwrap()));
    let mut expected = users.clone();
    expected.sort();
    assert_eq!(seen, expected);

    let member = json!({"MemberId": {"UserId": users[0]}, "MaxResults": 1});
    let page = store.call("ListGroupMembershipsForMember", member).unwrap();
    let member = json!({"MemberId": {"UserId": users[0]}, "NextToken": page["NextToken"]});
    let rest = store.call("ListGroupMembershipsForMember", member).unwrap();
    let mut seen = each(&page, "GroupMemberships", "GroupId");
    seen.extend(each(&rest, "GroupMemberships", "GroupId"));
    let mut expected = groups.clone();
    expected.sort();
    assert_eq!(seen, expected);
}

#[test]
fn lists_of_what_is_not_there_are_refused() {
    let store = Store::new();
    let group = store.call("ListGroupMemberships", json!({ "GroupId": NOBODY }));
    assert_eq!(group, Err(Fault::not_found(IdentityStoreEntity::Group, NOBODY)));
    let member = json!({"MemberId": {"UserId": NOBODY}});
    let user = store.call("ListGroupMembershipsForMember", member);
    assert_eq!(user, Err(Fault::not_found(IdentityStoreEntity::User, NOBODY)));
}

#[test]
fn of_each_group_it_is_told_whether_a_user_is_in_it() {
    let store = Store::new();
    let user_id = store.create_user("jane");
    let names: Vec<String> = (0..25).map(|number| format!("g{number}")).collect();
    let groups: Vec<String> = names.iter().map(|name| store.create_group(name)).collect();
    for group_id in groups.iter().step_by(3) {
        store.join(group_id, &user_id).unwrap();
    }
    let mut asked = groups.clone();
    asked.push(NOBODY.to_owned());
    let body = json!({"MemberId": {"UserId": user_id}, "GroupIds": asked});
    let reply = store.call("IsMemberInGroups", body).unwrap();
    let results = reply["Results"].as_array().unwrap();
    assert_eq!(results.len(), 26);
    for (number, result) in results.iter().enumerate() {
        let exists = number % 3 == 0 && number < 25;
        let expected = json!({
            "GroupId": asked[number], "MemberId": {"UserId": user_id}, "MembershipExists": exists,
        });
        assert_eq!(*result, expected);
    }
    let body = json!({"MemberId": {"UserId": user_id}, "GroupIds": vec![NOBODY; 101]});
    assert_eq!(wrong_field(store.call("IsMemberInGroups", body)), "GroupIds");
    let body = json!({"MemberId": {"UserId": NOBODY}, "GroupIds": groups});
    let missing = Err(Fault::not_found(IdentityStoreEntity::User, NOBODY));
    assert_eq!(store.call("IsMemberInGroups", body), missing);
}

#[test]
fn a_deleted_membership_is_gone_and_can_be_made_again() {
    let store = Store::new();
    let (user_id, group_id) = (store.create_user("jane"), store.create_group("Writers"));
    let id = text(&store.join(&group_id, &user_id).unwrap(), "MembershipId");
    let body = json!({ "MembershipId": id });
    assert_eq!(store.call("DeleteGroupMembership", body.clone()), Ok(json!({})));
    let missing = Err(Fault::not_found(IdentityStoreEntity::GroupMembership, &id));
    assert_eq!(store.call("DeleteGroupMembership", body.clone()), missing);
    assert_eq!(store.call("DescribeGroupMembership", body), missing);
    let both = json!({"GroupId": group_id, "MemberId": {"UserId": user_id}});
    let missing = Err(Fault::not_found(IdentityStoreEntity::GroupMembership, ""));
    assert_eq!(store.call("GetGroupMembershipId", both), missing);
    assert_ne!(text(&store.join(&group_id, &user_id).unwrap(), "MembershipId"), id);
}
