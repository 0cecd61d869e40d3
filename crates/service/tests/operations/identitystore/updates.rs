//! Updates of users and groups.

use model::{Fault, IdentityStoreEntity};
use serde_json::{Value, json};

use super::{Store, a_user_with, text, wrong_field};

fn set(path: &str, value: &Value) -> Value {
    json!({"AttributePath": path, "AttributeValue": value})
}

fn remove(path: &str) -> Value {
    json!({ "AttributePath": path })
}

fn update(store: &Store, user_id: &str, operations: &[Value]) -> Result<Value, Fault> {
    store.call("UpdateUser", json!({"UserId": user_id, "Operations": operations}))
}

#[test]
fn attributes_are_set_replaced_and_removed_in_one_step() {
    let store = Store::new();
    let more = json!({"Title": "CTO", "Emails": [{"Value": "jane@example.com"}]});
    let created = store.call("CreateUser", a_user_with("jane", &more)).unwrap();
    let user_id = text(&created, "UserId");
    store.bench.clock.advance(1500);
    let operations = [
        set("userName", &json!("Jane.Doe")),
        set("displayName", &json!("Jane Doe")),
        set("name.middleName", &json!("M.")),
        set("emails", &json!([{"value": "doe@example.com", "type": "Work", "primary": true}])),
        set("addresses", &json!([{"streetAddress": "1 High Street", "postalCode": "8000"}])),
        set("photos", &json!([{"value": "https://example.com/1.png", "display": "One"}])),
        set("aws:identitystore:enterprise", &json!({"costCenter": "7", "manager": {"value": "m"}})),
        set("aws:identitystore:enterprise.division", &json!("Tour")),
        remove("title"),
        set("nickName", &Value::Null),
    ];
    let updated = update(&store, &user_id, &operations).unwrap();
    assert_eq!(text(&updated, "Revision"), "2");
    let body = json!({"UserId": user_id, "Extensions": ["aws:identitystore:enterprise"]});
    let user = store.call("DescribeUser", body).unwrap();
    assert_eq!(text(&user, "UserName"), "Jane.Doe");
    assert_eq!(text(&user, "Revision"), "2");
    assert_eq!(user["Name"]["MiddleName"], "M.");
    assert_eq!(user["Name"]["GivenName"], "Jane");
    let email = json!([{"Value": "doe@example.com", "Type": "Work", "Primary": true}]);
    assert_eq!(user["Emails"], email);
    assert_eq!(
        user["Addresses"],
        json!([{"StreetAddress": "1 High Street", "PostalCode": "8000"}])
    );
    let enterprise = json!({"costCenter": "7", "division": "Tour", "manager": {"value": "m"}});
    assert_eq!(user["Extensions"]["aws:identitystore:enterprise"], enterprise);
    assert_eq!(user.get("Title"), None);
    assert_eq!(
        (&user["CreatedAt"], &user["UpdatedAt"]),
        (&json!(1_800_000_000.0), &json!(1_800_000_001.5))
    );
}

#[test]
fn a_wrong_operation_undoes_the_right_ones() {
    let store = Store::new();
    let user_id = store.create_user("jane");
    let before = store.describe_user(&user_id);
    let title = set("title", &json!("CTO"));
    let cases = [
        (remove("userName"), "UserName"),
        (remove("displayName"), "DisplayName"),
        (remove("name"), "Name"),
        (remove("name.givenName"), "Name.GivenName"),
        (set("userName", &json!("Administrator")), "UserName"),
        (set("title", &json!("")), "Title"),
        (set("title", &json!({"a": 1})), "Title"),
        (set("name", &json!("Jane")), "Name"),
        (set("name", &json!({"givenName": "Jane"})), "Name.FamilyName"),
        (set("emails", &json!([])), "Emails"),
        (set("emails", &json!([{"value": "nonsense"}])), "Emails[0].Value"),
        (set("emails", &json!([{"valeu": "a@b.example"}])), "Operations[1].AttributeValue"),
        (set("birthdate", &json!("2001-02-29")), "Birthdate"),
        (set("userId", &json!("x")), "Operations[1].AttributePath"),
        (set("userStatus", &json!("DISABLED")), "Operations[1].AttributePath"),
        (set("emails.value", &json!("a@b.example")), "Operations[1].AttributePath"),
        (set("emails[0].value", &json!("a@b.example")), "Operations[1].AttributePath"),
        (set("extensions", &json!({})), "Operations[1].AttributePath"),
        (set("aws:identitystore:other", &json!({})), "Operations[1].AttributePath"),
        (set("aws:identitystore:enterprise.salary", &json!("1")), "Operations[1].AttributePath"),
    ];
    for (operation, field) in cases {
        let refused = update(&store, &user_id, &[title.clone(), operation.clone()]);
        assert_eq!(wrong_field(refused), field, "{operation}");
    }
    assert_eq!(store.describe_user(&user_id), before);
}

