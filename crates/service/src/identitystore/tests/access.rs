//! Who may do what to which identity store.

use model::Fault;
use serde_json::{Value, json};

use super::{Store, a_user};
use crate::testing::{ACCOUNT, administrator, role};

/// Every operation of the service, with a body that it would do something with.
fn operations(store: &Store) -> Vec<(&'static str, Value)> {
    let (user_id, group_id) = (store.create_user("someone"), store.create_group("Some"));
    let membership = store.join(&group_id, &user_id).unwrap();
    let (user, group) = (json!({ "UserId": user_id }), json!({ "GroupId": group_id }));
    let membership = json!({"MembershipId": membership["MembershipId"]});
    let member = json!({"MemberId": {"UserId": user_id}});
    let both = json!({"GroupId": group_id, "MemberId": {"UserId": user_id}});
    let among = json!({"GroupIds": [group_id], "MemberId": {"UserId": user_id}});
    let title = json!([{"AttributePath": "title", "AttributeValue": "CTO"}]);
    let description = json!([{"AttributePath": "description", "AttributeValue": "x"}]);
    let unique = |path: &str| {
        let attribute = json!({"AttributePath": path, "AttributeValue": "x"});
        json!({"AlternateIdentifier": {"UniqueAttribute": attribute}})
    };
    vec![
        ("CreateGroup", json!({"DisplayName": "Other"})),
        ("CreateGroupMembership", both.clone()),
        ("CreateUser", a_user("other")),
        ("DeleteGroup", group.clone()),
        ("DeleteGroupMembership", membership.clone()),
        ("DeleteUser", user.clone()),
        ("DescribeGroup", group.clone()),
        ("DescribeGroupMembership", membership),
        ("DescribeIdentityStore", json!({})),
        ("DescribeUser", user),
        ("GetGroupId", unique("displayName")),
        ("GetGroupMembershipId", both),
        ("GetUserId", unique("userName")),
        ("IsMemberInGroups", among),
        ("ListGroupMemberships", group),
        ("ListGroupMembershipsForMember", member),
        ("ListGroups", json!({})),
        ("ListUsers", json!({})),
        ("UpdateGroup", json!({"GroupId": group_id, "Operations": description})),
        ("UpdateUser", json!({"UserId": user_id, "Operations": title})),
    ]
}

#[test]
fn no_operation_is_done_without_permission_or_from_another_account() {
    let store = Store::new();
    let list = |names: &str| store.call(names, json!({})).unwrap();
    let operations = operations(&store);
    let before = (list("ListUsers"), list("ListGroups"));
    let nothing = role(ACCOUNT, r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#);
    let stranger = administrator("210987654321");
    for (operation, body) in &operations {
        for caller in [&nothing, &stranger] {
            let operation = format!("AWSIdentityStore.{operation}");
            let refused = store.bench.call_as(caller, &operation, &store.body(body.clone()));
            assert!(matches!(refused, Err(Fault::Denied(_))), "{operation}: {refused:?}");
        }
    }
    assert_eq!((list("ListUsers"), list("ListGroups")), before);
}

#[test]
fn a_policy_can_name_one_user_of_one_store() {
    let store = Store::new();
    let (jane, john) = (store.create_user("jane"), store.create_user("john"));
    let statement = json!({
        "Effect": "Allow",
        "Action": "identitystore:DescribeUser",
        "Resource": [
            format!("arn:aws:identitystore::{ACCOUNT}:identitystore/{}", store.id),
            format!("arn:aws:identitystore:::user/{jane}"),
        ],
    });
    let caller = role(ACCOUNT, &statement.to_string());
    let describe = |user_id: &str| {
        let body = store.body(json!({ "UserId": user_id }));
        store.bench.call_as(&caller, "AWSIdentityStore.DescribeUser", &body)
    };
    assert!(describe(&jane).is_ok());
    assert!(matches!(describe(&john), Err(Fault::Denied(_))));
}

#[test]
fn an_account_lists_its_own_identity_store() {
    let store = Store::new();
    let arn = format!("arn:aws:identitystore::{ACCOUNT}:identitystore/{}", store.id);
    let own = json!({"IdentityStoreId": store.id, "IdentityStoreArn": arn});
    assert_eq!(store.call("DescribeIdentityStore", json!({})), Ok(own.clone()));
    let list = |account: &str| {
        let caller = administrator(account);
        store.bench.call_as(&caller, "AWSIdentityStore.ListIdentityStores", &json!({}))
    };
    assert_eq!(list(ACCOUNT), Ok(json!({ "IdentityStores": [own] })));
    assert_eq!(list("210987654321"), Ok(json!({"IdentityStores": []})));
}

#[test]
fn a_store_is_named_by_its_arn_too() {
    let store = Store::new();
    let arn = format!("arn:aws:identitystore::{ACCOUNT}:identitystore/{}", store.id);
    let body = json!({ "IdentityStoreId": arn });
    let users = store.bench.call("AWSIdentityStore.ListUsers", &body);
    assert_eq!(users, Ok(json!({"Users": []})));
}
