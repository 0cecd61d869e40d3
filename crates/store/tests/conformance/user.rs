//! Users.

use model::external_id::ExternalId;
use model::shown_user::ShownUser;
use model::user::{User, UserStatus};
use model::{Entity, Fault, IdentityStoreEntity};
use store::user::ListedUser;
use store::{Db, external_id, user};

use crate::harness::{NOW_MS, delete_user, read, store_id, uuid, write, write_at};

on_both_engines!(
    a_user_reads_back_with_every_attribute,
    a_name_and_an_address_are_unique_without_regard_to_case,
    many_users_have_no_address,
    a_user_is_found_by_name_and_by_address_in_any_case,
    a_change_is_the_next_revision,
    a_change_cannot_take_what_is_taken,
    disabling_ends_what_was_issued_and_enabling_does_not_bring_it_back,
    users_are_listed_by_name_from_any_place_on,
    every_write_is_shown_in_lists,
    a_deleted_user_is_gone,
);

pub fn some_user(number: u32, name: &str) -> User {
    User {
        id: uuid(number),
        identity_store_id: store_id(),
        user_name: name.parse().unwrap(),
        display_name: format!("The {name}").parse().unwrap(),
        attributes: attributes(r#"{"Name":{"GivenName":"Jane","FamilyName":"Doe"}}"#),
        external_ids: Vec::new(),
        status: UserStatus::Enabled,
        revision: 1,
        credentials_not_before_ms: 0,
        created_at_ms: NOW_MS,
        created_by: "creator".to_owned(),
        updated_at_ms: NOW_MS,
        updated_by: "creator".to_owned(),
    }
}

fn with_email(number: u32, name: &str, email: &str) -> User {
    let json = format!(
        r#"{{"Name":{{"GivenName":"Jane","FamilyName":"Doe"}},"Emails":[{{"Value":"{email}"}}]}}"#
    );
    User { attributes: attributes(&json), ..some_user(number, name) }
}

fn attributes(json: &str) -> model::user::UserAttributes {
    serde_json::from_str(json).unwrap()
}

fn taken<T>(field: &'static str) -> Result<T, Fault> {
    Err(Fault::not_unique(IdentityStoreEntity::User, field))
}

fn require(db: &Db, number: u32) -> Result<User, Fault> {
    read(db, |read| user::require(read, &store_id(), &uuid(number)))
}

fn a_user_reads_back_with_every_attribute(db: &Db) {
    let everything = r#"{
        "Name": {"Formatted": "Jane Doe", "FamilyName": "Doe", "GivenName": "Jane",
            "MiddleName": "M.", "HonorificPrefix": "Dr.", "HonorificSuffix": "III"},
        "NickName": "JD", "ProfileUrl": "https://example.com/jane",
        "Emails": [{"Value": "Jane@Example.com", "Type": "Work", "Primary": true}],
        "Addresses": [{"StreetAddress": "1 High Street\nFlat \"2\"", "Locality": "Zürich",
            "Region": "ZH", "PostalCode": "8000", "Country": "CH", "Formatted": "…",
            "Type": "Home", "Primary": false}],
        "PhoneNumbers": [{"Value": "+1", "Type": "Mobile"}],
        "UserType": "Employee", "Title": "CTO", "PreferredLanguage": "en-us", "Locale": "東京",
        "Timezone": "Europe/Zurich", "Photos": [{"Value": "a"}, {"Value": "b", "Primary": true}],
        "Website": "https://jane.example", "Birthdate": "2000-02-29",
        "Roles": [{"Value": "Researcher"}],
        "Extensions": {"aws:identitystore:enterprise": {"employeeNumber": "7", "costCenter": "8",
            "organization": "o", "division": "d", "department": "e", "manager": {"value": "m"}}}
    }"#;
    let rich = User {
        attributes: attributes(everything),
        status: UserStatus::Disabled,
        revision: 7,
        credentials_not_before_ms: 5,
        updated_at_ms: NOW_MS + 1,
        updated_by: "changer".to_owned(),
        ..some_user(1, "jane")
    };
    for user in [rich, some_user(2, "ünï-cödé@例え.jp")] {
        write(db, |tx| user::insert(tx, &user)).unwrap();
        assert_eq!(read(db, |read| user::find(read, &store_id(), &user.id)), Ok(Some(user)));
    }
}

