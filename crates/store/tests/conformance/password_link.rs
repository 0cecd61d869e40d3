//! Links that let a person set a password.

use model::password::{Guarantor, LinkPurpose, PasswordKind, PasswordLink, StoredHash};
use store::{Db, password_link as links, user, user_password};

use crate::harness::{NOW_MS, delete_user, read, store_id, uuid, write};
use crate::password_reset_request::some_voucher;
use crate::user::some_user;

on_both_engines!(
    columns_of_a_link,
    a_later_link_takes_the_place_of_the_former,
    the_reader_of_a_link_answers_for_it,
    links_end_with_the_password_and_the_user,
    a_link_is_ended_by_its_secret,
    expired_links_are_swept,
);

fn some_link(secret: u8, purpose: LinkPurpose) -> PasswordLink {
    PasswordLink {
        identity_store_id: store_id(),
        user_id: uuid(1),
        purpose,
        secret_hash: [secret; 32],
        mailbox: Some("alice@example.com".to_owned()),
        guarantor: Guarantor::Caller(Some(some_voucher())),
        password_revision: Some(7),
        created_at_ms: NOW_MS - 1,
        expires_at_ms: NOW_MS + 1,
    }
}

fn invitation(secret: u8) -> PasswordLink {
    some_link(secret, LinkPurpose::Invitation)
}

fn populate(db: &Db, links: &[PasswordLink]) {
    write(db, |tx| {
        user::insert(tx, &some_user(1, "Alice")).unwrap();
        user::insert(tx, &some_user(2, "Bob")).unwrap();
    });
    put(db, links);
}

fn put(db: &Db, links: &[PasswordLink]) {
    write(db, |tx| links.iter().for_each(|link| links::put(tx, link).unwrap()));
}

fn find(db: &Db, secret: u8, now_ms: i64) -> Option<PasswordLink> {
    read(db, |read| links::find(read, &[secret; 32], now_ms)).unwrap()
}

fn is_there(db: &Db, secrets: &[u8]) -> Vec<bool> {
    secrets.iter().map(|secret| find(db, *secret, NOW_MS).is_some()).collect()
}

fn columns_of_a_link(db: &Db) {
    populate(db, &[]);
    let of_person = PasswordLink {
        user_id: uuid(2),
        mailbox: None,
        guarantor: Guarantor::Person,
        ..some_link(2, LinkPurpose::PasswordReset)
    };
    let of_unknown = PasswordLink {
        guarantor: Guarantor::Caller(None),
        password_revision: None,
        ..some_link(3, LinkPurpose::PasswordReset)
    };
    for link in [invitation(1), of_person, of_unknown] {
        put(db, std::slice::from_ref(&link));
        assert_eq!(find(db, link.secret_hash[0], NOW_MS), Some(link.clone()));
        let (user, purpose) = (link.user_id.clone(), link.purpose);
        let of_user = |now_ms| {
            read(db, |read| links::find_of_user(read, &store_id(), &user, purpose, now_ms))
        };
        assert_eq!((of_user(NOW_MS), of_user(NOW_MS + 1)), (Ok(Some(link)), Ok(None)));
    }
    assert_eq!(find(db, 1, NOW_MS + 1), None);
}

fn a_later_link_takes_the_place_of_the_former(db: &Db) {
    populate(db, &[invitation(1), invitation(2), some_link(3, LinkPurpose::PasswordReset)]);
    put(db, &[PasswordLink { user_id: uuid(2), ..invitation(4) }]);
    assert_eq!(is_there(db, &[1, 2, 3, 4]), [false, true, true, true]);
}

fn the_reader_of_a_link_answers_for_it(db: &Db) {
    let written = PasswordLink { guarantor: Guarantor::Person, ..invitation(1) };
    populate(db, std::slice::from_ref(&written));
    write(db, |tx| {
        links::revouch(tx, &store_id(), &uuid(1), LinkPurpose::Invitation, &some_voucher())
    })
    .unwrap();
    let expected = PasswordLink {
        mailbox: None,
        guarantor: Guarantor::Caller(Some(some_voucher())),
        ..written
    };
    assert_eq!(find(db, 1, NOW_MS), Some(expected));
}

fn links_end_with_the_password_and_the_user(db: &Db) {
    populate(db, &[invitation(1), some_link(2, LinkPurpose::PasswordReset)]);
    put(db, &[PasswordLink { user_id: uuid(2), ..invitation(3) }]);
    let cost = model::password::HashCost { memory_kib: 64, passes: 1, lanes: 1 };
    let hash = StoredHash { cost, salt: [1; 16], hash: vec![2; 73] };
    write(db, |tx| user_password::replace(tx, &store_id(), &uuid(1), &hash, &PasswordKind::Chosen))
        .unwrap();
    assert_eq!(is_there(db, &[1, 2, 3]), [false, false, true]);
    delete_user(db, 2);
    assert_eq!(is_there(db, &[3]), [false]);
}

fn a_link_is_ended_by_its_secret(db: &Db) {
    populate(db, &[invitation(1), some_link(2, LinkPurpose::PasswordReset)]);
    for _ in 0..2 {
        write(db, |tx| links::delete(tx, &[1; 32])).unwrap();
        assert_eq!(is_there(db, &[1, 2]), [false, true]);
    }
}

fn expired_links_are_swept(db: &Db) {
    populate(db, &[invitation(1)]);
    let sweep = |before_ms| write(db, |tx| links::sweep(tx, before_ms, 9));
    assert_eq!([sweep(NOW_MS + 1), sweep(NOW_MS + 2), sweep(NOW_MS + 2)], [Ok(0), Ok(1), Ok(0)]);
}