#[test]
fn a_stale_revision_is_refused() {
    let store = Store::new();
    let user_id = store.create_user("jane");
    let body = |revision: &str| json!({"UserId": user_id, "Revision": revision, "Operations": [set("title", &json!("CTO"))]});
    assert_eq!(text(&store.call("UpdateUser", body("1")).unwrap(), "Revision"), "2");
    assert_eq!(store.call("UpdateUser", body("1")), Err(Fault::StaleRevision));
    assert_eq!(store.call("UpdateUser", body("02")), Err(Fault::StaleRevision));
    assert_eq!(wrong_field(store.call("UpdateUser", body("two"))), "Revision");
}

#[test]
fn a_user_cannot_take_the_name_or_the_address_of_another() {
    let store = Store::new();
    let jane = a_user_with("jane", &json!({"Emails": [{"Value": "jane@example.com"}]}));
    let jane = text(&store.call("CreateUser", jane).unwrap(), "UserId");
    let john = store.create_user("john");
    let taken = |field| Err(Fault::not_unique(IdentityStoreEntity::User, field));
    assert_eq!(update(&store, &john, &[set("userName", &json!("Jane"))]), taken("UserName"));
    let email = set("emails", &json!([{"value": "JANE@example.com"}]));
    assert_eq!(update(&store, &john, &[email]), taken("e-mail address"));
    // A user's own name does not conflict.
    update(&store, &jane, &[set("userName", &json!("JANE"))]).unwrap();
}

#[test]
fn an_address_that_was_removed_is_free() {
    let store = Store::new();
    let email = json!({"Emails": [{"Value": "jane@example.com"}]});
    let created = store.call("CreateUser", a_user_with("jane", &email)).unwrap();
    update(&store, &text(&created, "UserId"), &[remove("emails")]).unwrap();
    store.call("CreateUser", a_user_with("john", &email)).unwrap();
}

#[test]
fn a_disabled_user_is_enabled_before_anything_else() {
    let store = Store::new();
    let user_id = store.create_user("jane");
    let group_id = store.create_group("Writers");
    store.admin("DisableUser", &user_id).unwrap();
    let refused = update(&store, &user_id, &[set("title", &json!("CTO"))]);
    assert!(matches!(refused, Err(Fault::Conflict { .. })), "{refused:?}");
    let refused = store.join(&group_id, &user_id);
    assert!(matches!(refused, Err(Fault::Conflict { .. })), "{refused:?}");
    store.admin("EnableUser", &user_id).unwrap();
    update(&store, &user_id, &[set("title", &json!("CTO"))]).unwrap();
    store.join(&group_id, &user_id).unwrap();
    // The access of a disabled user can be removed.
    store.admin("DisableUser", &user_id).unwrap();
    store.call("DeleteUser", json!({ "UserId": user_id })).unwrap();
}

#[test]
fn a_group_is_changed_under_the_rules_it_was_created_under() {
    let store = Store::new();
    let group_id = store.create_group("Writers");
    store.create_group("Readers");
    let update = |operations: &[Value]| {
        store.call("UpdateGroup", json!({"GroupId": group_id, "Operations": operations}))
    };
    let both = [set("displayName", &json!("Authors")), set("description", &json!("Who write"))];
    assert_eq!(text(&update(&both).unwrap(), "Revision"), "2");
    let group = store.call("DescribeGroup", json!({ "GroupId": group_id })).unwrap();
    assert_eq!(
        (text(&group, "DisplayName"), text(&group, "Description")),
        ("Authors".into(), "Who write".into())
    );
    update(&[remove("description")]).unwrap();
    let group = store.call("DescribeGroup", json!({ "GroupId": group_id })).unwrap();
    assert_eq!(group.get("Description"), None);
    assert_eq!(text(&group, "Revision"), "3");

    assert_eq!(wrong_field(update(&[remove("displayName")])), "DisplayName");
    assert_eq!(wrong_field(update(&[set("displayName", &json!("administrator"))])), "DisplayName");
    assert_eq!(wrong_field(update(&[set("members", &json!([]))])), "Operations[0].AttributePath");
    let taken = Err(Fault::not_unique(IdentityStoreEntity::Group, "DisplayName"));
    assert_eq!(update(&[set("displayName", &json!("READERS"))]), taken);
    let stale =
        json!({"GroupId": group_id, "Revision": "1", "Operations": [remove("description")]});
    assert_eq!(store.call("UpdateGroup", stale), Err(Fault::StaleRevision));
}
