//! Validity of role credentials.

use model::assignment::AccountAssignment;
use model::instance::InstanceStatus;
use model::session::{RevocationScope, Session, SessionKind};
use model::user::UserStatus;
use policy::{RolePerson, RoleSession};
use store::authority::{self, RolePolicies};
use store::{Db, account_assignment, group, instance, membership, revocation, session, user};

use crate::account_assignment::{assign, populate, to_group, to_user};
use crate::harness::{
    NOW_MS, account_id, an_instance, instance_id, read, store_id, uuid, write, write_at,
};
use crate::permission_set::some_set;
use crate::role::some_role;

on_both_engines!(
    keys_are_good_while_the_assignment_is_there,
    keys_are_good_while_the_membership_is_there,
    keys_end_with_the_user,
    keys_end_with_the_session_and_with_its_parent,
    keys_end_with_the_instance,
    keys_end_with_a_revocation_of_any_scope,
    a_new_assignment_does_not_revive_old_keys,
    a_person_is_someone_while_they_are_enabled,
);

const ISSUED_AT_MS: i64 = NOW_MS + 100;

/// Credentials of user 1 for `Admin` in account 1, issued through session 92, a child of session
/// 91.
fn keys() -> (RoleSession, RolePerson) {
    let set = some_set(1, "Admin");
    let role = some_role(1, &set);
    let person = RolePerson {
        identity_store_id: store_id(),
        user_id: uuid(1),
        instance_id: instance_id(),
        permission_set_id: set.id,
        session_id: uuid(92),
    };
    let session = RoleSession {
        account_id: account_id(1),
        access_key_id: "ASIATEST".to_owned(),
        role_name: role.name.to_string(),
        role_id: role.role_id.to_string(),
        session_name: "user-1".to_owned(),
        person: Some(person.clone()),
        issued_at_ms: ISSUED_AT_MS,
        expires_at_ms: i64::MAX,
    };
    (session, person)
}

fn some_session(number: u32, kind: SessionKind) -> Session {
    Session {
        identity_store_id: store_id(),
        id: uuid(number),
        user_id: uuid(1),
        kind,
        source_address: "192.0.2.1".to_owned(),
        user_agent: "test".to_owned(),
        created_at_ms: NOW_MS,
        expires_at_ms: NOW_MS + 1_000_000,
    }
}

fn prepare(db: &Db, assignment: AccountAssignment) {
    populate(db);
    assign(db, &[assignment]);
    write(db, |tx| {
        session::insert(tx, &some_session(91, SessionKind::Portal), Some(&[1; 32])).unwrap();
        let client_name = "client".parse().unwrap();
        let kind = SessionKind::Client { parent_id: uuid(91), client_name };
        session::insert(tx, &some_session(92, kind), None).unwrap();
    });
    assert!(are_good(db));
}

fn policies(db: &Db) -> Option<RolePolicies> {
    let (session, person) = keys();
    read(db, |read| authority::find_policies(read, &session, &person)).unwrap()
}

fn are_good(db: &Db) -> bool {
    policies(db).is_some()
}

fn keys_are_good_while_the_assignment_is_there(db: &Db) {
    prepare(db, to_user(1, 1, 1));
    let expected = RolePolicies {
        managed_policy_arns: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()],
        inline_policy: None,
    };
    assert_eq!(policies(db), Some(expected));
    assign(db, &[to_user(1, 1, 2)]);
    write(db, |tx| account_assignment::delete(tx, &to_user(1, 1, 1))).unwrap();
    assert!(!are_good(db));
}

fn keys_are_good_while_the_membership_is_there(db: &Db) {
    prepare(db, to_group(1, 1, 11));
    write(db, |tx| membership::delete(tx, &store_id(), &uuid(22))).unwrap();
    assert!(are_good(db), "another group's membership");
    write(db, |tx| membership::delete(tx, &store_id(), &uuid(21))).unwrap();
    assert!(!are_good(db));
}

