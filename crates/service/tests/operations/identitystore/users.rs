//! Users: create, read, find and delete.

use model::{Fault, IdentityStoreEntity};
use serde_json::{Value, json};
use testing::START_MS;

use super::{Store, a_user, a_user_with, each, text, wrong_field};

/// Returns a user with every attribute.
fn everything() -> Value {
    json!({
        "UserName": "jane.doe",
        "Name": {
            "Formatted": "Dr. Jane M. Doe III", "FamilyName": "Doe", "GivenName": "Jane",
            "MiddleName": "M.", "HonorificPrefix": "Dr.", "HonorificSuffix": "III",
        },
        "DisplayName": "Jane Doe",
        "NickName": "JD",
        "ProfileUrl": "https://example.com/jane",
        "Emails": [{"Value": "Jane@Example.com", "Type": "Work", "Primary": true}],
        "Addresses": [{
            "StreetAddress": "1 High Street", "Locality": "Zürich", "Region": "ZH",
            "PostalCode": "8000", "Country": "CH", "Formatted": "1 High Street\n8000 Zürich",
            "Type": "Home", "Primary": false,
        }],
        "PhoneNumbers": [{"Value": "+1 (800) 123-4567", "Type": "Mobile", "Primary": true}],
        "UserType": "Employee",
        "Title": "CTO",
        "PreferredLanguage": "en-us",
        "Locale": "東京",
        "Timezone": "Europe/Zurich",
        "Photos": [
            {"Value": "https://example.com/1.png", "Type": "photo", "Display": "One", "Primary": true},
            {"Value": "https://example.com/2.png", "Primary": false},
        ],
        "Website": "https://jane.example",
        "Birthdate": "2000-02-29",
        "Roles": [{"Value": "Researcher", "Type": "Work", "Primary": true}],
        "Extensions": {"aws:identitystore:enterprise": {
            "employeeNumber": "701984", "costCenter": "4130", "organization": "Example",
            "division": "Theme Park", "department": "Tour", "manager": {"value": "m-1"},
        }},
    })
}

#[test]
fn a_user_reads_back_with_every_attribute() {
    let store = Store::new();
    let created = store.call("CreateUser", everything()).unwrap();
    let user_id = text(&created, "UserId");
    let arn = format!("arn:aws:identitystore:::user/{user_id}");
    let expected = json!({
        "IdentityStoreId": store.id, "UserId": user_id, "UserArn": arn, "Revision": "1",
    });
    assert_eq!(created, expected);

    let body = json!({"UserId": arn, "Extensions": ["aws:identitystore:enterprise"]});
    let mut described = store.call("DescribeUser", body).unwrap();
    let fields = described.as_object_mut().unwrap();
    let own = fields.remove("CreatedAt");
    let at = 1_800_000_000.0;
    assert_eq!(own, Some(json!(at)));
    assert_eq!(START_MS, 1_800_000_000_000);
    assert_eq!(fields.remove("UpdatedAt"), Some(json!(at)));
    let by = json!("arn:aws:sts::123456789012:assumed-role/Tester/test");
    assert_eq!(fields.remove("CreatedBy"), Some(by.clone()));
    assert_eq!(fields.remove("UpdatedBy"), Some(by));
    assert_eq!(fields.remove("UserStatus"), Some(json!("ENABLED")));
    let mut expected = everything();
    expected.as_object_mut().unwrap().extend(created.as_object().unwrap().clone());
    assert_eq!(described, expected);
}

#[test]
fn extensions_are_told_only_when_they_are_asked_for() {
    let store = Store::new();
    let user_id = text(&store.call("CreateUser", everything()).unwrap(), "UserId");
    assert_eq!(store.describe_user(&user_id).get("Extensions"), None);
    let listed = store.call("ListUsers", json!({})).unwrap();
    assert_eq!(listed["Users"][0].get("Extensions"), None);
    let asked = json!({"Extensions": ["aws:identitystore:enterprise"]});
    let listed = store.call("ListUsers", asked).unwrap();
    assert!(listed["Users"][0].get("Extensions").is_some());
    let unknown = json!({"Extensions": ["aws:identitystore:other"]});
    assert_eq!(wrong_field(store.call("ListUsers", unknown)), "Extensions[0]");
}

#[test]
fn a_user_without_the_names_that_identity_center_needs_is_refused() {
    let store = Store::new();
    for field in ["UserName", "DisplayName", "Name"] {
        let mut user = a_user("jane");
        user.as_object_mut().unwrap().remove(field);
        assert_eq!(wrong_field(store.call("CreateUser", user)), field);
    }
    let user = a_user_with("jane", &json!({"Name": {"GivenName": "Jane"}}));
    assert_eq!(wrong_field(store.call("CreateUser", user)), "Name.FamilyName");
}

