//! Names that look the same, and names that do not show what they are.

use model::{Fault, IdentityStoreEntity};
use serde_json::{Value, json};

use super::{Store, a_user, a_user_with, each, text, wrong_field};

const COMPOSED: &str = "josé";
const DECOMPOSED: &str = "jose\u{301}";

fn taken(entity: IdentityStoreEntity, field: &'static str) -> Result<Value, Fault> {
    Err(Fault::not_unique(entity, field))
}

fn alternate(path: &str, value: &str) -> Value {
    json!({"AlternateIdentifier": {
        "UniqueAttribute": {"AttributePath": path, "AttributeValue": value},
    }})
}

#[test]
fn a_user_name_belongs_to_one_user_in_every_spelling() {
    let store = Store::new();
    let email = json!({"Emails": [{"Value": "\u{fb01}nn@example.com"}]});
    let created = store.call("CreateUser", a_user_with(COMPOSED, &email)).unwrap();
    let user_id = text(&created, "UserId");
    for name in [DECOMPOSED, "JOSE\u{301}", "\u{ff4a}\u{ff4f}sé"] {
        let refused = store.call("CreateUser", a_user(name));
        assert_eq!(refused, taken(IdentityStoreEntity::User, "UserName"), "{name:?}");
        let found = store.call("GetUserId", alternate("userName", name)).unwrap();
        assert_eq!(text(&found, "UserId"), user_id, "{name:?}");
        let filter = json!({"Filters": [{"AttributePath": "UserName", "AttributeValue": name}]});
        let listed = store.call("ListUsers", filter).unwrap();
        assert_eq!(each(&listed, "Users", "UserName"), [COMPOSED], "{name:?}");
    }
    let other = json!({"Emails": [{"Value": "FINN@example.com"}]});
    let refused = store.call("CreateUser", a_user_with("finn", &other));
    assert_eq!(refused, taken(IdentityStoreEntity::User, "e-mail address"));
    let found = store.call("GetUserId", alternate("emails.value", "finn@example.com")).unwrap();
    assert_eq!(text(&found, "UserId"), user_id);
}

#[test]
fn a_group_name_belongs_to_one_group_in_every_spelling() {
    let store = Store::new();
    let group_id = store.create_group("Größe 1");
    for name in ["gro\u{308}sse 1", "GRÖSSE\u{a0}1", "Größe  \u{2460} "] {
        let refused = store.call("CreateGroup", json!({ "DisplayName": name }));
        assert_eq!(refused, taken(IdentityStoreEntity::Group, "DisplayName"), "{name:?}");
        let found = store.call("GetGroupId", alternate("displayName", name)).unwrap();
        assert_eq!(text(&found, "GroupId"), group_id, "{name:?}");
        let filter = json!({"Filters": [{"AttributePath": "DisplayName", "AttributeValue": name}]});
        let listed = store.call("ListGroups", filter).unwrap();
        assert_eq!(each(&listed, "Groups", "DisplayName"), ["Größe 1"], "{name:?}");
    }
}

#[test]
fn names_with_invisible_characters_are_refused() {
    let store = Store::new();
    let user_id = store.create_user("ann");
    let group_id = store.create_group("Engineers");
    for c in ['\u{202e}', '\u{200b}', '\u{feff}', '\u{fe0f}', '\u{3164}', '\u{34f}', '\u{2800}'] {
        let name = format!("ja{c}ne");
        assert_eq!(wrong_field(store.call("CreateUser", a_user(&name))), "UserName", "{c:?}");
        let email = json!({"Emails": [{"Value": format!("{name}@example.com")}]});
        let refused = store.call("CreateUser", a_user_with("jane", &email));
        assert_eq!(wrong_field(refused), "Emails[0].Value", "{c:?}");
        let operations = json!([{"AttributePath": "userName", "AttributeValue": name}]);
        let body = json!({"UserId": user_id, "Operations": operations});
        assert_eq!(wrong_field(store.call("UpdateUser", body)), "UserName", "{c:?}");
        let refused = store.call("CreateGroup", json!({ "DisplayName": name }));
        assert_eq!(wrong_field(refused), "DisplayName", "{c:?}");
        let operations = json!([{"AttributePath": "displayName", "AttributeValue": name}]);
        let body = json!({"GroupId": group_id, "Operations": operations});
        assert_eq!(wrong_field(store.call("UpdateGroup", body)), "DisplayName", "{c:?}");
    }
    for name in [" ", "\u{a0}\u{3000}", " Administrator"] {
        let refused = store.call("CreateGroup", json!({ "DisplayName": name }));
        assert_eq!(wrong_field(refused), "DisplayName", "{name:?}");
    }
}

#[test]
fn a_display_name_shows_something_and_may_be_written_in_any_script() {
    let store = Store::new();
    for name in ["\u{3164}", " ", "\u{fe0f}"] {
        let user = a_user_with("jane", &json!({ "DisplayName": name }));
        assert_eq!(wrong_field(store.call("CreateUser", user)), "DisplayName", "{name:?}");
    }
    for (user, name) in
        [("a", "葛\u{e0100}"), ("b", "❤\u{fe0f}"), ("c", "ᄒ\u{1160}ᆫ"), ("d", "نرگس")]
    {
        store.call("CreateUser", a_user_with(user, &json!({ "DisplayName": name }))).unwrap();
    }
}
