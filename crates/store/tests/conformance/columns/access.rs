//! Permission sets, roles, assignments, and the roles that a person holds.

use model::assignment::{AccountAssignment, AssignmentPrincipal};
use model::permission_set::PermissionSet;
use model::role::Role;
use model::session_settings::SessionSettings;
use policy::{Grounds, PersonSession, RolePerson, RoleSession};
use store::account_assignment::OfPrincipal;
use store::authority::RolePolicies;
use store::portal::HeldRole;
use store::{Db, account_assignment, authority, permission_set, portal, role, session, user};

use super::value;
use crate::harness::{account_id, instance_id, read, some_account, store_id, uuid, write};

on_both_engines!(
    columns_of_a_permission_set,
    columns_of_a_role,
    columns_of_an_assignment,
    columns_of_what_a_person_holds,
    columns_of_what_a_role_may_do,
);

const INLINE: &str = r#"{"Version": "2012-10-17", "Statement": []}"#;

fn some_set() -> PermissionSet {
    PermissionSet {
        instance_id: instance_id(),
        id: value("ps-0000000000000001"),
        name: value("SetName"),
        description: Some(value("Description")),
        session_duration: value("PT2H"),
        relay_state: Some(value("https://example.com/set")),
        revision: 2,
        created_at_ms: 3,
    }
}

fn some_role() -> Role {
    Role {
        instance_id: instance_id(),
        account_id: account_id(1),
        permission_set_id: some_set().id,
        name: value("AWSReservedSSO_SetName_00000000000000aa"),
        role_id: value("AROA00000000000000001"),
        managed_policy_arns: vec![value("arn:aws:iam::aws:policy/ReadOnlyAccess")],
        inline_policy: Some(value(INLINE)),
        session_duration_seconds: 3601,
        relay_state: Some(value("https://example.com/role")),
        permission_set_revision: 4,
        revision: 5,
        created_at_ms: 6,
    }
}

fn some_assignment() -> AccountAssignment {
    AccountAssignment {
        instance_id: instance_id(),
        account_id: account_id(1),
        permission_set_id: some_set().id,
        principal: AssignmentPrincipal::User(uuid(1)),
        created_at_ms: 7,
    }
}

fn person() -> PersonSession {
    PersonSession {
        instance_id: instance_id(),
        identity_store_id: store_id(),
        user_id: uuid(1),
        user_name: "someone".to_owned(),
        session_id: uuid(31),
        expires_at_ms: i64::MAX,
    }
}

fn populate(db: &Db) {
    write(db, |tx| {
        permission_set::insert(tx, &some_set()).unwrap();
        role::insert(tx, &some_role()).unwrap();
        user::insert(tx, &crate::user::some_user(1, "someone")).unwrap();
        account_assignment::insert(tx, &some_assignment(), &uuid(41)).unwrap();
    });
}

fn columns_of_a_permission_set(db: &Db) {
    let set = some_set();
    let (arn, policy) = (set.arn(), value("arn:aws:iam::aws:policy/SecurityAudit"));
    let check = |written: &PermissionSet| {
        read(db, |read| {
            assert_eq!(permission_set::require(read, &arn).as_ref(), Ok(written));
            let listed = permission_set::list(read, &instance_id(), "", 9);
            assert_eq!(listed, Ok(vec![written.clone()]));
        });
    };
    write(db, |tx| permission_set::insert(tx, &set)).unwrap();
    check(&set);
    let changed = PermissionSet {
        description: Some(value("Other")),
        session_duration: value("PT3H"),
        relay_state: Some(value("https://example.com/other")),
        ..set
    };
    write(db, |tx| permission_set::update(tx, &changed)).unwrap();
    check(&PermissionSet { revision: 3, ..changed });
    write(db, |tx| {
        permission_set::attach_managed_policy(tx, &arn, &policy).unwrap();
        permission_set::set_inline_policy(tx, &arn, Some(&value(INLINE))).unwrap();
    });
    read(db, |read| {
        let attached = permission_set::list_managed_policies(read, &arn, "", 9);
        assert_eq!(attached, Ok(vec![policy]));
        assert_eq!(permission_set::find_inline_policy(read, &arn), Ok(Some(value(INLINE))));
    });
}

