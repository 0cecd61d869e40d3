//! Account assignments.

use std::sync::atomic::{AtomicU32, Ordering};

use model::assignment::{AccountAssignment, AssignmentPrincipal, GROUPS_MAX};
use model::{Entity, Fault, IdentityStoreEntity};
use store::account_assignment::{self, OfPrincipal};
use store::{Db, account, assigned_principal, group, membership, permission_set, role, user};

use crate::group::some_group;
use crate::harness::{
    NOW_MS, account_id, an_instance, begin, delete_group, delete_user, instance_id, read,
    some_account, store_id, uuid, write,
};
use crate::membership::some_membership;
use crate::permission_set::some_set;
use crate::role::some_role;
use crate::user::some_user;

on_both_engines!(
    an_assignment_is_made_once_and_keeps_its_age,
    a_principal_has_to_be_there,
    assignments_to_a_role_are_listed_groups_first,
    assignments_of_an_account_are_listed_with_names_a_part_of_each_role,
    a_user_is_listed_with_what_their_groups_have,
    so_many_groups_have_a_permission_set_in_an_account_and_no_more,
    a_deleted_principal_takes_its_assignments_and_lonely_roles_along,
);

pub fn to_user(account: u32, set: u32, user: u32) -> AccountAssignment {
    assignment(account, set, AssignmentPrincipal::User(uuid(user)))
}

pub fn to_group(account: u32, set: u32, group: u32) -> AccountAssignment {
    assignment(account, set, AssignmentPrincipal::Group(uuid(group)))
}

fn assignment(account: u32, set: u32, principal: AssignmentPrincipal) -> AccountAssignment {
    AccountAssignment {
        instance_id: instance_id(),
        account_id: account_id(account),
        permission_set_id: some_set(set, "x").id,
        principal,
        created_at_ms: NOW_MS,
    }
}

/// Users 1 and 2; groups 11 and 12; user 1 in both groups; accounts 1 and 2 with the roles of
/// permission sets 1 (`Admin`) and 2 (`Reader`).
pub fn populate(db: &Db) {
    write(db, |tx| {
        account::insert(tx, &some_account(2)).unwrap();
        for (number, name) in [(1, "Admin"), (2, "Reader")] {
            permission_set::insert(tx, &some_set(number, name)).unwrap();
            for account in [1, 2] {
                role::insert(tx, &some_role(account, &some_set(number, name))).unwrap();
            }
            user::insert(tx, &some_user(number, &format!("user-{number}"))).unwrap();
            group::insert(tx, &some_group(10 + number, &format!("Group {number}"))).unwrap();
            membership::insert(tx, &some_membership(20 + number, 10 + number, 1)).unwrap();
        }
    });
}

/// Makes assignments, each by a request of its own.
pub fn assign(db: &Db, assignments: &[AccountAssignment]) {
    static REQUESTS: AtomicU32 = AtomicU32::new(1);
    write(db, |tx| {
        for assignment in assignments {
            let request_id = uuid(REQUESTS.fetch_add(1, Ordering::Relaxed));
            account_assignment::insert(tx, assignment, &request_id).unwrap();
        }
    });
}

fn all(instance_id: &model::ids::InstanceId) -> OfPrincipal<'_> {
    OfPrincipal { instance_id, account_id: None, after: ["", "", "", ""], limit: 9 }
}

fn an_assignment_is_made_once_and_keeps_its_age(db: &Db) {
    populate(db);
    let assignment = to_user(1, 1, 1);
    assign(db, std::slice::from_ref(&assignment));
    let later = AccountAssignment { created_at_ms: NOW_MS + 5, ..assignment.clone() };
    assign(db, &[later]);
    let principal = AssignmentPrincipal::User(uuid(1));
    let of_user = read(db, |read| {
        account_assignment::list_of_principal(read, all(&instance_id()), &principal)
    });
    assert_eq!(of_user, Ok(vec![assignment.clone()]));
    assert_eq!(read(db, |read| account_assignment::exists(read, &assignment)), Ok(true));
    assert_eq!(read(db, |read| account_assignment::exists(read, &to_user(2, 1, 1))), Ok(false));
    let before = db.signals().authority();
    assert_eq!(write(db, |tx| account_assignment::delete(tx, &assignment)), Ok(true));
    assert!(db.signals().authority() > before);
    assert_eq!(write(db, |tx| account_assignment::delete(tx, &assignment)), Ok(false));
}

fn a_principal_has_to_be_there(db: &Db) {
    populate(db);
    let require = |principal: AssignmentPrincipal| {
        read(db, |read| assigned_principal::require(read, &store_id(), &principal))
    };
    assert_eq!(require(AssignmentPrincipal::User(uuid(1))), Ok(()));
    assert_eq!(require(AssignmentPrincipal::Group(uuid(11))), Ok(()));
    let refused = require(AssignmentPrincipal::User(uuid(11)));
    assert!(matches!(
        refused,
        Err(Fault::NotFound { entity: Entity::IdentityStore(IdentityStoreEntity::User), .. })
    ));
    let refused = require(AssignmentPrincipal::Group(uuid(1)));
    assert!(matches!(
        refused,
        Err(Fault::NotFound { entity: Entity::IdentityStore(IdentityStoreEntity::Group), .. })
    ));
}

