//! What is known of the address of a user.

use model::password::Guarantor;
use store::user_email::{self, UserEmail};
use store::{Db, user};

use crate::harness::{NOW_MS, delete_user, read, store_id, uuid, write};
use crate::password_reset_request::some_voucher;
use crate::user::some_user;

on_both_engines!(
    columns_of_an_address,
    another_address_is_not_verified,
    an_address_goes_with_its_user
);

fn set(db: &Db, key: &str) {
    write(db, |tx| user_email::set(tx, &store_id(), &uuid(1), key, &some_voucher())).unwrap();
}

fn verify(db: &Db, key: &str) {
    write(db, |tx| user_email::verify(tx, &store_id(), &uuid(1), key)).unwrap();
}

fn find(db: &Db, key: &str) -> UserEmail {
    read(db, |read| user_email::find(read, &store_id(), &uuid(1), key)).unwrap()
}

fn populate(db: &Db) {
    write(db, |tx| user::insert(tx, &some_user(1, "Alice"))).unwrap();
}

const UNKNOWN: UserEmail = UserEmail { voucher: None, verified_at_ms: None };

fn columns_of_an_address(db: &Db) {
    populate(db);
    assert_eq!(find(db, "a@b"), UNKNOWN);
    set(db, "a@b");
    let written = UserEmail { voucher: Some(some_voucher()), verified_at_ms: None };
    assert_eq!(find(db, "a@b"), written);
    assert_eq!(find(db, "a@b").guarantor(), Guarantor::Caller(Some(some_voucher())));
    verify(db, "a@b");
    assert_eq!(find(db, "a@b"), UserEmail { verified_at_ms: Some(NOW_MS), ..written });
    assert_eq!(find(db, "a@b").guarantor(), Guarantor::Person);
}

fn another_address_is_not_verified(db: &Db) {
    populate(db);
    verify(db, "a@b");
    set(db, "c@d");
    assert_eq!((find(db, "a@b"), find(db, "c@d").verified_at_ms), (UNKNOWN, None));
    // The voucher of one address says nothing of another.
    verify(db, "e@f");
    assert_eq!(find(db, "e@f"), UserEmail { voucher: None, verified_at_ms: Some(NOW_MS) });
}

fn an_address_goes_with_its_user(db: &Db) {
    populate(db);
    verify(db, "a@b");
    delete_user(db, 1);
    assert_eq!(find(db, "a@b"), UNKNOWN);
}
