//! Users and groups with more below them than one transaction deletes.

use model::assignment::AssignmentPrincipal;
use model::external_id::ExternalId;
use model::{Entity, Fault, IdentityStoreEntity};
use policy::PersonSession;
use store::account_assignment::{self, OfPrincipal};
use store::authority::{self, Holding};
use store::{
    Db, Read, account, assigned_principal, external_id, grant, group, membership, portal,
    removed_principal, role, session, user, user_password,
};

use crate::account_assignment::{assign, populate, to_group, to_user};
use crate::group::{names, some_group};
use crate::harness::{
    account_id, an_instance, instance_id, read, some_account, store_id, uuid, write,
};
use crate::permission_set::some_set;
use crate::role::some_role;
use crate::session::portal as portal_session;
use crate::user::some_user;

on_both_engines!(
    a_group_is_gone_at_once,
    a_user_is_gone_at_once,
    the_rest_is_deleted_in_parts,
    one_part_is_enough_for_a_small_one,
);

/// Accounts with the role `Admin`: more than the assignments that one transaction deletes.
const ACCOUNTS: u32 = 60;

fn named() -> ExternalId {
    ExternalId { issuer: "https://provider.test".parse().unwrap(), id: "one".parse().unwrap() }
}

/// Principals of [`populate`], and many accounts. User 1 holds `Admin` everywhere through group 11, or directly.
fn many(db: &Db, is_direct: bool) {
    populate(db);
    write(db, |tx| {
        for number in 3..=ACCOUNTS {
            account::insert(tx, &some_account(number)).unwrap();
            role::insert(tx, &some_role(number, &some_set(1, "Admin"))).unwrap();
        }
        session::insert(tx, &portal_session(91, 1), Some(&[91; 32])).unwrap();
        external_id::replace_of_user(tx, &store_id(), &uuid(1), &[named()]).unwrap();
        external_id::replace_of_group(tx, &store_id(), &uuid(11), &[named()]).unwrap();
    });
    let one = |account| if is_direct { to_user(account, 1, 1) } else { to_group(account, 1, 11) };
    assign(db, &(1..=ACCOUNTS).map(one).collect::<Vec<_>>());
}

/// User 1 holds no role, and no list of assignments names one.
fn holds_nothing(read: &mut Read<'_>, principal: &AssignmentPrincipal) {
    let person = PersonSession {
        instance_id: instance_id(),
        identity_store_id: store_id(),
        user_id: uuid(1),
        user_name: "user-1".to_owned(),
        session_id: uuid(91),
        expires_at_ms: i64::MAX,
    };
    let (last, set) = (account_id(ACCOUNTS), some_set(1, "Admin"));
    assert_eq!(
        account_assignment::list(read, &instance_id(), &last, &set.id, ["", ""], 9),
        Ok(vec![])
    );
    let named = account_assignment::list_named(read, &an_instance(), &last, ("", "~"), 9);
    assert_eq!(named, Ok(vec![]));
    let id = instance_id();
    let all = OfPrincipal { instance_id: &id, account_id: None, after: ["", "", "", ""], limit: 9 };
    assert_eq!(account_assignment::list_of_principal(read, all, principal), Ok(vec![]));
    let AssignmentPrincipal::Group(_) = principal else { return };
    assert_eq!(account_assignment::list_of_user(read, all, &store_id(), &uuid(1)), Ok(vec![]));
    assert_eq!(portal::list_accounts(read, &person, "", 9), Ok(vec![]));
    assert_eq!(portal::list_roles(read, &person, &last, "", 9), Ok(vec![]));
    assert_eq!(portal::list_names(read, &person, (&last, &last)), Ok(vec![]));
    assert_eq!(portal::find_role(read, &person, &last, "Admin"), Ok(None));
    let beyond = grant::list_beyond(read, &an_instance(), &uuid(1), None, ["", ""], 9);
    assert_eq!(beyond, Ok(vec![]));
    let holding = Holding {
        identity_store_id: &store_id(),
        user_id: &uuid(1),
        instance_id: &id,
        account_id: &last,
        permission_set_id: &set.id,
    };
    assert_eq!(authority::find_grounds(read, holding), Ok(None));
}