fn assignments_to_a_role_are_listed_groups_first(db: &Db) {
    populate(db);
    let expected = [to_group(1, 1, 11), to_group(1, 1, 12), to_user(1, 1, 1), to_user(1, 1, 2)];
    let mut backwards = expected.clone();
    backwards.reverse();
    assign(db, &backwards);
    assign(db, &[to_user(1, 2, 1), to_user(2, 1, 1)]);
    let list = |after, limit| {
        let set = some_set(1, "Admin").id;
        read(db, |read| {
            account_assignment::list(read, &instance_id(), &account_id(1), &set, after, limit)
        })
        .unwrap()
    };
    assert_eq!(list(["", ""], 9), expected);
    let id = uuid::<model::ids::GroupId>(12).to_string();
    assert_eq!(list(["GROUP", &id], 1), [to_user(1, 1, 1)]);
}

fn assignments_of_an_account_are_listed_with_names_a_part_of_each_role(db: &Db) {
    populate(db);
    let gone = to_group(1, 1, 99);
    assign(db, &[to_user(1, 1, 1), to_user(1, 1, 2), to_group(1, 1, 11), gone.clone()]);
    assign(db, &[to_user(1, 2, 2), to_user(2, 1, 1)]);
    let (first, second) = (some_set(1, "x").id.to_string(), some_set(2, "x").id.to_string());
    let list = |after: &str, last: &str, limit| {
        let (instance, account) = (an_instance(), account_id(1));
        read(db, |read| {
            account_assignment::list_named(read, &instance, &account, (after, last), limit)
        })
        .unwrap()
        .into_iter()
        .map(|found| (found.permission_set_id.to_string(), found.principal, found.name))
        .collect::<Vec<_>>()
    };
    let row = |assignment: AccountAssignment, name: Option<&str>| {
        let id = assignment.permission_set_id.to_string();
        (id, assignment.principal, name.map(str::to_owned))
    };
    let whole = [
        row(to_group(1, 1, 11), Some("Group 1")),
        row(gone, None),
        row(to_user(1, 1, 1), Some("user-1")),
        row(to_user(1, 1, 2), Some("user-2")),
        row(to_user(1, 2, 2), Some("user-2")),
    ];
    assert_eq!(list("", &second, 4), whole);
    assert_eq!(list("", &first, 9), whole[..4]);
    assert_eq!(list(&first, &second, 9), whole[4..]);
    let part = [whole[0].clone(), whole[1].clone(), whole[2].clone(), whole[4].clone()];
    assert_eq!(list("", &second, 3), part);
}

fn a_user_is_listed_with_what_their_groups_have(db: &Db) {
    populate(db);
    assign(db, &[to_user(2, 1, 1), to_group(1, 2, 11), to_group(1, 2, 12), to_user(1, 1, 2)]);
    let list = |which: OfPrincipal<'_>| {
        read(db, |read| account_assignment::list_of_user(read, which, &store_id(), &uuid(1)))
            .unwrap()
    };
    let (instance, account) = (instance_id(), account_id(1));
    let whole = [to_group(1, 2, 11), to_group(1, 2, 12), to_user(2, 1, 1)];
    assert_eq!(list(all(&instance)), whole);
    assert_eq!(list(OfPrincipal { limit: 2, ..all(&instance) }), whole[..2]);
    let (set, group) = (some_set(2, "x").id, uuid::<model::ids::GroupId>(11));
    let after = [account.as_str(), set.as_str(), "GROUP", group.as_str()];
    assert_eq!(list(OfPrincipal { after, ..all(&instance) }), whole[1..]);
    let in_one = OfPrincipal { account_id: Some(&account), ..all(&instance) };
    assert_eq!(list(in_one), whole[..2]);
}

fn so_many_groups_have_a_permission_set_in_an_account_and_no_more(db: &Db) {
    populate(db);
    let mut tx = begin(db);
    for number in 0..GROUPS_MAX {
        let number = u32::try_from(number).unwrap();
        account_assignment::insert(&mut tx, &to_group(1, 1, 1000 + number), &uuid(number)).unwrap();
    }
    let refused = account_assignment::insert(&mut tx, &to_group(1, 1, 9999), &uuid(9999));
    assert!(matches!(refused, Err(Fault::Quota { .. })), "{refused:?}");
}

fn a_deleted_principal_takes_its_assignments_and_lonely_roles_along(db: &Db) {
    populate(db);
    assign(db, &[to_user(1, 1, 1), to_user(2, 1, 1), to_user(2, 1, 2), to_group(1, 2, 11)]);
    delete_user(db, 1);
    read(db, |read| {
        let role_of = |read: &mut _, account, set| {
            let id = some_set(set, "x").id;
            role::find(read, &instance_id(), &account_id(account), &id).unwrap().is_some()
        };
        assert!(!role_of(read, 1, 1), "nobody else was assigned to it");
        assert!(role_of(read, 2, 1), "another user is assigned to it");
        assert_eq!(account_assignment::exists(read, &to_user(2, 1, 1)), Ok(false));
        assert_eq!(account_assignment::exists(read, &to_user(2, 1, 2)), Ok(true));
    });
    delete_group(db, 11);
    let gone = read(db, |read| account_assignment::exists(read, &to_group(1, 2, 11)));
    assert_eq!(gone, Ok(false));
}
