//! Permission sets and their policies.

use model::permission_set::{MANAGED_POLICIES_MAX, ManagedPolicyArn, PermissionSet};
use model::{Fault, IdentityCenterEntity};
use store::{Db, permission_set};

use crate::harness::{NOW_MS, begin, instance_id, read, write};

on_both_engines!(
    a_permission_set_reads_back_as_it_was_written,
    a_name_belongs_to_one_permission_set,
    permission_sets_are_listed_by_id_from_any_place_on,
    every_edit_counts,
    managed_policies_are_attached_listed_and_detached,
    a_permission_set_has_so_many_managed_policies_and_no_more,
    a_deleted_permission_set_is_gone_with_its_policies,
);

pub fn some_set(number: u32, name: &str) -> PermissionSet {
    PermissionSet {
        instance_id: instance_id(),
        id: format!("ps-{number:016x}").parse().unwrap(),
        name: name.parse().unwrap(),
        description: None,
        session_duration: "PT1H".parse().unwrap(),
        relay_state: None,
        revision: 1,
        created_at_ms: NOW_MS,
    }
}

fn policy(number: usize) -> ManagedPolicyArn {
    format!("arn:aws:iam::aws:policy/Policy{number:03}").parse().unwrap()
}

fn insert(db: &Db, set: &PermissionSet) {
    write(db, |tx| permission_set::insert(tx, set)).unwrap();
}

fn revision(db: &Db, set: &PermissionSet) -> i64 {
    read(db, |read| permission_set::require(read, &set.arn())).unwrap().revision
}

fn a_permission_set_reads_back_as_it_was_written(db: &Db) {
    let rich = PermissionSet {
        description: Some("Für alle\n(fast)".parse().unwrap()),
        session_duration: "PT720M".parse().unwrap(),
        relay_state: Some("https://console.example/?a=b#c".parse().unwrap()),
        revision: 7,
        ..some_set(2, "Rich")
    };
    for set in [some_set(1, "Plain"), rich] {
        insert(db, &set);
        assert_eq!(read(db, |read| permission_set::require(read, &set.arn())), Ok(set));
    }
    let missing = some_set(9, "None").arn();
    let refused = read(db, |read| permission_set::require(read, &missing));
    assert_eq!(refused, Err(Fault::not_found(IdentityCenterEntity::PermissionSet, &missing)));
}

fn a_name_belongs_to_one_permission_set(db: &Db) {
    insert(db, &some_set(1, "Admin"));
    let refused = write(db, |tx| permission_set::insert(tx, &some_set(2, "Admin")));
    assert_eq!(refused, Err(Fault::not_unique(IdentityCenterEntity::PermissionSet, "Name")));
    // Names of permission sets are case-sensitive, unlike names of groups, because they are names
    // of roles too.
    insert(db, &some_set(2, "admin"));
}

fn permission_sets_are_listed_by_id_from_any_place_on(db: &Db) {
    for (number, name) in [(3, "a"), (1, "c"), (2, "b")] {
        insert(db, &some_set(number, name));
    }
    read(db, |read| {
        let page = permission_set::list(read, &instance_id(), "", 2).unwrap();
        assert_eq!(page, [some_set(1, "c"), some_set(2, "b")]);
        let after = some_set(2, "b").id;
        let page = permission_set::list(read, &instance_id(), after.as_str(), 2).unwrap();
        assert_eq!(page, [some_set(3, "a")]);
    });
}

fn every_edit_counts(db: &Db) {
    let set = some_set(1, "Admin");
    insert(db, &set);
    let changed = PermissionSet { description: Some("New".parse().unwrap()), ..set.clone() };
    write(db, |tx| permission_set::update(tx, &changed)).unwrap();
    let found = read(db, |read| permission_set::require(read, &set.arn()));
    assert_eq!(found, Ok(PermissionSet { revision: 2, ..changed }));

    let document = r#"{"Version":"2012-10-17","Statement":[]}"#.parse().unwrap();
    let write_policy =
        |policy| write(db, |tx| permission_set::set_inline_policy(tx, &set.arn(), policy));
    assert_eq!(write_policy(Some(&document)), Ok(true));
    assert_eq!(write_policy(Some(&document)), Ok(false));
    assert_eq!(revision(db, &set), 3);
    let found = read(db, |read| permission_set::find_inline_policy(read, &set.arn()));
    assert_eq!(found.as_ref(), Ok(&Some(document.clone())));
    assert_eq!(write_policy(None), Ok(true));
    assert_eq!(write_policy(None), Ok(false));
    assert_eq!(read(db, |read| permission_set::find_inline_policy(read, &set.arn())), Ok(None));
    assert_eq!(revision(db, &set), 4);
}

fn managed_policies_are_attached_listed_and_detached(db: &Db) {
    let set = some_set(1, "Admin");
    insert(db, &set);
    write(db, |tx| {
        for number in [2, 1, 3] {
            permission_set::attach_managed_policy(tx, &set.arn(), &policy(number)).unwrap();
        }
        let again = permission_set::attach_managed_policy(tx, &set.arn(), &policy(1));
        assert!(matches!(again, Err(Fault::Conflict { .. })), "{again:?}");
    });
    assert_eq!(revision(db, &set), 4);
    let list = |after: &str, limit| {
        read(db, |read| permission_set::list_managed_policies(read, &set.arn(), after, limit))
    };
    assert_eq!(list("", 2), Ok(vec![policy(1), policy(2)]));
    assert_eq!(list(policy(2).as_str(), 2), Ok(vec![policy(3)]));
    let detach = |number| {
        write(db, |tx| permission_set::detach_managed_policy(tx, &set.arn(), &policy(number)))
    };
    assert_eq!(detach(2), Ok(()));
    assert_eq!(detach(2), Err(Fault::not_found(IdentityCenterEntity::ManagedPolicy, policy(2))));
    assert_eq!(list("", 9), Ok(vec![policy(1), policy(3)]));
    assert_eq!(revision(db, &set), 5);
}

fn a_permission_set_has_so_many_managed_policies_and_no_more(db: &Db) {
    let set = some_set(1, "Admin");
    insert(db, &set);
    let mut tx = begin(db);
    for number in 0..MANAGED_POLICIES_MAX {
        permission_set::attach_managed_policy(&mut tx, &set.arn(), &policy(number)).unwrap();
    }
    let refused = permission_set::attach_managed_policy(&mut tx, &set.arn(), &policy(999));
    assert!(matches!(refused, Err(Fault::Quota { .. })), "{refused:?}");
}

fn a_deleted_permission_set_is_gone_with_its_policies(db: &Db) {
    let set = some_set(1, "Admin");
    insert(db, &set);
    write(db, |tx| {
        permission_set::attach_managed_policy(tx, &set.arn(), &policy(1)).unwrap();
        permission_set::delete(tx, &set.arn()).unwrap();
    });
    insert(db, &set);
    let policies = read(db, |read| permission_set::list_managed_policies(read, &set.arn(), "", 9));
    assert_eq!(policies, Ok(Vec::new()));
}
