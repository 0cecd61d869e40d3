//! Requests for one-time passwords.

use model::password::{PasswordResetRequest, RoleHolder, Voucher};
use store::{Db, password_reset_request as requests, user};

use crate::harness::{NOW_MS, account_id, an_instance, delete_user, read, store_id, uuid, write};
use crate::permission_set::some_set;
use crate::user::some_user;

on_both_engines!(
    columns_of_a_request,
    there_is_one_request_for_a_user_and_a_requester,
    only_a_confirmed_request_that_has_not_expired_counts,
    requests_are_listed_by_id,
    requests_go_with_their_user,
    expired_requests_are_swept,
);

const HELPER: &str = "arn:helper";

fn some_request(id: u32) -> PasswordResetRequest {
    PasswordResetRequest {
        identity_store_id: store_id(),
        id: uuid(id),
        user_id: uuid(1),
        requested_by: HELPER.to_owned(),
        created_at_ms: NOW_MS - 1,
        expires_at_ms: NOW_MS + 1,
        confirmed_by: None,
        voucher: None,
    }
}

fn put(db: &Db, request: &PasswordResetRequest) {
    write(db, |tx| requests::put(tx, request)).unwrap();
}

fn populate(db: &Db) {
    write(db, |tx| {
        user::insert(tx, &some_user(1, "Alice")).unwrap();
        user::insert(tx, &some_user(2, "Bob")).unwrap();
    });
}

fn find(db: &Db, id: u32) -> Option<PasswordResetRequest> {
    read(db, |read| requests::find(read, &store_id(), &uuid(id), NOW_MS)).unwrap()
}

fn find_confirmed(db: &Db, requested_by: &str, now_ms: i64) -> Option<PasswordResetRequest> {
    let (store, user) = (store_id(), uuid(1));
    read(db, |read| requests::find_confirmed(read, &store, &user, requested_by, now_ms)).unwrap()
}

/// Voucher whose fields all differ.
pub fn some_voucher() -> Voucher {
    let holder = RoleHolder {
        instance_id: an_instance().id,
        account_id: account_id(5),
        permission_set_id: some_set(6, "Six").id,
        identity_store_id: store_id(),
        user_id: uuid(7),
        session_id: uuid(8),
        session_name: "session-name".to_owned(),
    };
    Voucher { holder: Some(Box::new(holder)), confirmed_roles: Some("roles".to_owned()) }
}

fn confirm(db: &Db, id: u32, by: &str) {
    let voucher = some_voucher();
    write(db, |tx| requests::confirm(tx, &store_id(), &uuid(id), by, &voucher)).unwrap();
}

fn columns_of_a_request(db: &Db) {
    populate(db);
    let mut written = some_request(11);
    put(db, &written);
    assert_eq!(find(db, 11), Some(written.clone()));
    confirm(db, 11, "arn:confirmer");
    written.confirmed_by = Some("arn:confirmer".to_owned());
    written.voucher = Some(some_voucher());
    assert_eq!(find(db, 11), Some(written.clone()));
    assert_eq!(find_confirmed(db, HELPER, NOW_MS), Some(written));
}

fn there_is_one_request_for_a_user_and_a_requester(db: &Db) {
    populate(db);
    put(db, &some_request(11));
    confirm(db, 11, "arn:confirmer");
    put(db, &PasswordResetRequest { requested_by: "arn:other".to_owned(), ..some_request(12) });
    put(db, &PasswordResetRequest { user_id: uuid(2), ..some_request(13) });
    put(db, &some_request(14));
    let found = [11, 12, 13, 14].map(|id| find(db, id).is_some());
    assert_eq!(found, [false, true, true, true]);
    // The later request has no confirmation.
    assert_eq!(find_confirmed(db, HELPER, NOW_MS), None);
    assert_eq!(find(db, 14), Some(some_request(14)));
}

fn only_a_confirmed_request_that_has_not_expired_counts(db: &Db) {
    populate(db);
    put(db, &some_request(11));
    assert_eq!(find_confirmed(db, HELPER, NOW_MS), None);
    confirm(db, 11, "arn:first");
    confirm(db, 11, "arn:second");
    let confirmed = find_confirmed(db, HELPER, NOW_MS).unwrap();
    assert_eq!(confirmed.confirmed_by.as_deref(), Some("arn:second"));
    assert_eq!(find_confirmed(db, "arn:other", NOW_MS), None);
    assert_eq!(find_confirmed(db, HELPER, NOW_MS + 1), None);
    let late = read(db, |read| requests::find(read, &store_id(), &uuid(11), NOW_MS + 1));
    assert_eq!(late, Ok(None));
    let delete = || write(db, |tx| requests::delete(tx, &store_id(), &uuid(11)));
    assert_eq!([delete(), delete()], [Ok(true), Ok(false)]);
    assert_eq!(find_confirmed(db, HELPER, NOW_MS), None);
}

fn requests_are_listed_by_id(db: &Db) {
    populate(db);
    for id in [13, 11, 12] {
        put(db, &PasswordResetRequest { requested_by: format!("arn:{id}"), ..some_request(id) });
    }
    let list = |now_ms, after: &str, limit| -> Vec<u32> {
        let listed = read(db, |read| requests::list(read, &store_id(), now_ms, after, limit));
        let number = |id: &str| u32::from_str_radix(id.rsplit('-').next().unwrap(), 16).unwrap();
        listed.unwrap().iter().map(|request| number(request.id.as_str())).collect()
    };
    assert_eq!(list(NOW_MS, "", 9), [11, 12, 13]);
    assert_eq!(list(NOW_MS, some_request(11).id.as_str(), 1), [12]);
    assert!(list(NOW_MS + 1, "", 9).is_empty());
}

fn requests_go_with_their_user(db: &Db) {
    populate(db);
    put(db, &some_request(11));
    delete_user(db, 1);
    assert_eq!(find(db, 11), None);
}

fn expired_requests_are_swept(db: &Db) {
    populate(db);
    put(db, &some_request(11));
    let sweep = |before_ms| write(db, |tx| requests::sweep(tx, before_ms, 9));
    assert_eq!([sweep(NOW_MS + 1), sweep(NOW_MS + 2), sweep(NOW_MS + 2)], [Ok(0), Ok(1), Ok(0)]);
}