#[test]
fn an_attribute_that_is_not_of_its_form_is_refused_with_its_name() {
    let store = Store::new();
    let email = json!({"Value": "jane@example.com"});
    let cases = [
        (json!({"UserName": "jane doe"}), "UserName"),
        (json!({"UserName": "Administrator"}), "UserName"),
        (json!({"UserName": "awsadministrators"}), "UserName"),
        (json!({"UserName": "j\u{0}"}), "UserName"),
        (json!({"UserName": "j".repeat(129)}), "UserName"),
        (json!({"DisplayName": ""}), "DisplayName"),
        (json!({"DisplayName": "a\u{1b}b"}), "DisplayName"),
        (json!({"Title": "x".repeat(1025)}), "Title"),
        (json!({"Title": 7}), "Title"),
        (json!({"Emails": []}), "Emails"),
        (json!({"Emails": [email, email]}), "Emails"),
        (json!({"Emails": [{"Value": "not an address"}]}), "Emails[0].Value"),
        (json!({"Emails": [{"Value": "a@b.example\r\nBcc: c@d.example"}]}), "Emails[0].Value"),
        (json!({"Emails": [{"Primary": "perhaps"}]}), "Emails[0].Primary"),
        (json!({"Birthdate": "29.2.2000"}), "Birthdate"),
        (json!({"Photos": [{"Type": "photo"}]}), "Photos[0].Value"),
        (
            json!({"Photos": [{"Value": "1", "Primary": true}, {"Value": "2", "Primary": true}]}),
            "Photos",
        ),
        (
            json!({"Photos": [{"Value": "1"}, {"Value": "2"}, {"Value": "3"}, {"Value": "4"}]}),
            "Photos",
        ),
        (json!({"Extensions": {}}), "Extensions"),
        (json!({"Extensions": {"aws:identitystore:other": {}}}), "Extensions"),
        (
            json!({"Extensions": {"aws:identitystore:enterprise": 1}}),
            "Extensions.aws:identitystore:enterprise",
        ),
        (
            json!({"Extensions": {"aws:identitystore:enterprise": {"salary": "1"}}}),
            "Extensions.aws:identitystore:enterprise",
        ),
        (
            json!({"Extensions": {"aws:identitystore:enterprise": {"division": 1}}}),
            "Extensions.aws:identitystore:enterprise.division",
        ),
        (
            json!({"Extensions": {"aws:identitystore:enterprise": {"manager": {}}}}),
            "Extensions.aws:identitystore:enterprise.manager.value",
        ),
    ];
    for (more, field) in cases {
        let user = a_user_with("jane", &more);
        assert_eq!(wrong_field(store.call("CreateUser", user)), field, "{more}");
    }
    assert!(each(&store.call("ListUsers", json!({})).unwrap(), "Users", "UserName").is_empty());
}

#[test]
fn a_name_and_an_address_belong_to_one_user_in_any_case() {
    let store = Store::new();
    let jane = a_user_with("jane", &json!({"Emails": [{"Value": "jane@example.com"}]}));
    store.call("CreateUser", jane).unwrap();
    let taken = |field| Err(Fault::not_unique(IdentityStoreEntity::User, field));
    assert_eq!(store.call("CreateUser", a_user("JANE")), taken("UserName"));
    let other = a_user_with("john", &json!({"Emails": [{"Value": "JANE@example.COM"}]}));
    assert_eq!(store.call("CreateUser", other), taken("e-mail address"));
    store.call("CreateUser", a_user("john")).unwrap();
}

#[test]
fn users_are_listed_by_name_in_pages() {
    let store = Store::new();
    for name in ["carol", "Alice", "bob", "Dave", "eve"] {
        store.create_user(name);
    }
    let mut names = Vec::new();
    let mut body = json!({"MaxResults": 2});
    for users in [2, 2, 1] {
        let page = store.call("ListUsers", body.clone()).unwrap();
        let these = each(&page, "Users", "UserName");
        assert_eq!(these.len(), users);
        names.extend(these);
        body["NextToken"] = page.get("NextToken").cloned().unwrap_or_default();
    }
    assert_eq!(body["NextToken"], Value::Null);
    assert_eq!(names, ["Alice", "bob", "carol", "Dave", "eve"]);
    assert_eq!(wrong_field(store.call("ListUsers", json!({"MaxResults": 0}))), "MaxResults");
    assert_eq!(wrong_field(store.call("ListUsers", json!({"NextToken": "x"}))), "NextToken");
}

#[test]
fn a_token_of_one_list_opens_no_other() {
    let store = Store::new();
    for name in ["a", "b"] {
        store.create_user(name);
        store.create_group(name);
    }
    let page = store.call("ListUsers", json!({"MaxResults": 1})).unwrap();
    let body = json!({"MaxResults": 1, "NextToken": page["NextToken"]});
    assert_eq!(wrong_field(store.call("ListGroups", body)), "NextToken");
}

