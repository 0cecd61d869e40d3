//! Accounts.

use model::{Fault, OrganizationsEntity};
use store::{Db, account};

use crate::harness::{account_id, read, some_account, write};

on_both_engines!(
    an_account_reads_back_as_it_was_written,
    a_number_and_an_address_belong_to_one_account,
    accounts_are_listed_by_number_from_any_place_on,
);

fn an_account_reads_back_as_it_was_written(db: &Db) {
    write(db, |tx| account::insert(tx, &some_account(2))).unwrap();
    read(db, |read| {
        assert_eq!(account::require(read, &account_id(2)), Ok(some_account(2)));
        let missing = Err(Fault::not_found(OrganizationsEntity::Account, account_id(3)));
        assert_eq!(account::require(read, &account_id(3)), missing);
    });
}

fn a_number_and_an_address_belong_to_one_account(db: &Db) {
    write(db, |tx| {
        let mut other = some_account(2);
        other.email = "ACCOUNT-1@example.com".parse().unwrap();
        account::insert(tx, &other).unwrap_err();
        other = some_account(2);
        other.id = account_id(1);
        account::insert(tx, &other).unwrap_err();
        assert_eq!(account::has_email(tx, &"Account-1@Example.com".parse().unwrap()), Ok(true));
        assert_eq!(account::has_email(tx, &some_account(2).email), Ok(false));
    });
}

fn accounts_are_listed_by_number_from_any_place_on(db: &Db) {
    write(db, |tx| {
        for number in [3, 2] {
            account::insert(tx, &some_account(number)).unwrap();
        }
    });
    read(db, |read| {
        let page = account::list(read, "", 2).unwrap();
        assert_eq!(page, [some_account(1), some_account(2)]);
        let page = account::list(read, account_id(2).as_str(), 2).unwrap();
        assert_eq!(page, [some_account(3)]);
    });
}
