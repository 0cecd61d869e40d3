//! Validity of role credentials.

use model::assignment::AccountAssignment;
use model::instance::InstanceStatus;
use model::membership::Membership;
use model::session::{RevocationScope, Session, SessionKind};
use model::user::UserStatus;
use policy::{Grounds, RolePerson, RoleSession};
use store::authority::{self, Holding, RolePolicies};
use store::{
    Db, Read, account_assignment, instance, instance_contents, membership, revocation, session,
    user,
};

use crate::account_assignment::{assign, populate, to_group, to_user};
use crate::harness::{
    NOW_MS, account_id, delete_user, instance_id, read, store_id, uuid, write, write_at,
};
use crate::membership::some_membership;
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
    a_new_membership_does_not_revive_old_keys,
    keys_last_while_one_of_their_grants_is_left,
    keys_of_an_earlier_version_last_while_nothing_is_revoked,
    revocations_of_an_instance_go_with_it,
    a_person_is_someone_while_they_are_enabled,
);

/// Times of changes. The clock is set back and forth, and no order depends on it.
const TIMES_MS: [i64; 3] = [NOW_MS - 86_400_000, NOW_MS, NOW_MS + 86_400_000];

/// Grounds of user 1 for `Admin` in account 1.
fn grounds(db: &Db) -> Option<Grounds> {
    read(db, grounds_in)
}

fn grounds_in(read: &mut Read<'_>) -> Option<Grounds> {
    let set = some_set(1, "Admin").id;
    let holding = Holding {
        identity_store_id: &store_id(),
        user_id: &uuid(1),
        instance_id: &instance_id(),
        account_id: &account_id(1),
        permission_set_id: &set,
    };
    authority::find_grounds(read, holding).unwrap()
}

/// Credentials of user 1 for `Admin` in account 1, issued now through session 92, a child of session
/// 91.
pub fn issue(db: &Db) -> Keys {
    read(db, issue_in)
}

pub fn issue_in(read: &mut Read<'_>) -> Keys {
    keys_on(grounds_in(read).unwrap())
}

pub type Keys = (RoleSession, RolePerson);

fn keys_on(grounds: Grounds) -> Keys {
    let set = some_set(1, "Admin");
    let role = some_role(1, &set);
    let person = RolePerson {
        identity_store_id: store_id(),
        user_id: uuid(1),
        instance_id: instance_id(),
        permission_set_id: set.id,
        session_id: uuid(92),
        grounds,
    };
    let session = RoleSession {
        account_id: account_id(1),
        access_key_id: "ASIATEST".to_owned(),
        role_name: role.name.to_string(),
        role_id: role.role_id.to_string(),
        session_name: "user-1".to_owned(),
        person: Some(person.clone()),
        issued_at_ms: NOW_MS,
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
        used_at_ms: NOW_MS,
        proved_at_ms: NOW_MS,
        whole_proof_at_ms: NOW_MS,
    }
}

/// Makes an assignment of `Admin`, the sessions, and keys.
pub fn prepare(db: &Db, assignment: AccountAssignment) -> Keys {
    populate(db);
    assign(db, &[assignment]);
    write(db, |tx| {
        session::insert(tx, &some_session(91, SessionKind::Portal), Some(&[1; 32])).unwrap();
        let client_name = "client".parse().unwrap();
        let kind = SessionKind::Client { parent_id: uuid(91), client_name };
        session::insert(tx, &some_session(92, kind), None).unwrap();
    });
    let keys = issue(db);
    assert!(are_good(db, &keys));
    keys
}

fn policies(db: &Db, (session, person): &Keys) -> Option<RolePolicies> {
    read(db, |read| authority::find_policies(read, session, person)).unwrap()
}

pub fn are_good(db: &Db, keys: &Keys) -> bool {
    policies(db, keys).is_some()
}

fn unassign(db: &Db, assignment: &AccountAssignment) {
    assert_eq!(write(db, |tx| account_assignment::delete(tx, assignment)), Ok(true));
}

fn leave(db: &Db, membership: u32) {
    write(db, |tx| membership::delete(tx, &store_id(), &uuid(membership))).unwrap();
}