fn keys_end_with_the_user(db: &Db) {
    prepare(db, to_group(1, 1, 11));
    let status = |now_ms, status| {
        write_at(db, now_ms, |tx| user::set_status(tx, &store_id(), &uuid(1), status)).unwrap();
    };
    status(ISSUED_AT_MS + 1, UserStatus::Disabled);
    assert!(!are_good(db));
    status(ISSUED_AT_MS + 2, UserStatus::Enabled);
    assert!(!are_good(db), "keys from before stay dead");
    write(db, |tx| user::delete(tx, &an_instance(), &uuid(1))).unwrap();
    assert!(!are_good(db));
}

fn keys_end_with_the_session_and_with_its_parent(db: &Db) {
    prepare(db, to_user(1, 1, 1));
    write(db, |tx| session::end(tx, &store_id(), &uuid(91))).unwrap();
    assert!(!are_good(db));
}

fn keys_end_with_the_instance(db: &Db) {
    prepare(db, to_user(1, 1, 1));
    write(db, |tx| instance::set_status(tx, &instance_id(), InstanceStatus::DeleteInProgress))
        .unwrap();
    assert!(!are_good(db));
}

fn keys_end_with_a_revocation_of_any_scope(db: &Db) {
    prepare(db, to_user(1, 1, 1));
    let set = some_set(1, "Admin").id;
    let put = |now_ms, scope: &RevocationScope| {
        write_at(db, now_ms, |tx| revocation::put(tx, scope)).unwrap();
    };
    let theirs = [
        RevocationScope::Instance(instance_id()),
        RevocationScope::User(store_id(), uuid(1)),
        RevocationScope::Account(instance_id(), account_id(1)),
        RevocationScope::PermissionSet(instance_id(), set.clone()),
        RevocationScope::Role(instance_id(), account_id(1), set.clone()),
    ];
    for scope in &theirs {
        put(ISSUED_AT_MS - 1, scope);
    }
    assert!(are_good(db), "revoked before they were made");
    let others = [
        RevocationScope::User(store_id(), uuid(2)),
        RevocationScope::Account(instance_id(), account_id(2)),
        RevocationScope::PermissionSet(instance_id(), some_set(2, "x").id),
        RevocationScope::Role(instance_id(), account_id(2), set),
    ];
    for scope in &others {
        put(ISSUED_AT_MS + 1, scope);
    }
    assert!(are_good(db), "other keys were revoked");
    for scope in &theirs {
        put(ISSUED_AT_MS, scope);
        assert!(!are_good(db), "{scope}");
        write(db, |tx| revocation::sweep(tx, ISSUED_AT_MS + 1, 9)).unwrap();
        assert!(are_good(db), "the revocation was forgotten");
    }
}

fn a_new_assignment_does_not_revive_old_keys(db: &Db) {
    prepare(db, to_user(1, 1, 1));
    let late = |assignment: AccountAssignment| {
        assign(db, &[AccountAssignment { created_at_ms: ISSUED_AT_MS + 1, ..assignment }]);
    };
    assign(db, &[to_user(1, 1, 2)]);
    write(db, |tx| account_assignment::delete(tx, &to_user(1, 1, 1))).unwrap();
    late(to_user(1, 1, 1));
    late(to_group(1, 1, 11));
    assert!(!are_good(db));
    write(db, |tx| group::delete(tx, &an_instance(), &uuid(11))).unwrap();
}

fn a_person_is_someone_while_they_are_enabled(db: &Db) {
    populate(db);
    let session = some_session(91, SessionKind::Portal);
    let find = || read(db, |read| authority::find_person(read, &session)).unwrap();
    assert_eq!(find(), Some((instance_id(), "user-1".to_owned())));
    write(db, |tx| user::set_status(tx, &store_id(), &uuid(1), UserStatus::Disabled)).unwrap();
    assert_eq!(find(), None);
}
