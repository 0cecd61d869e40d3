//! Trusted browsers, and codes in place of a second factor.

use model::password::PasswordKind;
use model::source_network::SourceNetwork;
use model::user::UserStatus;
use store::sign_in_code::{self, SignInCode};
use store::trusted_browser::{self, TRUSTED_MAX, TrustedBrowser};
use store::{Db, user, user_password};

use crate::harness::{NOW_MS, read, store_id, uuid, write, write_at};
use crate::user::some_user;
use crate::user_password::hash;

on_both_engines!(
    a_browser_is_trusted_by_its_secret_in_its_network_for_its_time,
    a_person_has_so_many_browsers,
    no_browser_is_trusted_after_a_new_password_or_for_a_disabled_person,
    browsers_and_codes_are_swept,
    a_code_is_used_once_and_only_the_last_one_is_good,
);

fn some_browser(number: u8) -> TrustedBrowser {
    TrustedBrowser {
        identity_store_id: store_id(),
        user_id: uuid(1),
        secret_hash: [number; 32],
        network: SourceNetwork::of("192.0.2.1"),
        expires_at_ms: NOW_MS + 100,
    }
}

fn populate(db: &Db) {
    write(db, |tx| user::insert(tx, &some_user(1, "Alice"))).unwrap();
}

fn trust(db: &Db, number: u8) {
    write(db, |tx| trusted_browser::insert(tx, &some_browser(number))).unwrap();
}

fn is_trusted(db: &Db, browser: &TrustedBrowser, times_ms: (i64, i64)) -> bool {
    read(db, |read| trusted_browser::is_trusted(read, browser, times_ms)).unwrap()
}

fn is_trusted_now(db: &Db, number: u8) -> bool {
    is_trusted(db, &some_browser(number), (NOW_MS, 0))
}

fn a_browser_is_trusted_by_its_secret_in_its_network_for_its_time(db: &Db) {
    populate(db);
    trust(db, 1);
    let browser = some_browser(1);
    assert!(is_trusted(db, &browser, (NOW_MS + 99, NOW_MS)));
    assert!(!is_trusted(db, &browser, (NOW_MS + 100, NOW_MS)));
    assert!(!is_trusted(db, &browser, (NOW_MS, NOW_MS + 1)));
    let moved = TrustedBrowser { network: SourceNetwork::of("192.0.3.1"), ..browser.clone() };
    let others = TrustedBrowser { user_id: uuid(2), ..browser };
    assert!(![some_browser(2), moved, others].iter().any(|it| is_trusted(db, it, (NOW_MS, 0))));
    write_at(db, NOW_MS + 5, |tx| {
        trusted_browser::note_use(tx, &store_id(), &uuid(1), &[1; 32]).unwrap();
    });
    assert!(is_trusted(db, &some_browser(1), (NOW_MS, NOW_MS + 5)));
}

fn a_person_has_so_many_browsers(db: &Db) {
    populate(db);
    let many = u8::try_from(TRUSTED_MAX).unwrap() + 1;
    for number in 0..many {
        write_at(db, NOW_MS + i64::from(number), |tx| {
            trusted_browser::insert(tx, &some_browser(number)).unwrap();
        });
    }
    let trusted: Vec<u8> = (0..many).filter(|number| is_trusted_now(db, *number)).collect();
    assert_eq!(trusted, (1..many).collect::<Vec<_>>());
}

fn no_browser_is_trusted_after_a_new_password_or_for_a_disabled_person(db: &Db) {
    populate(db);
    trust(db, 1);
    let kind = PasswordKind::OneTime { expires_at_ms: NOW_MS, voucher: None };
    write(db, |tx| user_password::replace(tx, &store_id(), &uuid(1), &hash(1), &kind)).unwrap();
    assert!(!is_trusted_now(db, 1));
    trust(db, 2);
    for status in [UserStatus::Disabled, UserStatus::Enabled] {
        write(db, |tx| user::set_status(tx, &store_id(), &uuid(1), status)).unwrap();
        assert!(!is_trusted_now(db, 2));
    }
}

fn browsers_and_codes_are_swept(db: &Db) {
    populate(db);
    trust(db, 1);
    let code = SignInCode { code_mac: [3; 32], expires_at_ms: NOW_MS + 100 };
    write(db, |tx| sign_in_code::put(tx, &store_id(), &uuid(1), &code)).unwrap();
    for (before_ms, swept) in [(NOW_MS + 100, 0), (NOW_MS + 101, 1)] {
        write(db, |tx| {
            assert_eq!(trusted_browser::sweep(tx, before_ms, 9), Ok(swept));
            assert_eq!(sign_in_code::sweep(tx, before_ms, 9), Ok(swept));
        });
    }
}

fn a_code_is_used_once_and_only_the_last_one_is_good(db: &Db) {
    populate(db);
    let code = |number: u8| SignInCode {
        code_mac: [number; 32],
        expires_at_ms: NOW_MS + i64::from(number),
    };
    for number in [1, 2] {
        let put =
            |tx: &mut store::Tx<'_>| sign_in_code::put(tx, &store_id(), &uuid(1), &code(number));
        write(db, put).unwrap();
        let found = read(db, |read| sign_in_code::find(read, &store_id(), &uuid(1)));
        assert_eq!(found, Ok(Some(code(number))));
    }
    let spend = |number| {
        write(db, |tx| sign_in_code::spend(tx, &store_id(), &uuid(1), &code(number))).unwrap()
    };
    assert_eq!([spend(1), spend(2), spend(2)], [false, true, false]);
}
