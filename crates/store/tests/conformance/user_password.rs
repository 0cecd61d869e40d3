//! Passwords.

use model::password::{HashCost, PasswordKind, StoredHash, UserPassword};
use model::user::UserStatus;
use store::user_password::{self, Signer};
use store::{Db, user};

use crate::harness::{delete_user, read, store_id, uuid, write};
use crate::password_reset_request::some_voucher;
use crate::user::some_user;

on_both_engines!(
    whoever_signs_in_is_found_by_name_and_by_id,
    a_password_is_replaced_by_the_next_revision,
    a_one_time_password_is_spent_once,
    the_last_24_chosen_passwords_are_remembered,
    a_password_is_hashed_anew_unless_it_was_changed,
    passwords_go_with_their_user,
);

pub fn hash(number: u8) -> StoredHash {
    let cost = HashCost { memory_kib: 64, passes: 1, lanes: 1 };
    StoredHash { cost, salt: [number; 16], hash: vec![number; 73] }
}

fn one_time() -> PasswordKind {
    PasswordKind::OneTime { expires_at_ms: 5, voucher: Some(some_voucher()) }
}

fn populate(db: &Db) {
    write(db, |tx| user::insert(tx, &some_user(1, "Alice"))).unwrap();
}

fn replace(db: &Db, number: u8, kind: &PasswordKind) {
    write(db, |tx| user_password::replace(tx, &store_id(), &uuid(1), &hash(number), kind)).unwrap();
}

fn find(db: &Db) -> Option<UserPassword> {
    read(db, |read| user_password::find(read, &store_id(), &uuid(1))).unwrap()
}

/// Numbers of the remembered passwords.
fn remembered(db: &Db) -> Vec<u8> {
    let listed = read(db, |read| user_password::list_remembered(read, &store_id(), &uuid(1), 24));
    listed.unwrap().into_iter().map(|past| past.salt[0]).collect()
}

fn whoever_signs_in_is_found_by_name_and_by_id(db: &Db) {
    populate(db);
    let mut signer = Signer {
        user_id: uuid(1),
        user_name: "Alice".to_owned(),
        is_enabled: true,
        password: None,
    };
    let both = |signer: &Signer| {
        read(db, |read| {
            let (store, expected) = (store_id(), Ok(Some(signer.clone())));
            assert_eq!(user_password::find_signer(read, &store, &uuid(1)), expected);
            for name in ["alice", "Alice", "\u{ff21}lice"] {
                assert_eq!(user_password::find_signer_by_name(read, &store, name), expected);
            }
            assert_eq!(user_password::find_signer_by_name(read, &store, "bob"), Ok(None));
        });
    };
    both(&signer);
    replace(db, 1, &PasswordKind::Chosen);
    signer.password = Some(UserPassword { hash: hash(1), kind: PasswordKind::Chosen, revision: 1 });
    both(&signer);
    write(db, |tx| user::set_status(tx, &store_id(), &uuid(1), UserStatus::Disabled)).unwrap();
    signer.is_enabled = false;
    both(&signer);
}

fn a_password_is_replaced_by_the_next_revision(db: &Db) {
    populate(db);
    assert_eq!(find(db), None);
    let kinds = [one_time(), PasswordKind::Chosen];
    for (number, kind) in (1_u8..).zip(kinds) {
        replace(db, number, &kind);
        let revision = i64::from(number);
        assert_eq!(find(db), Some(UserPassword { hash: hash(number), kind, revision }));
    }
}

fn a_one_time_password_is_spent_once(db: &Db) {
    populate(db);
    let spend =
        |revision| write(db, |tx| user_password::spend(tx, &store_id(), &uuid(1), revision));
    replace(db, 1, &one_time());
    assert_eq!(spend(2), Ok(false));
    assert_eq!(spend(1), Ok(true));
    assert_eq!(spend(1), Ok(false));
    assert_eq!(spend(2), Ok(false));
    let used = UserPassword {
        hash: hash(1),
        kind: PasswordKind::Spent { voucher: Some(some_voucher()) },
        revision: 2,
    };
    let end = |revision| {
        write(db, |tx| user_password::end_spent(tx, &store_id(), &uuid(1), revision)).unwrap();
        find(db).unwrap().revision
    };
    assert_eq!(find(db), Some(used));
    assert_eq!([end(1), end(2), end(2)], [2, 3, 3]);
    replace(db, 2, &PasswordKind::Chosen);
    assert_eq!(spend(4), Ok(false));
    assert_eq!(end(4), 4);
}

fn the_last_24_chosen_passwords_are_remembered(db: &Db) {
    populate(db);
    for number in 1..=26 {
        replace(db, 100 + number, &one_time());
        replace(db, number, &PasswordKind::Chosen);
        let expected: Vec<u8> = (1..=number).rev().take(24).collect();
        assert_eq!(remembered(db), expected);
    }
    let last = read(db, |read| user_password::list_remembered(read, &store_id(), &uuid(1), 3));
    assert_eq!(last, Ok(vec![hash(26), hash(25), hash(24)]));
}

fn a_password_is_hashed_anew_unless_it_was_changed(db: &Db) {
    populate(db);
    let rehash = |revision| {
        write(db, |tx| user_password::rehash(tx, &store_id(), &uuid(1), revision, &hash(9)))
            .unwrap();
    };
    replace(db, 1, &PasswordKind::Chosen);
    rehash(2);
    assert_eq!(find(db).unwrap().hash, hash(1));
    rehash(1);
    let anew = UserPassword { hash: hash(9), kind: PasswordKind::Chosen, revision: 1 };
    assert_eq!(find(db), Some(anew));
}

fn passwords_go_with_their_user(db: &Db) {
    populate(db);
    replace(db, 1, &PasswordKind::Chosen);
    delete_user(db, 1);
    assert_eq!((find(db), remembered(db)), (None, vec![]));
}