fn keys_are_good_while_the_assignment_is_there(db: &Db) {
    let keys = prepare(db, to_user(1, 1, 1));
    let expected = RolePolicies {
        managed_policy_arns: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()],
        inline_policy: None,
    };
    assert_eq!(policies(db, &keys), Some(expected));
    assign(db, &[to_user(1, 1, 2)]);
    unassign(db, &to_user(1, 1, 1));
    assert!(!are_good(db, &keys));
    assert_eq!(grounds(db), None);
}

fn keys_are_good_while_the_membership_is_there(db: &Db) {
    let keys = prepare(db, to_group(1, 1, 11));
    leave(db, 22);
    assert!(are_good(db, &keys), "another group's membership");
    leave(db, 21);
    assert!(!are_good(db, &keys));
}

fn keys_end_with_the_user(db: &Db) {
    let mut keys = prepare(db, to_group(1, 1, 11));
    for now_ms in TIMES_MS.into_iter().chain(TIMES_MS) {
        let status = |status| {
            write_at(db, now_ms, |tx| user::set_status(tx, &store_id(), &uuid(1), status)).unwrap();
        };
        status(UserStatus::Disabled);
        assert!(!are_good(db, &keys));
        status(UserStatus::Enabled);
        // Disabling ends the sessions too. Here it is the mark alone that ends the keys.
        write(db, |tx| {
            session::insert(tx, &some_session(91, SessionKind::Portal), Some(&[1; 32])).unwrap();
            session::insert(tx, &some_session(92, SessionKind::Portal), None).unwrap();
        });
        assert!(!are_good(db, &keys), "keys from before stay dead");
        keys = issue(db);
        assert!(are_good(db, &keys));
    }
    delete_user(db, 1);
    assert!(!are_good(db, &keys));
    assert_eq!(grounds(db), None);
}

fn keys_end_with_the_session_and_with_its_parent(db: &Db) {
    let keys = prepare(db, to_user(1, 1, 1));
    write(db, |tx| session::end(tx, &store_id(), &uuid(91))).unwrap();
    assert!(!are_good(db, &keys));
}

fn keys_end_with_the_instance(db: &Db) {
    let keys = prepare(db, to_user(1, 1, 1));
    write(db, |tx| instance::set_status(tx, &instance_id(), InstanceStatus::DeleteInProgress))
        .unwrap();
    assert!(!are_good(db, &keys));
}

/// Scopes that cover the keys.
fn theirs() -> [RevocationScope; 5] {
    let set = some_set(1, "Admin").id;
    [
        RevocationScope::Instance(instance_id()),
        RevocationScope::User(store_id(), uuid(1)),
        RevocationScope::Account(instance_id(), account_id(1)),
        RevocationScope::PermissionSet(instance_id(), set.clone()),
        RevocationScope::Role(instance_id(), account_id(1), set),
    ]
}

fn keys_end_with_a_revocation_of_any_scope(db: &Db) {
    let mut keys = prepare(db, to_user(1, 1, 1));
    let put = |now_ms, scope: &RevocationScope| {
        write_at(db, now_ms, |tx| revocation::put(tx, scope)).unwrap();
    };
    let others = [
        RevocationScope::User(store_id(), uuid(2)),
        RevocationScope::Account(instance_id(), account_id(2)),
        RevocationScope::PermissionSet(instance_id(), some_set(2, "x").id),
        RevocationScope::Role(instance_id(), account_id(2), some_set(1, "Admin").id),
    ];
    for scope in &others {
        put(NOW_MS, scope);
    }
    assert!(are_good(db, &keys), "other keys were revoked");
    let mut ended = Vec::new();
    for now_ms in TIMES_MS.into_iter().chain(TIMES_MS) {
        for scope in theirs() {
            put(now_ms, &scope);
            assert!(!are_good(db, &keys), "{scope} at {now_ms}");
            ended.push(keys);
            keys = issue(db);
            assert!(are_good(db, &keys), "issued after the revocation of {scope} at {now_ms}");
        }
    }
    assert!(!ended.iter().any(|keys| are_good(db, keys)));
}

