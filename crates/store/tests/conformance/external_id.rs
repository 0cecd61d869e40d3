//! External ids of users and groups.

use model::external_id::ExternalId;
use model::{Fault, IdentityStoreEntity};
use store::{Db, external_id, group, user};

use crate::group::some_group;
use crate::harness::{delete_user, read, store_id, uuid, write};
use crate::user::some_user;

on_both_engines!(
    an_external_id_finds_its_user_and_its_group,
    a_new_external_id_takes_the_place_of_the_old,
    an_external_id_belongs_to_one,
    an_external_id_goes_with_whom_it_names,
);

fn named(id: &str) -> ExternalId {
    ExternalId { issuer: "https://idp.example".parse().unwrap(), id: id.parse().unwrap() }
}

fn populate(db: &Db) {
    write(db, |tx| {
        user::insert(tx, &some_user(1, "jane")).unwrap();
        user::insert(tx, &some_user(2, "john")).unwrap();
        group::insert(tx, &some_group(11, "Writers")).unwrap();
    });
}

fn name_user(db: &Db, number: u32, ids: &[ExternalId]) {
    write(db, |tx| external_id::replace_of_user(tx, &store_id(), &uuid(number), ids)).unwrap();
}

fn an_external_id_finds_its_user_and_its_group(db: &Db) {
    populate(db);
    // A user and a group may have the same external id.
    name_user(db, 1, &[named("1"), named("one")]);
    write(db, |tx| external_id::replace_of_group(tx, &store_id(), &uuid(11), &[named("1")]))
        .unwrap();
    read(db, |read| {
        let store = &store_id();
        assert_eq!(external_id::find_user(read, store, &named("1")), Ok(Some(uuid(1))));
        assert_eq!(external_id::find_user(read, store, &named("one")), Ok(Some(uuid(1))));
        assert_eq!(external_id::find_group(read, store, &named("1")), Ok(Some(uuid(11))));
        assert_eq!(external_id::find_group(read, store, &named("one")), Ok(None));
        let user = user::require(read, store, &uuid(1)).unwrap();
        assert_eq!(user.external_ids, [named("1"), named("one")]);
        let group = group::require(read, store, &uuid(11)).unwrap();
        assert_eq!(group.external_ids, [named("1")]);
    });
}

fn a_new_external_id_takes_the_place_of_the_old(db: &Db) {
    populate(db);
    name_user(db, 1, &[named("old")]);
    name_user(db, 1, &[named("new")]);
    read(db, |read| {
        assert_eq!(external_id::find_user(read, &store_id(), &named("old")), Ok(None));
        assert_eq!(external_id::find_user(read, &store_id(), &named("new")), Ok(Some(uuid(1))));
    });
    name_user(db, 1, &[]);
    let user = read(db, |read| user::require(read, &store_id(), &uuid(1))).unwrap();
    assert_eq!(user.external_ids, []);
}

fn an_external_id_belongs_to_one(db: &Db) {
    populate(db);
    name_user(db, 1, &[named("1")]);
    let mut tx = crate::harness::begin(db);
    let refused = external_id::replace_of_user(&mut tx, &store_id(), &uuid(2), &[named("1")]);
    assert_eq!(refused, Err(Fault::not_unique(IdentityStoreEntity::User, "ExternalId")));
}

fn an_external_id_goes_with_whom_it_names(db: &Db) {
    populate(db);
    name_user(db, 1, &[named("1")]);
    delete_user(db, 1);
    name_user(db, 2, &[named("1")]);
    let found = read(db, |read| external_id::find_user(read, &store_id(), &named("1")));
    assert_eq!(found, Ok(Some(uuid(2))));
}
