//! Groups.

use model::group::Group;
use model::{Fault, IdentityStoreEntity};
use store::{Db, group};

use crate::harness::{NOW_MS, delete_group, read, store_id, uuid, write};

on_both_engines!(
    a_group_reads_back_as_it_was_written,
    a_name_is_unique_without_regard_to_case,
    a_group_is_found_by_its_name_in_any_case,
    a_change_is_the_next_revision,
    a_change_cannot_take_a_name_that_is_taken,
    groups_are_listed_by_name_from_any_place_on,
    a_deleted_group_is_gone,
);

pub fn some_group(number: u32, name: &str) -> Group {
    Group {
        id: uuid(number),
        identity_store_id: store_id(),
        display_name: name.parse().unwrap(),
        description: None,
        external_ids: Vec::new(),
        revision: 1,
        created_at_ms: NOW_MS,
        created_by: "creator".to_owned(),
        updated_at_ms: NOW_MS,
        updated_by: "creator".to_owned(),
    }
}

pub fn names(db: &Db) -> Vec<String> {
    let groups = read(db, |read| group::list(read, &store_id(), "", 100)).unwrap();
    groups.iter().map(|group| group.display_name.to_string()).collect()
}

fn taken<T>() -> Result<T, Fault> {
    Err(Fault::not_unique(IdentityStoreEntity::Group, "DisplayName"))
}

fn a_group_reads_back_as_it_was_written(db: &Db) {
    let plain = some_group(1, "Engineers");
    let description = Some("Two\nlines, ünïcödé".parse().unwrap());
    let described = Group { description, ..some_group(2, "Writers") };
    for group in [plain, described] {
        write(db, |tx| group::insert(tx, &group)).unwrap();
        assert_eq!(read(db, |read| group::find(read, &store_id(), &group.id)), Ok(Some(group)));
    }
}

fn a_name_is_unique_without_regard_to_case(db: &Db) {
    write(db, |tx| group::insert(tx, &some_group(1, "Straße Ä"))).unwrap();
    let refused = write(db, |tx| group::insert(tx, &some_group(2, "STRASSE ä")));
    assert_eq!(refused, taken());
    assert_eq!(names(db), ["Straße Ä"]);
}

fn a_group_is_found_by_its_name_in_any_case(db: &Db) {
    let group = some_group(1, "Ärzte");
    write(db, |tx| group::insert(tx, &group)).unwrap();
    read(db, |read| {
        assert_eq!(group::find_by_name(read, &store_id(), "äRZTE"), Ok(Some(group)));
        assert_eq!(group::find_by_name(read, &store_id(), "Ärzt"), Ok(None));
        // A name that no group can have is not found.
        assert_eq!(group::find_by_name(read, &store_id(), "Administrator"), Ok(None));
        let elsewhere = "d-ffffffffff".parse().unwrap();
        assert_eq!(group::find_by_name(read, &elsewhere, "Ärzte"), Ok(None));
    });
}

fn a_change_is_the_next_revision(db: &Db) {
    let group = some_group(1, "Engineers");
    write(db, |tx| group::insert(tx, &group)).unwrap();
    let changed = Group {
        display_name: "Builders".parse().unwrap(),
        description: Some("Who build".parse().unwrap()),
        updated_at_ms: NOW_MS + 5,
        updated_by: "changer".to_owned(),
        ..group
    };
    assert_eq!(write(db, |tx| group::update(tx, &changed)), Ok(2));
    let expected = Group { revision: 2, ..changed };
    let found = read(db, |read| group::require(read, &store_id(), &expected.id));
    assert_eq!(found, Ok(expected));
    let missing = some_group(9, "Nobody");
    let refused = write(db, |tx| group::update(tx, &missing));
    assert_eq!(refused, Err(Fault::not_found(IdentityStoreEntity::Group, &missing.id)));
}

fn a_change_cannot_take_a_name_that_is_taken(db: &Db) {
    let group = some_group(1, "Engineers");
    write(db, |tx| {
        group::insert(tx, &group).unwrap();
        group::insert(tx, &some_group(2, "Writers")).unwrap();
        let renamed = Group { display_name: "WRITERS".parse().unwrap(), ..group.clone() };
        assert_eq!(group::update(tx, &renamed), taken());
        // Its own name is not taken.
        let renamed = Group { display_name: "ENGINEERS".parse().unwrap(), ..group };
        assert_eq!(group::update(tx, &renamed), Ok(2));
    });
    assert_eq!(names(db), ["ENGINEERS", "Writers"]);
}

fn groups_are_listed_by_name_from_any_place_on(db: &Db) {
    for (number, name) in (1..).zip(["c", "A", "b", "D"]) {
        write(db, |tx| group::insert(tx, &some_group(number, name))).unwrap();
    }
    let list = |after: &str, limit| {
        let groups = read(db, |read| group::list(read, &store_id(), after, limit)).unwrap();
        groups.iter().map(|group| group.display_name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(list("", 2), ["A", "b"]);
    assert_eq!(list("b", 2), ["c", "D"]);
    assert!(list("d", 2).is_empty());
}

fn a_deleted_group_is_gone(db: &Db) {
    let group = some_group(1, "Engineers");
    write(db, |tx| group::insert(tx, &group)).unwrap();
    delete_group(db, 1);
    let missing = Err(Fault::not_found(IdentityStoreEntity::Group, &group.id));
    assert_eq!(read(db, |read| group::require(read, &store_id(), &group.id)), missing);
    write(db, |tx| group::insert(tx, &group)).unwrap();
}
