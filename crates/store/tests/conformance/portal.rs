//! Accounts and roles that a person holds.

use model::assignment::AccountAssignment;
use model::ids::AccountId;
use model::organization::Account;
use policy::PersonSession;
use store::account_assignment::OfPrincipal;
use store::{Db, account, account_assignment, portal, role};

use crate::account_assignment::{assign, populate, to_group, to_user};
use crate::harness::{account_id, instance_id, read, some_account, store_id, uuid, write};
use crate::permission_set::some_set;
use crate::role::some_role;

on_both_engines!(
    a_person_sees_the_accounts_they_hold_a_role_in,
    a_person_sees_their_roles_in_an_account_once_each,
    a_person_sees_every_role_in_every_account_in_order,
    pages_of_any_size_have_everything_once,
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
    let list = |first, last| {
        let range = (&account_id(first), &account_id(last));
        read(db, |read| portal::list_names(read, &person(1), range)).unwrap()
    };
    let entry = |account, role: &str| (account_id(account), role.to_owned());
    let whole = [entry(1, "Reader"), entry(2, "Admin"), entry(2, "Reader")];
    assert_eq!(list(1, 2), whole);
    assert_eq!(list(1, 1), whole[..1]);
    assert_eq!(list(2, 9), whole[1..]);
}

/// User 1 holds two roles in some of 12 accounts, by two groups and directly.
fn pages_of_any_size_have_everything_once(db: &Db) {
    populate(db);
    let sets = [(1, "Admin"), (2, "Reader")].map(|(number, name)| some_set(number, name));
    write(db, |tx| {
        for number in 3..=12 {
            account::insert(tx, &some_account(number)).unwrap();
            for set in &sets {
                role::insert(tx, &some_role(number, set)).unwrap();
            }
        }
    });
    for number in 1..=12 {
        let mut all = vec![to_group(number, 1, 11)];
        all.extend((number % 2 == 0).then(|| to_group(number, 2, 11)));
        all.extend((number % 3 == 0).then(|| to_group(number, 2, 12)));
        all.extend((number % 4 == 1).then(|| to_user(number, 2, 1)));
        all.extend((number % 5 == 1).then(|| to_user(number, 1, 1)));
        assign(db, &all);
    }
    let range = (&account_id(1), &account_id(12));
    let names = read(db, |read| portal::list_names(read, &person(1), range)).unwrap();
    assert_eq!(names.len(), 12 + 10);
    assert!(names.is_sorted());
    for limit in 1..=12 {
        let (mut accounts, mut after) = (Vec::new(), String::new());
        loop {
            let page = read(db, |read| portal::list_accounts(read, &person(1), &after, limit));
            let page = page.unwrap();
            let Some(last) = page.last() else { break };
            after = last.id.to_string();
            assert!(page.len() == usize::try_from(limit).unwrap() || last.id == account_id(12));
            accounts.extend(page);
        }
        assert_eq!(accounts.len(), 12, "{limit}");
        assert!(accounts.is_sorted_by(|one, next| one.id < next.id));
        assert_eq!(walk_assignments(db, None, limit), walk_assignments(db, None, 100), "{limit}");
        for number in 1..=12 {
            let (one, whole) = (account_id(number), walk_assignments(db, None, 100));
            let of_one: Vec<_> = whole.into_iter().filter(|it| it.account_id == one).collect();
            assert!(!of_one.is_empty());
            assert_eq!(walk_assignments(db, Some(&one), limit), of_one, "{number}, {limit}");
        }
    }
    assert_eq!(walk_assignments(db, None, 100).len(), 12 + 6 + 4 + 3 + 3);
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

/// Reads the assignments of user 1 and of their groups in pages.
fn walk_assignments(db: &Db, account: Option<&AccountId>, limit: i64) -> Vec<AccountAssignment> {
    let instance_id = instance_id();
    let mut walked: Vec<AccountAssignment> = Vec::new();
    loop {
        let last = walked.last().map(|it| {
            let principal = (it.principal.kind().to_string(), it.principal.id().to_owned());
            (it.account_id.to_string(), it.permission_set_id.to_string(), principal)
        });
        let (account_id, set, (kind, id)) = last.unwrap_or_default();
        let after = [account_id.as_str(), &set, &kind, &id];
        let which = OfPrincipal { instance_id: &instance_id, account_id: account, after, limit };
        let page =
            read(db, |read| account_assignment::list_of_user(read, which, &store_id(), &uuid(1)));
        let page = page.unwrap();
        if page.is_empty() {
            return walked;
        }
        walked.extend(page);
    }
}
