//! Permissions on identity stores.

use model::Fault;
use serde_json::{Value, json};
use testing::{ACCOUNT, administrator, role};

use super::{Store, a_user, text};

/// Lists every operation of the service, with a body with which it succeeds.
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

/// Service Authorization Reference: resources of each action, in addition to the store.
#[test]
fn an_action_asks_for_the_resources_that_the_reference_gives_it_and_no_others() {
    let store = Store::new();
    let (user_id, group_id) = (store.create_user("someone"), store.create_group("Some"));
    let membership_id = text(&store.join(&group_id, &user_id).unwrap(), "MembershipId");
    let arn = |kind: &str, id: &str| format!("arn:aws:identitystore:::{kind}/{id}");
    let (user, group) = (arn("user", &user_id), arn("group", &group_id));
    let membership = arn("membership", &membership_id);
    let [users, groups, memberships] = ["user", "group", "membership"].map(|kind| arn(kind, "*"));
    let of_both = vec![&group, &user];
    let of_membership = vec![&group, &membership, &user];
    let member = json!({"UserId": user_id});
    let both = json!({"GroupId": group_id, "MemberId": member});
    let title = json!([{"AttributePath": "title", "AttributeValue": "CTO"}]);
    let description = json!([{"AttributePath": "description", "AttributeValue": "x"}]);
    let unique = |path: &str, value: &str| {
        let attribute = json!({"AttributePath": path, "AttributeValue": value});
        json!({"AlternateIdentifier": {"UniqueAttribute": attribute}})
    };
    let actions = [
        ("CreateGroup", json!({"DisplayName": "Other"}), vec![]),
        ("CreateUser", a_user("other"), vec![]),
        ("CreateGroupMembership", both.clone(), of_both),
        ("DescribeGroup", json!({"GroupId": group_id}), vec![&group]),
        ("DescribeGroupMembership", json!({"MembershipId": membership_id}), of_membership.clone()),
        ("DescribeUser", json!({"UserId": user_id}), vec![&user]),
        ("GetGroupId", unique("displayName", "Some"), vec![&group]),
        ("GetGroupId", unique("displayName", "None"), vec![&groups]),
        ("GetGroupMembershipId", both.clone(), of_membership.clone()),
        ("GetUserId", unique("userName", "someone"), vec![&user]),
        ("GetUserId", unique("userName", "nobody"), vec![&users]),
        (
            "IsMemberInGroups",
            json!({"GroupIds": [group_id], "MemberId": member}),
            vec![&group, &user, &memberships],
        ),
        ("ListGroupMemberships", json!({"GroupId": group_id}), vec![&group, &memberships]),
        ("ListGroupMembershipsForMember", json!({"MemberId": member}), vec![&user, &memberships]),
        ("ListGroups", json!({}), vec![&groups]),
        ("ListUsers", json!({}), vec![&users]),
        ("UpdateGroup", json!({"GroupId": group_id, "Operations": description}), vec![&group]),
        ("UpdateUser", json!({"UserId": user_id, "Operations": title}), vec![&user]),
        ("DeleteGroupMembership", json!({"MembershipId": membership_id}), of_membership),
        ("GetGroupMembershipId", both, vec![&group, &user, &memberships]),
        ("DeleteGroup", json!({"GroupId": group_id}), vec![&group]),
        ("DeleteUser", json!({"UserId": user_id}), vec![&user]),
    ];
    let own = format!("arn:aws:identitystore::{ACCOUNT}:identitystore/{}", store.id);
    let elsewhere = "arn:aws:s3:::elsewhere".to_owned();
    for (operation, body, others) in actions {
        let is_denied = |resources: &[&String]| {
            let action = format!("identitystore:{operation}");
            let statement = json!({"Effect": "Allow", "Action": action, "Resource": resources});
            let caller = role(ACCOUNT, &statement.to_string());
            let operation = format!("AWSIdentityStore.{operation}");
            let reply = store.bench.call_as(&caller, &operation, &store.body(body.clone()));
            matches!(reply, Err(Fault::Denied(_)))
        };
        let all: Vec<&String> = std::iter::once(&own).chain(others).collect();
        for missing in 0..all.len() {
            let mut rest = all.clone();
            let without = rest.remove(missing);
            // A policy has at least one resource.
            rest.push(&elsewhere);
            assert!(is_denied(&rest), "{operation} {body} without {without}");
        }
        assert!(!is_denied(&all), "{operation} {body} with {all:?}");
    }
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
