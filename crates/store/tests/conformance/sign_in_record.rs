//! The last sign-ins of each person.

use model::sign_in_record::{CredentialType, SignInOutcome, SignInRecord};
use store::sign_in_record::{self, KEPT_MAX};
use store::{Db, user};

use crate::harness::{read, store_id, uuid, write};
use crate::user::some_user;

on_both_engines!(
    columns_of_a_sign_in,
    a_person_has_so_many_rows_of_each_outcome,
    failures_from_one_address_are_one_row_for_an_hour,
    old_sign_ins_are_swept,
);

const HOUR_MS: i64 = 60 * 60 * 1000;

fn some_record(number: u32, at_ms: i64) -> SignInRecord {
    SignInRecord {
        identity_store_id: store_id(),
        user_id: uuid(1),
        id: uuid(number),
        outcome: SignInOutcome::Succeeded,
        credential_type: CredentialType::Webauthn,
        source_address: "192.0.2.1".to_owned(),
        user_agent: "agent".to_owned(),
        attempts: 1,
        at_ms,
    }
}

fn failure(number: u32, at_ms: i64) -> SignInRecord {
    let credential_type = CredentialType::Password;
    let outcome = SignInOutcome::Failed;
    SignInRecord { outcome, credential_type, attempts: 2, ..some_record(number, at_ms) }
}

fn populate(db: &Db) {
    write(db, |tx| {
        user::insert(tx, &some_user(1, "Alice")).unwrap();
        user::insert(tx, &some_user(2, "Bob")).unwrap();
    });
}

fn list(db: &Db, before: (i64, &str), limit: i64) -> Vec<SignInRecord> {
    read(db, |read| sign_in_record::list_of_user(read, &store_id(), &uuid(1), before, limit))
        .unwrap()
}

fn all(db: &Db) -> Vec<SignInRecord> {
    list(db, (i64::MAX, ""), 999)
}

fn columns_of_a_sign_in(db: &Db) {
    populate(db);
    let types = [
        CredentialType::Password,
        CredentialType::Totp,
        CredentialType::Webauthn,
        CredentialType::EmailOtp,
        CredentialType::Passkey,
    ];
    let mut written: Vec<SignInRecord> = (1_u32..)
        .zip(types)
        .map(|(number, credential_type)| SignInRecord {
            credential_type,
            source_address: format!("address {number}"),
            user_agent: format!("agent {number}"),
            attempts: i64::from(number) + 10,
            ..some_record(number, i64::from(number) + 100)
        })
        .collect();
    let other = SignInRecord { user_id: uuid(2), ..some_record(9, 200) };
    write(db, |tx| {
        for record in written.iter().chain([&other]) {
            sign_in_record::insert(tx, record).unwrap();
        }
    });
    written.reverse();
    assert_eq!(all(db), written);
    let second = list(db, (104, written[1].id.as_str()), 2);
    assert_eq!(second, written[2..4]);
}

fn a_person_has_so_many_rows_of_each_outcome(db: &Db) {
    populate(db);
    let kept = u32::try_from(KEPT_MAX).unwrap();
    write(db, |tx| {
        for number in 1..=kept + 3 {
            sign_in_record::insert(tx, &some_record(number, i64::from(number))).unwrap();
        }
        for number in 1..=kept + 5 {
            let failed = failure(1000 + number, 500 + i64::from(number));
            sign_in_record::insert(tx, &failed).unwrap();
        }
    });
    let rows = all(db);
    let of = |outcome| rows.iter().filter(|row| row.outcome == outcome).collect::<Vec<_>>();
    let (good, bad) = (of(SignInOutcome::Succeeded), of(SignInOutcome::Failed));
    assert_eq!((good.len(), bad.len()), (50, 50));
    assert_eq!((good[49].at_ms, bad[49].at_ms), (4, 506));
}

fn failures_from_one_address_are_one_row_for_an_hour(db: &Db) {
    populate(db);
    let add = |record: SignInRecord| {
        write(db, |tx| sign_in_record::add_failures(tx, &record)).unwrap();
    };
    add(failure(1, HOUR_MS));
    let later = SignInRecord { user_agent: "other".to_owned(), ..failure(2, 2 * HOUR_MS - 1) };
    add(later.clone());
    assert_eq!(all(db), [SignInRecord { id: uuid(1), attempts: 4, ..later }]);
    let elsewhere =
        SignInRecord { source_address: "192.0.2.2".to_owned(), ..failure(3, 2 * HOUR_MS) };
    let code =
        SignInRecord { credential_type: CredentialType::Totp, ..failure(4, 2 * HOUR_MS + 1) };
    let much_later = failure(5, 3 * HOUR_MS);
    for record in [elsewhere, code, much_later] {
        add(record);
    }
    let attempts: Vec<i64> = all(db).iter().map(|row| row.attempts).collect();
    assert_eq!(attempts, [2, 2, 2, 4]);
    let count = |since_ms| {
        read(db, |read| sign_in_record::count_failures(read, &store_id(), &uuid(1), since_ms))
    };
    assert_eq!([count(0), count(2 * HOUR_MS), count(3 * HOUR_MS)], [Ok(10), Ok(4), Ok(0)]);
    write(db, |tx| sign_in_record::insert(tx, &some_record(6, 4 * HOUR_MS))).unwrap();
    assert_eq!(count(3 * HOUR_MS), Ok(0));
}

fn old_sign_ins_are_swept(db: &Db) {
    populate(db);
    for number in [1, 2, 3] {
        write(db, |tx| sign_in_record::insert(tx, &some_record(number, i64::from(number))))
            .unwrap();
    }
    write(db, |tx| {
        assert_eq!(sign_in_record::sweep(tx, 3, 1), Ok(1));
        assert_eq!(sign_in_record::sweep(tx, 3, 9), Ok(1));
        assert_eq!(sign_in_record::sweep(tx, 3, 9), Ok(0));
    });
    assert_eq!(all(db), [some_record(3, 3)]);
}