fn a_name_and_an_address_are_unique_without_regard_to_case(db: &Db) {
    write(db, |tx| {
        user::insert(tx, &with_email(1, "Jane", "jane@example.com")).unwrap();
        assert_eq!(user::insert(tx, &some_user(2, "JANE")), taken("UserName"));
        let other = with_email(2, "john", "JANE@EXAMPLE.COM");
        assert_eq!(user::insert(tx, &other), taken("e-mail address"));
        user::insert(tx, &with_email(2, "john", "john@example.com")).unwrap();
    });
}

fn many_users_have_no_address(db: &Db) {
    write(db, |tx| {
        for (number, name) in [(1, "a"), (2, "b")] {
            user::insert(tx, &some_user(number, name)).unwrap();
        }
    });
    assert_eq!(require(db, 2), Ok(some_user(2, "b")));
}

fn a_user_is_found_by_name_and_by_address_in_any_case(db: &Db) {
    let jane = with_email(1, "Jäne", "Jane@Example.com");
    write(db, |tx| user::insert(tx, &jane)).unwrap();
    read(db, |read| {
        let store = &store_id();
        assert_eq!(user::find_by_name(read, store, "JÄNE"), Ok(Some(jane.clone())));
        assert_eq!(user::find_by_email(read, store, "jane@example.COM"), Ok(Some(jane)));
        assert_eq!(user::find_by_name(read, store, "jane@example.com"), Ok(None));
        assert_eq!(user::find_by_email(read, store, ""), Ok(None));
    });
}

fn a_change_is_the_next_revision(db: &Db) {
    write(db, |tx| user::insert(tx, &with_email(1, "jane", "jane@example.com"))).unwrap();
    let changed = User {
        updated_at_ms: NOW_MS + 5,
        updated_by: "changer".to_owned(),
        ..some_user(1, "jane.doe")
    };
    let updated = User { revision: 2, ..changed.clone() };
    assert_eq!(write(db, |tx| user::update(tx, changed)).as_ref(), Ok(&updated));
    assert_eq!(require(db, 1), Ok(updated.clone()));
    // The revision that was read is no longer current.
    let late = User { revision: 1, ..updated };
    assert_eq!(write(db, |tx| user::update(tx, late)), Err(Fault::StaleRevision));
    // The former name and address are free.
    write(db, |tx| user::insert(tx, &with_email(2, "jane", "jane@example.com"))).unwrap();
    let refused = write(db, |tx| user::update(tx, some_user(9, "nobody")));
    assert_eq!(refused, Err(Fault::StaleRevision));
}

fn a_change_cannot_take_what_is_taken(db: &Db) {
    write(db, |tx| {
        user::insert(tx, &with_email(1, "jane", "jane@example.com")).unwrap();
        user::insert(tx, &some_user(2, "john")).unwrap();
        assert_eq!(user::update(tx, some_user(2, "JANE")), taken("UserName"));
        let addressed = with_email(2, "john", "Jane@example.com");
        assert_eq!(user::update(tx, addressed), taken("e-mail address"));
        // The user's own name and address are not taken.
        user::update(tx, with_email(1, "JANE", "jane@EXAMPLE.com")).unwrap();
    });
    assert_eq!(require(db, 2), Ok(some_user(2, "john")));
}

fn disabling_ends_what_was_issued_and_enabling_does_not_bring_it_back(db: &Db) {
    write(db, |tx| user::insert(tx, &some_user(1, "jane"))).unwrap();
    let set = |now_ms, status| {
        let before = db.signals().authority();
        write_at(db, now_ms, |tx| user::set_status(tx, &store_id(), &uuid(1), status)).unwrap();
        assert!(db.signals().authority() > before);
        require(db, 1).unwrap()
    };
    let disabled = set(NOW_MS + 10, UserStatus::Disabled);
    assert_eq!(disabled.status, UserStatus::Disabled);
    assert_eq!(disabled.credentials_not_before_ms, NOW_MS + 10);
    assert_eq!((disabled.revision, disabled.updated_at_ms), (2, NOW_MS + 10));
    assert_eq!(disabled.updated_by, "portico");
    let enabled = set(NOW_MS + 20, UserStatus::Enabled);
    assert_eq!(enabled.status, UserStatus::Enabled);
    assert_eq!(enabled.credentials_not_before_ms, NOW_MS + 10);
}

