//! Authorization codes.

use model::oauth::AuthorizationCode;
use store::{Db, authorization_code, session};

use crate::harness::{NOW_MS, read, store_id, uuid, write};
use crate::session::populate;

on_both_engines!(
    an_authorization_code_reads_back_as_it_was_written,
    an_authorization_code_is_used_once,
    an_authorization_code_goes_with_its_session,
    authorization_codes_that_ran_out_are_swept,
);

fn some_code() -> AuthorizationCode {
    AuthorizationCode {
        code_hash: [1; 32],
        identity_store_id: store_id(),
        client_session_id: uuid(12),
        client_hash: [9; 32],
        redirect_uri: "http://127.0.0.1:12345/oauth/callback".parse().unwrap(),
        code_challenge: "a".repeat(43).parse().unwrap(),
        scopes: "sso:account:access".parse().unwrap(),
        expires_at_ms: NOW_MS + 1000,
        is_used: false,
    }
}

fn with_code(db: &Db) {
    populate(db);
    write(db, |tx| authorization_code::insert(tx, &some_code())).unwrap();
}

fn an_authorization_code_reads_back_as_it_was_written(db: &Db) {
    with_code(db);
    read(db, |read| {
        assert_eq!(authorization_code::find(read, &[1; 32]), Ok(Some(some_code())));
        assert_eq!(authorization_code::find(read, &[2; 32]), Ok(None));
    });
}

fn an_authorization_code_is_used_once(db: &Db) {
    with_code(db);
    write(db, |tx| assert_eq!(authorization_code::use_up(tx, &[1; 32]), Ok(true)));
    write(db, |tx| assert_eq!(authorization_code::use_up(tx, &[1; 32]), Ok(false)));
    let used = AuthorizationCode { is_used: true, ..some_code() };
    assert_eq!(read(db, |read| authorization_code::find(read, &[1; 32])), Ok(Some(used)));
}

fn an_authorization_code_goes_with_its_session(db: &Db) {
    with_code(db);
    write(db, |tx| session::end(tx, &store_id(), &uuid(11))).unwrap();
    assert_eq!(read(db, |read| authorization_code::find(read, &[1; 32])), Ok(None));
}

fn authorization_codes_that_ran_out_are_swept(db: &Db) {
    with_code(db);
    write(db, |tx| {
        assert_eq!(authorization_code::sweep(tx, NOW_MS + 1000, 10), Ok(0));
        assert_eq!(authorization_code::sweep(tx, NOW_MS + 1001, 10), Ok(1));
    });
}
