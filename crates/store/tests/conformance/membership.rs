//! Memberships.

use model::ids::{GroupId, UserId};
use model::membership::Membership;
use model::{Entity, Fault, IdentityStoreEntity};
use store::{Db, group, membership, user};

use crate::group::some_group;
use crate::harness::{NOW_MS, delete_group, delete_user, read, store_id, uuid, write};
use crate::user::some_user;

on_both_engines!(
    a_membership_reads_back_as_it_was_written,
    a_user_is_a_member_of_a_group_once,
    nobody_is_a_member_of_what_is_not_there,
    memberships_are_listed_from_both_sides,
    the_groups_of_a_user_are_found_among_many,
    a_deleted_membership_is_gone,
    memberships_go_with_their_user_and_with_their_group,
);

pub fn some_membership(number: u32, group: u32, user: u32) -> Membership {
    Membership {
        id: uuid(number),
        identity_store_id: store_id(),
        group_id: uuid(group),
        user_id: uuid(user),
        created_at_ms: NOW_MS,
        created_by: "creator".to_owned(),
        updated_at_ms: NOW_MS,
        updated_by: "creator".to_owned(),
    }
}

/// Users 1 to 3 and groups 11 to 13.
fn populate(db: &Db) {
    write(db, |tx| {
        for number in 1..=3 {
            user::insert(tx, &some_user(number, &format!("user-{number}"))).unwrap();
            let group = some_group(10 + number, &format!("Group {number}"));
            group::insert(tx, &group).unwrap();
        }
    });
}

fn join(db: &Db, number: u32, group: u32, user: u32) {
    write(db, |tx| membership::insert(tx, &some_membership(number, group, user))).unwrap();
}

fn members(db: &Db, group: u32) -> Vec<UserId> {
    let listed =
        read(db, |read| membership::list_of_group(read, &store_id(), &uuid(group), "", 100));
    listed.unwrap().into_iter().map(|membership| membership.user_id).collect()
}

fn groups(db: &Db, user: u32) -> Vec<GroupId> {
    let listed = read(db, |read| membership::list_of_user(read, &store_id(), &uuid(user), "", 100));
    listed.unwrap().into_iter().map(|membership| membership.group_id).collect()
}

fn a_membership_reads_back_as_it_was_written(db: &Db) {
    populate(db);
    let written = Membership {
        updated_at_ms: NOW_MS + 1,
        updated_by: "changer".to_owned(),
        ..some_membership(21, 11, 1)
    };
    write(db, |tx| membership::insert(tx, &written)).unwrap();
    read(db, |read| {
        let store = &store_id();
        assert_eq!(membership::require(read, store, &written.id), Ok(written.clone()));
        assert_eq!(membership::find_of(read, store, &uuid(11), &uuid(1)), Ok(Some(written)));
        assert_eq!(membership::find_of(read, store, &uuid(11), &uuid(2)), Ok(None));
    });
}

fn a_user_is_a_member_of_a_group_once(db: &Db) {
    populate(db);
    write(db, |tx| {
        membership::insert(tx, &some_membership(21, 11, 1)).unwrap();
        let again = membership::insert(tx, &some_membership(22, 11, 1));
        let doubled = matches!(
            again,
            Err(Fault::NotUnique {
                entity: Entity::IdentityStore(IdentityStoreEntity::GroupMembership),
                ..
            })
        );
        assert!(doubled, "{again:?}");
        membership::insert(tx, &some_membership(22, 12, 1)).unwrap();
    });
    assert_eq!(groups(db, 1), [uuid(11), uuid(12)]);
}

fn nobody_is_a_member_of_what_is_not_there(db: &Db) {
    populate(db);
    for membership in [some_membership(21, 99, 1), some_membership(21, 11, 99)] {
        let mut tx = crate::harness::begin(db);
        let refused = membership::insert(&mut tx, &membership);
        assert!(refused.is_err(), "{refused:?}");
    }
    assert!(members(db, 11).is_empty());
}

fn memberships_are_listed_from_both_sides(db: &Db) {
    populate(db);
    // The ids of the memberships sort in the reverse order of the users.
    for (number, user) in [(23, 1), (22, 2), (21, 3)] {
        join(db, number, 11, user);
    }
    join(db, 31, 12, 2);
    assert_eq!(members(db, 11), [uuid(1), uuid(2), uuid(3)]);
    assert_eq!(members(db, 13), []);
    assert_eq!(groups(db, 2), [uuid(11), uuid(12)]);
    read(db, |read| {
        let (store, after) = (&store_id(), uuid::<UserId>(1).to_string());
        let page = membership::list_of_group(read, store, &uuid(11), &after, 1).unwrap();
        assert_eq!(page, [some_membership(22, 11, 2)]);
        let after = uuid::<GroupId>(11).to_string();
        let page = membership::list_of_user(read, store, &uuid(2), &after, 1).unwrap();
        assert_eq!(page, [some_membership(31, 12, 2)]);
    });
}

fn the_groups_of_a_user_are_found_among_many(db: &Db) {
    populate(db);
    join(db, 21, 11, 1);
    join(db, 22, 13, 1);
    join(db, 23, 12, 2);
    let find = |groups: &[GroupId]| {
        let found = read(db, |read| membership::find_among(read, &store_id(), &uuid(1), groups));
        let mut found = found.unwrap();
        found.sort();
        found
    };
    // The number is larger than one statement looks up, and no multiple of it.
    let many: Vec<GroupId> = (0..=24).rev().map(uuid).collect();
    assert_eq!(find(&many), [uuid(11), uuid(13)]);
    assert_eq!(find(&[uuid(12)]), []);
    assert_eq!(find(&[]), []);
}

fn a_deleted_membership_is_gone(db: &Db) {
    populate(db);
    join(db, 21, 11, 1);
    join(db, 22, 11, 2);
    let before = db.signals().authority();
    write(db, |tx| membership::delete(tx, &store_id(), &uuid(21))).unwrap();
    assert!(db.signals().authority() > before);
    assert_eq!(members(db, 11), [uuid(2)]);
    let missing = read(db, |read| membership::require(read, &store_id(), &uuid(21)));
    assert!(matches!(
        missing,
        Err(Fault::NotFound {
            entity: Entity::IdentityStore(IdentityStoreEntity::GroupMembership),
            ..
        })
    ));
}

fn memberships_go_with_their_user_and_with_their_group(db: &Db) {
    populate(db);
    join(db, 21, 11, 1);
    join(db, 22, 11, 2);
    join(db, 23, 12, 2);
    delete_user(db, 1);
    assert_eq!(members(db, 11), [uuid(2)]);
    delete_group(db, 11);
    assert_eq!(groups(db, 2), [uuid(12)]);
}