fn a_group_is_gone_at_once(db: &Db) {
    many(db, false);
    let before = db.signals().authority();
    write(db, |tx| group::delete(tx, &store_id(), &uuid(11))).unwrap();
    assert!(db.signals().authority() > before);
    let principal = AssignmentPrincipal::Group(uuid(11));
    read(db, |read| {
        let store = &store_id();
        assert_eq!(group::find(read, store, &uuid(11)), Ok(None));
        assert_eq!(group::find_by_name(read, store, "Group 1"), Ok(None));
        assert_eq!(external_id::find_group(read, store, &named()), Ok(None));
        assert_eq!(membership::find(read, store, &uuid(21)), Ok(None));
        assert_eq!(membership::find_of(read, store, &uuid(11), &uuid(1)), Ok(None));
        assert_eq!(membership::list_of_group(read, store, &uuid(11), "", 9), Ok(vec![]));
        let groups = membership::list_of_user(read, store, &uuid(1), "", 9).unwrap();
        assert_eq!(groups.iter().map(|found| &found.group_id).collect::<Vec<_>>(), [&uuid(12)]);
        let among = membership::find_among(read, store, &uuid(1), &[uuid(11), uuid(12)]);
        assert_eq!(among, Ok(vec![uuid(12)]));
        let is_there = account_assignment::exists(read, &to_group(ACCOUNTS, 1, 11));
        assert_eq!(is_there, Ok(false));
        let entity = Entity::IdentityStore(IdentityStoreEntity::Group);
        let missing = Err(Fault::not_found(entity, principal.id()));
        assert_eq!(assigned_principal::require(read, store, &principal), missing);
        holds_nothing(read, &principal);
    });
    assert_eq!(names(db), ["Group 2"]);
    // Its names are free.
    write(db, |tx| {
        group::insert(tx, &some_group(13, "Group 1")).unwrap();
        external_id::replace_of_group(tx, &store_id(), &uuid(13), &[named()]).unwrap();
    });
}

fn a_user_is_gone_at_once(db: &Db) {
    many(db, true);
    write(db, |tx| user::delete(tx, &store_id(), &uuid(1))).unwrap();
    let principal = AssignmentPrincipal::User(uuid(1));
    read(db, |read| {
        let store = &store_id();
        assert_eq!(user_password::find_signer(read, store, &uuid(1)), Ok(None));
        assert_eq!(user::find(read, store, &uuid(1)), Ok(None));
        let shown = user::require_shown(read, store, &uuid(1));
        assert_eq!(
            shown,
            Err(Fault::not_found(IdentityStoreEntity::User, uuid::<model::ids::UserId>(1)))
        );
        assert_eq!(user::find_by_name(read, store, "user-1"), Ok(None));
        assert_eq!(user_password::find_signer_by_name(read, store, "user-1"), Ok(None));
        assert_eq!(external_id::find_user(read, store, &named()), Ok(None));
        assert_eq!(membership::find(read, store, &uuid(21)), Ok(None));
        assert_eq!(membership::list_of_group(read, store, &uuid(11), "", 9), Ok(vec![]));
        let left: Vec<_> = user::list(read, store, "", 9).unwrap();
        assert_eq!(left.iter().map(|user| &user.id).collect::<Vec<_>>(), [&uuid(2)]);
        assert_eq!(user::list_shown(read, store, "", 9).unwrap().len(), 1);
        // The row of the session is there until its part.
        let session = session::find(read, store, &uuid(91)).unwrap().unwrap();
        assert_eq!(authority::find_person(read, &session), Ok(None));
        holds_nothing(read, &principal);
    });
    write(db, |tx| {
        user::insert(tx, &some_user(3, "user-1")).unwrap();
        external_id::replace_of_user(tx, &store_id(), &uuid(3), &[named()]).unwrap();
    });
}

fn the_rest_is_deleted_in_parts(db: &Db) {
    many(db, false);
    write(db, |tx| group::delete(tx, &store_id(), &uuid(11))).unwrap();
    while !write(db, |tx| {
        removed_principal::delete_part(tx, &an_instance(), &AssignmentPrincipal::Group(uuid(11)))
    })
    .unwrap()
    {}
    // A part that runs twice changes nothing.
    assert_eq!(
        write(db, |tx| removed_principal::delete_part(
            tx,
            &an_instance(),
            &AssignmentPrincipal::Group(uuid(11))
        )),
        Ok(true)
    );
    // The ids of the group and of its membership are free, and a role without assignments is gone.
    write(db, |tx| {
        group::insert(tx, &some_group(11, "Another")).unwrap();
        membership::insert(tx, &crate::membership::some_membership(21, 11, 1)).unwrap();
    });
    read(db, |read| {
        let set = some_set(1, "Admin").id;
        assert_eq!(role::find(read, &instance_id(), &account_id(ACCOUNTS), &set), Ok(None));
        assert!(membership::find(read, &store_id(), &uuid(21)).unwrap().is_some());
    });
}

fn one_part_is_enough_for_a_small_one(db: &Db) {
    populate(db);
    assign(db, &[to_group(1, 1, 11), to_user(1, 1, 1)]);
    write(db, |tx| group::delete(tx, &store_id(), &uuid(11))).unwrap();
    write(db, |tx| user::delete(tx, &store_id(), &uuid(1))).unwrap();
    assert_eq!(
        write(db, |tx| removed_principal::delete_part(
            tx,
            &an_instance(),
            &AssignmentPrincipal::Group(uuid(11))
        )),
        Ok(true)
    );
    assert_eq!(
        write(db, |tx| removed_principal::delete_part(
            tx,
            &an_instance(),
            &AssignmentPrincipal::User(uuid(1))
        )),
        Ok(true)
    );
}
