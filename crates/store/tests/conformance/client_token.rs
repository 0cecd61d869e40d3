//! Tokens of client sessions.

use model::oauth::{ClientToken, TokenKind};
use store::{Db, client_token, session};

use crate::harness::{NOW_MS, read, store_id, uuid, write};
use crate::session::{client, populate};

on_both_engines!(
    an_access_token_speaks_for_its_session_until_it_runs_out,
    a_refresh_token_is_no_access_token_nor_the_other_way_round,
    a_refresh_token_is_used_once,
    tokens_end_with_their_session_and_with_its_portal_session,
    a_token_belongs_to_a_session_that_is_there,
    tokens_that_ran_out_are_swept,
);

fn access(number: u8, session: u32) -> ClientToken {
    ClientToken {
        token_hash: [number; 32],
        identity_store_id: store_id(),
        session_id: uuid(session),
        kind: TokenKind::Access,
        expires_at_ms: NOW_MS + 1000,
    }
}

fn refresh(number: u8, session: u32) -> ClientToken {
    let scopes = "sso:account:access".parse().unwrap();
    let kind = TokenKind::Refresh { client_hash: [7; 32], scopes, is_used: false };
    ClientToken { kind, ..access(number, session) }
}

fn insert(db: &Db, tokens: &[ClientToken]) {
    write(db, |tx| tokens.iter().for_each(|token| client_token::insert(tx, token).unwrap()));
}

fn an_access_token_speaks_for_its_session_until_it_runs_out(db: &Db) {
    populate(db);
    insert(db, &[access(1, 12)]);
    read(db, |read| {
        let found = client_token::find_access(read, &[1; 32], NOW_MS + 999);
        assert_eq!(found, Ok(Some(client(12, 1, 11))));
        assert_eq!(client_token::find_access(read, &[1; 32], NOW_MS + 1000), Ok(None));
        assert_eq!(client_token::find_access(read, &[2; 32], NOW_MS), Ok(None));
    });
}

fn a_refresh_token_is_no_access_token_nor_the_other_way_round(db: &Db) {
    populate(db);
    insert(db, &[access(1, 12), refresh(2, 12)]);
    read(db, |read| {
        assert_eq!(client_token::find_access(read, &[2; 32], NOW_MS), Ok(None));
        assert_eq!(client_token::find_refresh(read, &[1; 32]), Ok(None));
        assert_eq!(client_token::find_refresh(read, &[2; 32]), Ok(Some(refresh(2, 12))));
        assert_eq!(client_token::count_of_session(read, &store_id(), &uuid(12)), Ok(2));
        assert_eq!(client_token::count_of_session(read, &store_id(), &uuid(13)), Ok(0));
    });
    write(db, |tx| assert_eq!(client_token::use_refresh(tx, &[1; 32]), Ok(false)));
}

fn a_refresh_token_is_used_once(db: &Db) {
    populate(db);
    insert(db, &[refresh(2, 12)]);
    write(db, |tx| assert_eq!(client_token::use_refresh(tx, &[2; 32]), Ok(true)));
    write(db, |tx| assert_eq!(client_token::use_refresh(tx, &[2; 32]), Ok(false)));
    let found = read(db, |read| client_token::find_refresh(read, &[2; 32])).unwrap().unwrap();
    assert!(matches!(found.kind, TokenKind::Refresh { is_used: true, .. }));
}

fn tokens_end_with_their_session_and_with_its_portal_session(db: &Db) {
    populate(db);
    insert(db, &[access(1, 12), access(2, 13), refresh(3, 13)]);
    write(db, |tx| session::end(tx, &store_id(), &uuid(12))).unwrap();
    read(db, |read| {
        assert_eq!(client_token::find_access(read, &[1; 32], NOW_MS), Ok(None));
        assert!(client_token::find_access(read, &[2; 32], NOW_MS).unwrap().is_some());
    });
    write(db, |tx| session::end(tx, &store_id(), &uuid(11))).unwrap();
    read(db, |read| {
        assert_eq!(client_token::find_access(read, &[2; 32], NOW_MS), Ok(None));
        assert_eq!(client_token::find_refresh(read, &[3; 32]), Ok(None));
    });
}

fn a_token_belongs_to_a_session_that_is_there(db: &Db) {
    populate(db);
    let mut tx = crate::harness::begin(db);
    assert!(client_token::insert(&mut tx, &access(1, 99)).is_err());
}

fn tokens_that_ran_out_are_swept(db: &Db) {
    populate(db);
    insert(db, &[access(1, 12), ClientToken { expires_at_ms: NOW_MS, ..access(2, 12) }]);
    write(db, |tx| {
        assert_eq!(client_token::sweep(tx, NOW_MS, 10), Ok(0));
        assert_eq!(client_token::sweep(tx, NOW_MS + 1, 10), Ok(1));
    });
    read(db, |read| {
        assert_eq!(client_token::count_of_session(read, &store_id(), &uuid(12)), Ok(1));
    });
}