fn users_are_listed_by_name_from_any_place_on(db: &Db) {
    for (number, name) in (1..).zip(["c", "A", "b", "D"]) {
        write(db, |tx| user::insert(tx, &some_user(number, name))).unwrap();
    }
    let list = |after: &str, limit| {
        let users = read(db, |read| user::list(read, &store_id(), after, limit)).unwrap();
        users.iter().map(|user| user.user_name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(list("", 3), ["A", "b", "c"]);
    assert_eq!(list("c", 3), ["D"]);
    let elsewhere = "d-ffffffffff".parse().unwrap();
    assert_eq!(read(db, |read| user::list(read, &elsewhere, "", 3)), Ok(Vec::new()));
}

fn every_write_is_shown_in_lists(db: &Db) {
    let check = || {
        let users = read(db, |read| user::list(read, &store_id(), "", 9)).unwrap();
        let listed = read(db, |read| user::list_shown(read, &store_id(), "", 9)).unwrap();
        let shown = |user: User| ListedUser {
            user_name_key: user.user_name.key(),
            shown: serde_json::to_string(&ShownUser::new(user, false)).unwrap(),
        };
        let ids: Vec<_> = users.iter().map(|user| user.id.clone()).collect();
        assert_eq!(listed, users.into_iter().map(shown).collect::<Vec<_>>());
        for (id, listed) in ids.iter().zip(&listed) {
            let shown = read(db, |read| user::require_shown(read, &store_id(), id));
            assert_eq!(shown.as_ref(), Ok(&listed.shown));
        }
        listed
    };
    let rich = r#"{"Name":{"GivenName":"Jane","FamilyName":"Doe"},"Title":"CTO",
        "Extensions":{"aws:identitystore:enterprise":{"costCenter":"7"}}}"#;
    let jane = User { attributes: attributes(rich), ..some_user(1, "jane") };
    write(db, |tx| {
        user::insert(tx, &jane).unwrap();
        user::insert(tx, &some_user(2, "ann")).unwrap();
    });
    assert_eq!(check().len(), 2);
    let changed = User { user_name: "Jane.Doe".parse().unwrap(), ..jane };
    write_at(db, NOW_MS + 1, |tx| user::update(tx, changed)).unwrap();
    let disabled = UserStatus::Disabled;
    write_at(db, NOW_MS + 2, |tx| user::set_status(tx, &store_id(), &uuid(1), disabled)).unwrap();
    let named = ExternalId { issuer: "idp".parse().unwrap(), id: "1".parse().unwrap() };
    write_at(db, NOW_MS + 3, |tx| {
        external_id::replace_of_user(tx, &store_id(), &uuid(1), std::slice::from_ref(&named))
    })
    .unwrap();
    let listed = check();
    let shown: ShownUser = serde_json::from_str(&listed.last().unwrap().shown).unwrap();
    assert_eq!((shown.user_name.as_str(), shown.user_status.as_str()), ("Jane.Doe", "DISABLED"));
    assert_eq!((shown.revision.as_str(), shown.external_ids), ("4", vec![named]));
    assert_eq!(shown.attributes.extensions, None);
}

fn a_deleted_user_is_gone(db: &Db) {
    write(db, |tx| user::insert(tx, &some_user(1, "jane"))).unwrap();
    let before = db.signals().authority();
    delete_user(db, 1);
    assert!(db.signals().authority() > before);
    assert!(matches!(
        require(db, 1),
        Err(Fault::NotFound { entity: Entity::IdentityStore(IdentityStoreEntity::User), .. })
    ));
    let shown = read(db, |read| user::require_shown(read, &store_id(), &uuid(1)));
    assert!(matches!(
        shown,
        Err(Fault::NotFound { entity: Entity::IdentityStore(IdentityStoreEntity::User), .. })
    ));
    write(db, |tx| user::insert(tx, &some_user(1, "jane"))).unwrap();
}