#[test]
fn a_filter_finds_the_user_of_a_name() {
    let store = Store::new();
    store.create_user("jane");
    store.create_user("john");
    let filter = |path: &str, value: &str| {
        let filters = json!([{"AttributePath": path, "AttributeValue": value}]);
        store.call("ListUsers", json!({ "Filters": filters }))
    };
    assert_eq!(each(&filter("UserName", "JANE").unwrap(), "Users", "UserName"), ["jane"]);
    assert!(each(&filter("UserName", "jan").unwrap(), "Users", "UserName").is_empty());
    assert_eq!(wrong_field(filter("Title", "jane")), "Filters[0].AttributePath");
    let none = store.call("ListUsers", json!({"Filters": []})).unwrap();
    assert_eq!(each(&none, "Users", "UserName").len(), 2);
}

#[test]
fn an_id_is_found_by_name_and_by_address() {
    let store = Store::new();
    let jane = a_user_with("jane", &json!({"Emails": [{"Value": "jane@example.com"}]}));
    let user_id = text(&store.call("CreateUser", jane).unwrap(), "UserId");
    let find = |path: &str, value: &str| {
        let unique = json!({"AttributePath": path, "AttributeValue": value});
        store.call("GetUserId", json!({"AlternateIdentifier": {"UniqueAttribute": unique}}))
    };
    for (path, value) in [
        ("userName", "jane"),
        ("username", "JANE"),
        ("UserName", "jane"),
        ("emails.value", "Jane@Example.com"),
    ] {
        let found = find(path, value).unwrap();
        assert_eq!(text(&found, "UserId"), user_id);
        assert_eq!(text(&found, "UserArn"), format!("arn:aws:identitystore:::user/{user_id}"));
    }
    let missing = Err(Fault::not_found(IdentityStoreEntity::User, ""));
    assert_eq!(find("userName", "john"), missing);
    assert_eq!(find("emails.value", ""), missing);
    let field = "AlternateIdentifier.UniqueAttribute.AttributePath";
    assert_eq!(wrong_field(find("title", "x")), field);
}

#[test]
fn an_alternate_identifier_is_of_one_kind() {
    let store = Store::new();
    let unique = json!({"AttributePath": "userName", "AttributeValue": "jane"});
    let external = json!({"Issuer": "https://idp.example", "Id": "1"});
    let find =
        |identifier: &Value| store.call("GetUserId", json!({ "AlternateIdentifier": identifier }));
    let both = json!({"UniqueAttribute": unique, "ExternalId": external});
    assert_eq!(wrong_field(find(&both)), "AlternateIdentifier");
    assert_eq!(wrong_field(find(&json!({}))), "AlternateIdentifier");
    let missing = Err(Fault::not_found(IdentityStoreEntity::User, ""));
    assert_eq!(find(&json!({ "ExternalId": external })), missing);
    let blank = json!({"ExternalId": {"Issuer": "https://idp.example", "Id": "a b"}});
    assert_eq!(wrong_field(find(&blank)), "AlternateIdentifier.ExternalId.Id");
}

#[test]
fn a_deleted_user_is_gone_and_the_name_is_free() {
    let store = Store::new();
    let user_id = store.create_user("jane");
    let group_id = store.create_group("Writers");
    store.join(&group_id, &user_id).unwrap();
    let stale = json!({"UserId": user_id, "Revision": "2"});
    assert_eq!(store.call("DeleteUser", stale), Err(Fault::StaleRevision));
    let current = json!({"UserId": user_id, "Revision": "1"});
    assert_eq!(store.call("DeleteUser", current.clone()), Ok(json!({})));
    let missing = Err(Fault::not_found(IdentityStoreEntity::User, &user_id));
    assert_eq!(store.call("DeleteUser", current), missing);
    assert_eq!(store.call("DescribeUser", json!({ "UserId": user_id })), missing);
    let members = store.call("ListGroupMemberships", json!({ "GroupId": group_id })).unwrap();
    assert_eq!(members["GroupMemberships"], json!([]));
    assert_ne!(store.create_user("jane"), user_id);
}

#[test]
fn a_status_is_changed_and_shown() {
    let store = Store::new();
    let user_id = store.create_user("jane");
    assert_eq!(store.admin("DisableUser", &user_id), Ok(json!({})));
    let disabled = store.describe_user(&user_id);
    assert_eq!(
        (text(&disabled, "UserStatus"), text(&disabled, "Revision")),
        ("DISABLED".into(), "2".into())
    );
    // Disabling a disabled user changes nothing.
    store.admin("DisableUser", &user_id).unwrap();
    assert_eq!(text(&store.describe_user(&user_id), "Revision"), "2");
    store.admin("EnableUser", &user_id).unwrap();
    assert_eq!(text(&store.describe_user(&user_id), "UserStatus"), "ENABLED");
    let nobody = "00000000-0000-4000-8000-000000000000";
    let missing = Err(Fault::not_found(IdentityStoreEntity::User, nobody));
    assert_eq!(store.admin("DisableUser", nobody), missing);
}
