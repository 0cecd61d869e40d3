//! Users, groups, memberships and external ids.

use model::external_id::ExternalId;
use model::group::Group;
use model::membership::Membership;
use model::shown_user::ShownUser;
use model::user::{User, UserStatus};
use store::{Db, external_id, group, membership, user};

use super::value;
use crate::harness::{read, store_id, uuid, write};

on_both_engines!(
    columns_of_a_user,
    columns_of_a_user_that_was_changed,
    columns_of_a_group,
    columns_of_a_membership,
    columns_of_an_external_id,
);

fn some_user() -> User {
    let attributes = r#"{"Name":{"GivenName":"Given","FamilyName":"Family"},
        "Emails":[{"Value":"E.Mail@Example.com"}],"NickName":"Nick"}"#;
    User {
        id: uuid(1),
        identity_store_id: store_id(),
        user_name: value("User.Name"),
        display_name: value("Display"),
        attributes: serde_json::from_str(attributes).unwrap(),
        external_ids: vec![named("user-issuer", "user-external")],
        status: UserStatus::Disabled,
        revision: 2,
        credentials_not_before_ms: 3,
        created_at_ms: 4,
        created_by: "creator".to_owned(),
        updated_at_ms: 5,
        updated_by: "changer".to_owned(),
    }
}

fn some_group() -> Group {
    Group {
        id: uuid(11),
        identity_store_id: store_id(),
        display_name: value("Group.Name"),
        description: Some(value("Description")),
        external_ids: vec![named("group-issuer", "group-external")],
        revision: 12,
        created_at_ms: 13,
        created_by: "group creator".to_owned(),
        updated_at_ms: 14,
        updated_by: "group changer".to_owned(),
    }
}

fn named(issuer: &str, id: &str) -> ExternalId {
    ExternalId { issuer: value(issuer), id: value(id) }
}

/// Reads the user in every way that there is.
fn assert_user_reads_back(db: &Db, written: &User) {
    let shown = serde_json::to_string(&ShownUser::new(written.clone(), false)).unwrap();
    read(db, |read| {
        let store = &store_id();
        assert_eq!(user::require(read, store, &uuid(1)).as_ref(), Ok(written));
        assert_eq!(user::require_shown(read, store, &uuid(1)).as_ref(), Ok(&shown));
        let by_name = user::find_by_name(read, store, written.user_name.as_str());
        assert_eq!(by_name, Ok(Some(written.clone())));
        let email = written.email().unwrap().to_string();
        assert_eq!(user::find_by_email(read, store, &email), Ok(Some(written.clone())));
        assert_eq!(user::list(read, store, "", 9), Ok(vec![written.clone()]));
        let [listed] = user::list_shown(read, store, "", 9).unwrap().try_into().unwrap();
        assert_eq!((listed.user_name_key, listed.shown), (written.user_name.key(), shown));
    });
}

fn columns_of_a_user(db: &Db) {
    write(db, |tx| user::insert(tx, &some_user())).unwrap();
    assert_user_reads_back(db, &some_user());
}

fn columns_of_a_user_that_was_changed(db: &Db) {
    write(db, |tx| user::insert(tx, &some_user())).unwrap();
    let attributes = r#"{"Name":{"GivenName":"Other","FamilyName":"Names"},
        "Emails":[{"Value":"Other@Example.com"}],"Title":"Title"}"#;
    let changed = User {
        user_name: value("Other.Name"),
        display_name: value("Other Display"),
        attributes: serde_json::from_str(attributes).unwrap(),
        external_ids: vec![named("other-issuer", "other-external")],
        status: UserStatus::Enabled,
        credentials_not_before_ms: 30,
        updated_at_ms: 50,
        updated_by: "other changer".to_owned(),
        ..some_user()
    };
    write(db, |tx| user::update(tx, changed.clone())).unwrap();
    assert_user_reads_back(db, &User { revision: 3, ..changed });
}

fn columns_of_a_group(db: &Db) {
    let check = |written: &Group| {
        read(db, |read| {
            let found = group::require(read, &store_id(), &uuid(11));
            assert_eq!(found.as_ref(), Ok(written));
            let by_name = group::find_by_name(read, &store_id(), written.display_name.as_str());
            assert_eq!(by_name, Ok(Some(written.clone())));
            assert_eq!(group::list(read, &store_id(), "", 9), Ok(vec![written.clone()]));
        });
    };
    write(db, |tx| group::insert(tx, &some_group())).unwrap();
    check(&some_group());
    let changed = Group {
        display_name: value("Other.Group"),
        description: Some(value("Other description")),
        updated_at_ms: 140,
        updated_by: "other changer".to_owned(),
        ..some_group()
    };
    assert_eq!(write(db, |tx| group::update(tx, &changed)), Ok(13));
    check(&Group { revision: 13, ..changed });
}

fn columns_of_a_membership(db: &Db) {
    let written = Membership {
        id: uuid(21),
        identity_store_id: store_id(),
        group_id: uuid(11),
        user_id: uuid(1),
        created_at_ms: 22,
        created_by: "member creator".to_owned(),
        updated_at_ms: 23,
        updated_by: "member changer".to_owned(),
    };
    write(db, |tx| {
        user::insert(tx, &some_user()).unwrap();
        group::insert(tx, &some_group()).unwrap();
        membership::insert(tx, &written).unwrap();
    });
    read(db, |read| {
        let (store, group, user) = (&store_id(), &uuid(11), &uuid(1));
        assert_eq!(membership::require(read, store, &uuid(21)).as_ref(), Ok(&written));
        assert_eq!(membership::find_of(read, store, group, user), Ok(Some(written.clone())));
        let of_group = membership::list_of_group(read, store, group, "", 9);
        assert_eq!(of_group, Ok(vec![written.clone()]));
        assert_eq!(membership::list_of_user(read, store, user, "", 9), Ok(vec![written]));
    });
}

fn columns_of_an_external_id(db: &Db) {
    write(db, |tx| {
        user::insert(tx, &some_user()).unwrap();
        group::insert(tx, &some_group()).unwrap();
        let (of_user, of_group) = (named("a", "b"), named("c", "d"));
        external_id::replace_of_user(tx, &store_id(), &uuid(1), &[of_user]).unwrap();
        external_id::replace_of_group(tx, &store_id(), &uuid(11), &[of_group]).unwrap();
    });
    read(db, |read| {
        let store = &store_id();
        assert_eq!(external_id::find_user(read, store, &named("a", "b")), Ok(Some(uuid(1))));
        assert_eq!(external_id::find_user(read, store, &named("b", "a")), Ok(None));
        assert_eq!(external_id::find_group(read, store, &named("c", "d")), Ok(Some(uuid(11))));
        assert_eq!(external_id::find_group(read, store, &named("d", "c")), Ok(None));
        let user = user::require(read, store, &uuid(1)).unwrap();
        assert_eq!(user.external_ids, [named("a", "b")]);
        let group = group::require(read, store, &uuid(11)).unwrap();
        assert_eq!(group.external_ids, [named("c", "d")]);
    });
}