fn columns_of_a_role(db: &Db) {
    populate(db);
    let check = |written: Role| {
        read(db, |read| {
            let (instance, account, set) = (&instance_id(), &account_id(1), some_set());
            assert_eq!(role::find(read, instance, account, &set.id), Ok(Some(written.clone())));
            let found = role::find_by_permission_set_name(read, instance, account, &set.name);
            assert_eq!(found, Ok(Some(written)));
            let accounts = role::list_accounts(read, &set.arn(), None, "", 9);
            assert_eq!(accounts, Ok(vec![account.clone()]));
            let sets = role::list_permission_sets(read, instance, account, None, "", 9);
            assert_eq!(sets, Ok(vec![set.id]));
        });
    };
    check(some_role());
    let changed = Role {
        managed_policy_arns: vec![value("arn:aws:iam::aws:policy/SecurityAudit")],
        inline_policy: None,
        session_duration_seconds: 3602,
        relay_state: Some(value("https://example.com/changed")),
        permission_set_revision: 40,
        ..some_role()
    };
    write(db, |tx| role::update(tx, &changed)).unwrap();
    check(Role { revision: 6, ..changed });
}

fn columns_of_an_assignment(db: &Db) {
    populate(db);
    let (instance, account, set) = (instance_id(), account_id(1), some_set().id);
    let written = vec![some_assignment()];
    let which = OfPrincipal { instance_id: &instance, account_id: None, after: [""; 4], limit: 9 };
    read(db, |read| {
        let listed = account_assignment::list(read, &instance, &account, &set, ["", ""], 9);
        assert_eq!(listed.as_ref(), Ok(&written));
        let of_user = account_assignment::list_of_user(read, which, &store_id(), &uuid(1));
        assert_eq!(of_user.as_ref(), Ok(&written));
        let principal = some_assignment().principal;
        assert_eq!(account_assignment::list_of_principal(read, which, &principal), Ok(written));
    });
}

fn columns_of_what_a_person_holds(db: &Db) {
    populate(db);
    let held = HeldRole {
        permission_set_id: some_set().id,
        permission_set_name: "SetName".to_owned(),
        role_name: "AWSReservedSSO_SetName_00000000000000aa".to_owned(),
        role_id: some_role().role_id,
        session_duration_seconds: 3601,
        relay_state: Some("https://example.com/role".to_owned()),
    };
    read(db, |read| {
        let (person, account) = (&person(), &account_id(1));
        assert_eq!(portal::list_accounts(read, person, "", 9), Ok(vec![some_account(1)]));
        assert_eq!(portal::list_roles(read, person, account, "", 9), Ok(vec![held.clone()]));
        assert_eq!(portal::find_role(read, person, account, "SetName"), Ok(Some(held)));
        let names = portal::list_names(read, person, (account, account));
        assert_eq!(names, Ok(vec![(account_id(1), "SetName".to_owned())]));
    });
}

fn columns_of_what_a_role_may_do(db: &Db) {
    populate(db);
    let portal_session = crate::session::portal(31, 1);
    write(db, |tx| session::insert(tx, &portal_session, None)).unwrap();
    let person = RolePerson {
        identity_store_id: store_id(),
        user_id: uuid(1),
        session_id: uuid(31),
        instance_id: instance_id(),
        permission_set_id: some_set().id,
        grounds: Grounds { marks: 0, grants: vec![41] },
    };
    let session = RoleSession {
        account_id: account_id(1),
        role_name: some_role().name.to_string(),
        role_id: some_role().role_id.to_string(),
        session_name: "someone".to_owned(),
        access_key_id: "ASIA".to_owned(),
        issued_at_ms: crate::harness::NOW_MS,
        expires_at_ms: i64::MAX,
        person: None,
    };
    let policies = RolePolicies {
        managed_policy_arns: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()],
        inline_policy: Some(INLINE.to_owned()),
    };
    read(db, |read| {
        let found = authority::find_policies(read, &session, &person);
        assert_eq!(found, Ok(Some(policies)));
        let person = authority::find_person(read, &portal_session).unwrap().unwrap();
        let expected = (instance_id(), "someone", SessionSettings::default());
        assert_eq!((person.instance_id, person.user_name.as_str(), person.settings), expected);
    });
}
