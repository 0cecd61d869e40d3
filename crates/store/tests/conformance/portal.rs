//! Accounts and roles that a person holds.

use model::organization::Account;
use policy::PersonSession;
use store::{Db, portal};

use crate::account_assignment::{assign, populate, to_group, to_user};
use crate::harness::{account_id, instance_id, read, some_account, store_id, uuid};

on_both_engines!(
    a_person_sees_the_accounts_they_hold_a_role_in,
    a_person_sees_their_roles_in_an_account_once_each,
    a_person_sees_every_role_in_every_account_in_order,
    a_role_is_found_by_name_if_it_is_held,
);

fn person(user: u32) -> PersonSession {
    PersonSession {
        instance_id: instance_id(),
        identity_store_id: store_id(),
        user_id: uuid(user),
        user_name: "someone".to_owned(),
        session_id: uuid(99),
        expires_at_ms: i64::MAX,
    }
}

/// User 1 is an admin in account 2, and a reader in both accounts, through a group and directly.
fn everything(db: &Db) {
    populate(db);
    assign(db, &[to_user(2, 1, 1), to_group(1, 2, 11), to_group(2, 2, 12), to_user(2, 2, 1)]);
}

fn a_person_sees_the_accounts_they_hold_a_role_in(db: &Db) {
    everything(db);
    let list = |user, after: &str, limit| -> Vec<Account> {
        read(db, |read| portal::list_accounts(read, &person(user), after, limit)).unwrap()
    };
    assert_eq!(list(1, "", 9), [some_account(1), some_account(2)]);
    assert_eq!(list(1, "", 1), [some_account(1)]);
    assert_eq!(list(1, account_id(1).as_str(), 9), [some_account(2)]);
    assert_eq!(list(2, "", 9), []);
}

fn a_person_sees_their_roles_in_an_account_once_each(db: &Db) {
    everything(db);
    let list = |user, account, after: &str| -> Vec<String> {
        let roles = read(db, |read| {
            portal::list_roles(read, &person(user), &account_id(account), after, 9)
        });
        roles.unwrap().into_iter().map(|role| role.permission_set_name).collect()
    };
    assert_eq!(list(1, 2, ""), ["Admin", "Reader"]);
    assert_eq!(list(1, 2, "Admin"), ["Reader"]);
    assert_eq!(list(1, 1, ""), ["Reader"]);
    assert!(list(2, 2, "").is_empty());
}

fn a_person_sees_every_role_in_every_account_in_order(db: &Db) {
    everything(db);
    let list = |after: (&str, &str), limit| -> Vec<(String, String)> {
        let entries = read(db, |read| portal::list_entries(read, &person(1), after, limit));
        let pair =
            |entry: portal::HeldEntry| (entry.account_id.to_string(), entry.permission_set_name);
        entries.unwrap().into_iter().map(pair).collect()
    };
    let entry = |account, role: &str| (account_id(account).to_string(), role.to_owned());
    let whole = [entry(1, "Reader"), entry(2, "Admin"), entry(2, "Reader")];
    assert_eq!(list(("", ""), 9), whole);
    assert_eq!(list(("", ""), 2), whole[..2]);
    assert_eq!(list((account_id(2).as_str(), "Admin"), 9), whole[2..]);
}

fn a_role_is_found_by_name_if_it_is_held(db: &Db) {
    everything(db);
    let find = |user, account, name: &str| {
        read(db, |read| portal::find_role(read, &person(user), &account_id(account), name)).unwrap()
    };
    let role = find(1, 2, "Admin").unwrap();
    assert_eq!(role.role_name, "AWSReservedSSO_Admin_0123456789abcdef");
    assert_eq!(role.session_duration_seconds, 3600);
    assert_eq!(
        find(1, 1, "Reader").map(|role| role.permission_set_name),
        Some("Reader".to_owned())
    );
    assert_eq!(find(1, 1, "Admin"), None);
    assert_eq!(find(2, 2, "Admin"), None);
}
