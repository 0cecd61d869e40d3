//! Sealed keys and the set-up link.

use store::master_key::{self, SealedKey};
use store::{Db, setup_link};

use crate::harness::{NOW_MS, read, write, write_at};

on_both_engines!(
    keys_of_a_purpose_are_listed_newest_first,
    a_number_is_given_to_one_key,
    a_setup_link_is_good_once_and_until_it_runs_out,
    a_new_setup_link_ends_the_old,
);

fn some_key(number: i64, sealed: &[u8]) -> SealedKey {
    SealedKey { number, sealed: sealed.to_owned(), created_at_ms: NOW_MS }
}

fn keys_of_a_purpose_are_listed_newest_first(db: &Db) {
    write(db, |tx| {
        assert_eq!(master_key::insert(tx, "seal", &some_key(1, &[0, 255])), Ok(true));
        assert_eq!(master_key::insert(tx, "seal", &some_key(2, &[])), Ok(true));
        assert_eq!(master_key::insert(tx, "sign", &some_key(1, &[7])), Ok(true));
    });
    let keys = read(db, |read| master_key::list(read, "seal")).unwrap();
    let keys: Vec<_> = keys.iter().map(|key| (key.number, key.sealed.as_slice())).collect();
    assert_eq!(keys, [(2, [].as_slice()), (1, &[0, 255])]);
}

fn a_number_is_given_to_one_key(db: &Db) {
    write(db, |tx| {
        assert_eq!(master_key::insert(tx, "seal", &some_key(1, &[1])), Ok(true));
        assert_eq!(master_key::insert(tx, "seal", &some_key(1, &[2])), Ok(false));
    });
    let keys = read(db, |read| master_key::list(read, "seal")).unwrap();
    assert_eq!(keys.iter().map(|key| key.sealed.as_slice()).collect::<Vec<_>>(), [[1]]);
}

const TOKEN: [u8; 32] = [1; 32];

fn a_setup_link_is_good_once_and_until_it_runs_out(db: &Db) {
    write(db, |tx| setup_link::replace(tx, &TOKEN, NOW_MS + 10)).unwrap();
    read(db, |read| {
        assert_eq!(setup_link::is_good(read, &TOKEN, NOW_MS + 9), Ok(true));
        assert_eq!(setup_link::is_good(read, &TOKEN, NOW_MS + 10), Ok(false));
        assert_eq!(setup_link::is_good(read, &[2; 32], NOW_MS), Ok(false));
    });
    let redeem = |now_ms| write_at(db, now_ms, |tx| setup_link::redeem(tx, &TOKEN));
    assert_eq!(redeem(NOW_MS + 10), Ok(false));
    assert_eq!(redeem(NOW_MS + 9), Ok(true));
    assert_eq!(redeem(NOW_MS + 9), Ok(false));
}

fn a_new_setup_link_ends_the_old(db: &Db) {
    write(db, |tx| setup_link::replace(tx, &TOKEN, NOW_MS + 10)).unwrap();
    write(db, |tx| setup_link::replace(tx, &[2; 32], NOW_MS + 10)).unwrap();
    read(db, |read| {
        assert_eq!(setup_link::is_good(read, &TOKEN, NOW_MS), Ok(false));
        assert_eq!(setup_link::is_good(read, &[2; 32], NOW_MS), Ok(true));
    });
}