fn a_new_assignment_does_not_revive_old_keys(db: &Db) {
    let keys = prepare(db, to_user(1, 1, 1));
    assign(db, &[to_user(1, 1, 2)]);
    unassign(db, &to_user(1, 1, 1));
    for created_at_ms in TIMES_MS {
        let again = AccountAssignment { created_at_ms, ..to_user(1, 1, 1) };
        assign(db, &[again.clone(), to_group(1, 1, 11)]);
        assert!(!are_good(db, &keys), "{created_at_ms}");
        assert!(are_good(db, &issue(db)));
        unassign(db, &again);
    }
}

fn a_new_membership_does_not_revive_old_keys(db: &Db) {
    let keys = prepare(db, to_group(1, 1, 11));
    for (number, created_at_ms) in (30..).zip(TIMES_MS) {
        leave(db, if number == 30 { 21 } else { number - 1 });
        let again = Membership { created_at_ms, ..some_membership(number, 11, 1) };
        write(db, |tx| membership::insert(tx, &again)).unwrap();
        assert!(!are_good(db, &keys), "{created_at_ms}");
        assert!(are_good(db, &issue(db)));
    }
}

fn keys_last_while_one_of_their_grants_is_left(db: &Db) {
    prepare(db, to_user(1, 1, 1));
    assign(db, &[to_group(1, 1, 11), to_group(1, 1, 12)]);
    let keys = issue(db);
    unassign(db, &to_group(1, 1, 11));
    assign(db, &[to_group(1, 1, 11)]);
    leave(db, 21);
    assert!(are_good(db, &keys), "the direct assignment and another group are left");
    unassign(db, &to_user(1, 1, 1));
    assert!(are_good(db, &keys), "another group is left");
    assign(db, &[to_user(1, 1, 1)]);
    leave(db, 22);
    assert!(!are_good(db, &keys), "the assignment that is left is younger");
}

fn keys_of_an_earlier_version_last_while_nothing_is_revoked(db: &Db) {
    let _keys = prepare(db, to_user(1, 1, 1));
    let earlier = keys_on(Grounds { marks: 0, grants: vec![0] });
    assert!(!are_good(db, &earlier), "the assignment is of this version");
    unassign(db, &to_user(1, 1, 1));
    // Earlier versions have no number. Neither has an id whose random bits are zero.
    let number_0 = "00000000-0000-4000-8000-000000000000".parse().unwrap();
    let assignment = to_user(1, 1, 1);
    write(db, |tx| account_assignment::insert(tx, &assignment, &number_0)).unwrap();
    assert!(are_good(db, &earlier));
    write(db, |tx| revocation::put(tx, &RevocationScope::Instance(instance_id()))).unwrap();
    assert!(!are_good(db, &earlier));
}

fn revocations_of_an_instance_go_with_it(db: &Db) {
    populate(db);
    let others = [
        RevocationScope::Instance("ssoins-0123456789abcdee".parse().unwrap()),
        RevocationScope::User("d-0123456788".parse().unwrap(), uuid(1)),
    ];
    write(db, |tx| {
        for scope in theirs().iter().chain(&others) {
            revocation::put(tx, scope).unwrap();
        }
        assert_eq!(instance_contents::delete_part(tx, &instance_id(), &store_id(), 100), Ok(true));
    });
    read(db, |read| {
        for scope in &theirs() {
            assert_eq!(revocation::find(read, scope), Ok(None), "{scope}");
        }
        for scope in &others {
            assert_eq!(revocation::find(read, scope), Ok(Some(NOW_MS)), "{scope}");
        }
    });
}

fn a_person_is_someone_while_they_are_enabled(db: &Db) {
    populate(db);
    let session = some_session(91, SessionKind::Portal);
    let find = || read(db, |read| authority::find_person(read, &session)).unwrap();
    let person = find().unwrap();
    assert_eq!((person.instance_id, person.user_name.as_str()), (instance_id(), "user-1"));
    write(db, |tx| user::set_status(tx, &store_id(), &uuid(1), UserStatus::Disabled)).unwrap();
    assert_eq!(find(), None);
}
