//! People who may sign in once without a second factor, and challenges that were answered.

use model::mfa::MfaBypass;
use store::{Db, answered_challenge, mfa_bypass, user};

use crate::harness::{NOW_MS, delete_user, read, store_id, uuid, write, write_at};
use crate::password_reset_request::some_voucher;
use crate::user::some_user;

on_both_engines!(
    columns_of_a_bypass,
    a_bypass_is_good_once_and_for_its_time,
    a_bypass_goes_with_its_user_and_is_taken_back,
    a_challenge_is_answered_once,
    what_is_over_is_swept,
);

fn populate(db: &Db) {
    write(db, |tx| {
        user::insert(tx, &some_user(1, "Alice")).unwrap();
        user::insert(tx, &some_user(2, "Bob")).unwrap();
    });
}

fn some_bypass(expires_at_ms: i64) -> MfaBypass {
    let (identity_store_id, user_id) = (store_id(), uuid(1));
    MfaBypass { identity_store_id, user_id, voucher: Some(some_voucher()), expires_at_ms }
}

fn put(db: &Db, expires_at_ms: i64) {
    write(db, |tx| mfa_bypass::put(tx, &some_bypass(expires_at_ms))).unwrap();
}

fn find(db: &Db, user: u32, now_ms: i64) -> Option<MfaBypass> {
    read(db, |read| mfa_bypass::find(read, &store_id(), &uuid(user), now_ms)).unwrap()
}

fn is_good(db: &Db, user: u32, now_ms: i64) -> bool {
    find(db, user, now_ms).is_some()
}

fn columns_of_a_bypass(db: &Db) {
    populate(db);
    let without = MfaBypass { voucher: None, ..some_bypass(NOW_MS + 60) };
    for bypass in [some_bypass(NOW_MS + 50), without] {
        write(db, |tx| mfa_bypass::put(tx, &bypass)).unwrap();
        assert_eq!(find(db, 1, NOW_MS), Some(bypass));
    }
}

fn a_bypass_is_good_once_and_for_its_time(db: &Db) {
    populate(db);
    assert!(!is_good(db, 1, NOW_MS));
    put(db, NOW_MS + 50);
    put(db, NOW_MS + 100);
    assert!(is_good(db, 1, NOW_MS + 99));
    assert!(!is_good(db, 1, NOW_MS + 100));
    assert!(!is_good(db, 2, NOW_MS));
    let spend = |now_ms| write_at(db, now_ms, |tx| mfa_bypass::spend(tx, &store_id(), &uuid(1)));
    assert_eq!(spend(NOW_MS + 100), Ok(false));
    assert_eq!([spend(NOW_MS + 99), spend(NOW_MS + 99)], [Ok(true), Ok(false)]);
    assert!(!is_good(db, 1, NOW_MS));
}

fn a_bypass_goes_with_its_user_and_is_taken_back(db: &Db) {
    populate(db);
    put(db, NOW_MS + 100);
    for _ in 0..2 {
        write(db, |tx| mfa_bypass::delete(tx, &store_id(), &uuid(1))).unwrap();
        assert!(!is_good(db, 1, NOW_MS));
    }
    put(db, NOW_MS + 100);
    delete_user(db, 1);
    assert!(!is_good(db, 1, NOW_MS));
}

fn answer(db: &Db, number: u8) -> bool {
    let (store, hash) = (store_id(), [number; 32]);
    write(db, |tx| answered_challenge::insert(tx, &store, &hash, NOW_MS + 100)).unwrap()
}

fn a_challenge_is_answered_once(db: &Db) {
    assert_eq!([1, 2, 1].map(|number| answer(db, number)), [true, true, false]);
    let other = "d-fedcba9876".parse().unwrap();
    let elsewhere = write(db, |tx| answered_challenge::insert(tx, &other, &[1; 32], NOW_MS));
    assert_eq!(elsewhere, Ok(true));
}

fn what_is_over_is_swept(db: &Db) {
    populate(db);
    put(db, NOW_MS + 100);
    assert!(answer(db, 1));
    for (before_ms, swept) in [(NOW_MS + 100, 0), (NOW_MS + 101, 1), (NOW_MS + 101, 0)] {
        write(db, |tx| {
            assert_eq!(mfa_bypass::sweep(tx, before_ms, 9), Ok(swept));
            assert_eq!(answered_challenge::sweep(tx, before_ms, 9), Ok(swept));
        });
    }
    assert!(answer(db, 1));
}
