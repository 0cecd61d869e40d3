//! Sessions.

use model::ids::{SessionId, UserId};
use model::session::{Session, SessionKind};
use model::user::UserStatus;
use store::{Db, client_session, session, user};

use crate::harness::{NOW_MS, begin, delete_user, read, store_id, uuid, write, write_at};
use crate::user::some_user;

on_both_engines!(
    a_session_reads_back_as_it_was_written,
    a_cookie_finds_its_session_until_that_runs_out,
    sessions_of_a_person_are_listed_in_pages_while_they_live,
    a_session_ends_with_its_clients_and_no_other,
    all_sessions_of_a_person_end_together,
    a_client_session_ends_alone,
    sessions_go_with_their_user,
    a_disabled_user_has_no_sessions_when_enabled_again,
    ending_a_session_changes_authority,
    all_sessions_of_a_user_end_whatever_their_number,
    a_session_ends_with_its_clients_whatever_their_number,
    a_use_is_noted_and_never_taken_back,
    the_others_of_a_person_end_and_the_cookie_is_replaced,
    sweeping_forgets_the_oldest_first_and_no_more_than_asked,
);

pub const HOUR_MS: i64 = 3_600_000;

pub fn portal(number: u32, user: u32) -> Session {
    Session {
        identity_store_id: store_id(),
        id: uuid(number),
        user_id: uuid(user),
        kind: SessionKind::Portal,
        source_address: "192.0.2.1".to_owned(),
        user_agent: "Browser/1.0".to_owned(),
        created_at_ms: NOW_MS,
        expires_at_ms: NOW_MS + HOUR_MS,
        used_at_ms: NOW_MS,
        proved_at_ms: NOW_MS,
        whole_proof_at_ms: NOW_MS,
    }
}

pub fn client(number: u32, user: u32, parent: u32) -> Session {
    let client_name = "botocore-client-test".parse().unwrap();
    Session {
        kind: SessionKind::Client { parent_id: uuid(parent), client_name },
        ..portal(number, user)
    }
}

/// Users 1 and 2; user 1 has the portal session 11 with the client sessions 12 and 13, and the portal
/// session 14; user 2 has the portal session 21.
pub fn populate(db: &Db) {
    write(db, |tx| {
        for number in 1..=2 {
            user::insert(tx, &some_user(number, &format!("user-{number}"))).unwrap();
        }
        session::insert(tx, &portal(11, 1), Some(&[11; 32])).unwrap();
        session::insert(tx, &client(12, 1, 11), None).unwrap();
        session::insert(tx, &client(13, 1, 11), None).unwrap();
        session::insert(tx, &portal(14, 1), Some(&[14; 32])).unwrap();
        session::insert(tx, &portal(21, 2), Some(&[21; 32])).unwrap();
    });
}

/// Numbers of the existing sessions.
fn left(db: &Db) -> Vec<u32> {
    let is_there = |number: &u32| {
        let id: SessionId = uuid(*number);
        read(db, |read| session::find(read, &store_id(), &id)).unwrap().is_some()
    };
    [11, 12, 13, 14, 21].into_iter().filter(is_there).collect()
}

fn a_session_reads_back_as_it_was_written(db: &Db) {
    populate(db);
    read(db, |read| {
        for written in [portal(11, 1), client(12, 1, 11)] {
            assert_eq!(session::find(read, &store_id(), &written.id), Ok(Some(written)));
        }
        assert_eq!(session::find(read, &store_id(), &uuid(99)), Ok(None));
        let elsewhere = "d-9999999999".parse().unwrap();
        assert_eq!(session::find(read, &elsewhere, &uuid(11)), Ok(None));
    });
}

fn a_cookie_finds_its_session_until_that_runs_out(db: &Db) {
    populate(db);
    read(db, |read| {
        let last_ms = NOW_MS + HOUR_MS - 1;
        let found = session::find_by_token(read, &[11; 32], last_ms);
        assert_eq!(found, Ok(Some(portal(11, 1))));
        assert_eq!(session::find_by_token(read, &[11; 32], last_ms + 1), Ok(None));
        assert_eq!(session::find_by_token(read, &[12; 32], NOW_MS), Ok(None));
    });
}

fn sessions_of_a_person_are_listed_in_pages_while_they_live(db: &Db) {
    populate(db);
    let list = |now_ms, after: &str, limit| {
        let user: UserId = uuid(1);
        let listed = read(db, |read| {
            session::list_of_user(read, &store_id(), &user, now_ms, after, limit).unwrap()
        });
        listed.into_iter().map(|session| session.id).collect::<Vec<SessionId>>()
    };
    assert_eq!(list(NOW_MS, "", 3), [uuid(11), uuid(12), uuid(13)]);
    let after: SessionId = uuid(13);
    assert_eq!(list(NOW_MS, after.as_str(), 3), [uuid(14)]);
    assert_eq!(list(NOW_MS + HOUR_MS, "", 3), []);
}

fn a_session_ends_with_its_clients_and_no_other(db: &Db) {
    populate(db);
    write(db, |tx| {
        assert_eq!(session::end(tx, &store_id(), &uuid(11)), Ok(true));
        assert_eq!(session::end(tx, &store_id(), &uuid(11)), Ok(false));
    });
    assert_eq!(left(db), [14, 21]);
}

fn all_sessions_of_a_person_end_together(db: &Db) {
    populate(db);
    write(db, |tx| {
        assert_eq!(session::end_all_of_user(tx, &store_id(), &uuid(1)), Ok(4));
        assert_eq!(session::end_all_of_user(tx, &store_id(), &uuid(1)), Ok(0));
    });
    assert_eq!(left(db), [21]);
}

fn a_client_session_ends_alone(db: &Db) {
    populate(db);
    write(db, |tx| assert_eq!(session::end(tx, &store_id(), &uuid(12)), Ok(true)));
    assert_eq!(left(db), [11, 13, 14, 21]);
}

fn sessions_go_with_their_user(db: &Db) {
    populate(db);
    delete_user(db, 1);
    assert_eq!(left(db), [21]);
}

fn a_disabled_user_has_no_sessions_when_enabled_again(db: &Db) {
    populate(db);
    for status in [UserStatus::Disabled, UserStatus::Enabled] {
        write(db, |tx| user::set_status(tx, &store_id(), &uuid(1), status)).unwrap();
        assert_eq!(left(db), [21]);
    }
}

fn ending_a_session_changes_authority(db: &Db) {
    populate(db);
    let before = db.signals().authority();
    let mut tx = begin(db);
    session::end(&mut tx, &store_id(), &uuid(12)).unwrap();
    drop(tx);
    assert_eq!(db.signals().authority(), before);
    write(db, |tx| session::end(tx, &store_id(), &uuid(12))).unwrap();
    assert_ne!(db.signals().authority(), before);
    let before = db.signals().authority();
    write(db, |tx| session::end_all_of_user(tx, &store_id(), &uuid(1))).unwrap();
    assert_ne!(db.signals().authority(), before);
}

fn sweeping_forgets_the_oldest_first_and_no_more_than_asked(db: &Db) {
    write(db, |tx| {
        user::insert(tx, &some_user(1, "user-1")).unwrap();
        for (number, expires_at_ms) in [(11, 300), (12, 100), (13, 200), (14, 400)] {
            let session = Session { expires_at_ms, ..portal(number, 1) };
            session::insert(tx, &session, None).unwrap();
        }
    });
    write(db, |tx| assert_eq!(session::sweep(tx, 400, 2), Ok(2)));
    assert_eq!(left(db), [11, 14]);
    write(db, |tx| {
        assert_eq!(session::sweep(tx, 400, 2), Ok(1));
        assert_eq!(session::sweep(tx, 400, 2), Ok(0));
    });
    assert_eq!(left(db), [14]);
}

fn all_sessions_of_a_user_end_whatever_their_number(db: &Db) {
    populate(db);
    write(db, |tx| {
        for number in 100..260 {
            session::insert(tx, &client(number, 1, 11), None).unwrap();
        }
    });
    let live = || {
        let list = |user| {
            read(db, |read| {
                session::list_of_user(read, &store_id(), &uuid(user), NOW_MS, "", 999).unwrap()
            })
        };
        [list(1).len(), list(2).len()]
    };
    assert_eq!(live(), [164, 1]);
    let found = |number| read(db, |read| session::find(read, &store_id(), &uuid(number)).unwrap());
    assert!(found(259).is_some());
    write(db, |tx| assert_eq!(session::end_all_of_user(tx, &store_id(), &uuid(1)), Ok(164)));
    assert_eq!(live(), [0, 1]);
    assert_eq!((found(11), found(259)), (None, None));
    let by_token = read(db, |read| session::find_by_token(read, &[11; 32], NOW_MS).unwrap());
    assert_eq!(by_token, None);
    // The next one is good.
    write(db, |tx| session::insert(tx, &portal(31, 1), Some(&[31; 32]))).unwrap();
    assert_eq!(live(), [1, 1]);
    // What is left goes when it would have expired.
    write(db, |tx| {
        let after_ms = NOW_MS + HOUR_MS + 1;
        assert_eq!(session::sweep(tx, after_ms, 999), Ok(166 - 50));
    });
}

fn a_session_ends_with_its_clients_whatever_their_number(db: &Db) {
    populate(db);
    write(db, |tx| {
        for number in 100..260 {
            session::insert(tx, &client(number, 1, 11), None).unwrap();
        }
        assert_eq!(session::end(tx, &store_id(), &uuid(11)), Ok(true));
    });
    read(db, |read| {
        let left = session::list_of_user(read, &store_id(), &uuid(1), NOW_MS, "", 999).unwrap();
        assert_eq!(left, [portal(14, 1)]);
        for number in [12, 13, 100, 259] {
            let found = client_session::find_live(read, &store_id(), &uuid(number), NOW_MS);
            assert_eq!(found, Ok(None));
            assert_eq!(session::find(read, &store_id(), &uuid(number)), Ok(None));
        }
    });
}

fn a_use_is_noted_and_never_taken_back(db: &Db) {
    populate(db);
    let state = || {
        let found = read(db, |read| session::find(read, &store_id(), &uuid(11)).unwrap().unwrap());
        [found.used_at_ms, found.proved_at_ms, found.whole_proof_at_ms].map(|it| it - NOW_MS)
    };
    assert_eq!(state(), [0, 0, 0]);
    for (at_ms, noted) in [(50, 50), (40, 50), (60, 60)] {
        let id = &uuid(11);
        write(db, |tx| session::note_use(tx, &store_id(), id, NOW_MS + at_ms)).unwrap();
        assert_eq!(state(), [noted, 0, 0]);
    }
    write_at(db, NOW_MS + 70, |tx| session::note_proof(tx, &store_id(), &uuid(11))).unwrap();
    assert_eq!(state(), [60, 70, 0]);
    let whole = |tx: &mut store::Tx<'_>| session::note_whole_proof(tx, &store_id(), &uuid(11));
    write_at(db, NOW_MS + 80, whole).unwrap();
    assert_eq!(state(), [60, 80, 80]);
}

fn the_others_of_a_person_end_and_the_cookie_is_replaced(db: &Db) {
    populate(db);
    write(db, |tx| {
        assert_eq!(session::end_others_of_user(tx, &portal(14, 1)), Ok(3));
        session::replace_token(tx, &portal(14, 1), &[15; 32]).unwrap();
    });
    let by_token = |token| read(db, |read| session::find_by_token(read, token, NOW_MS).unwrap());
    assert_eq!(by_token(&[15; 32]), Some(portal(14, 1)));
    assert_eq!(by_token(&[21; 32]), Some(portal(21, 2)));
    assert_eq!((by_token(&[14; 32]), by_token(&[11; 32])), (None, None));
    read(db, |read| {
        let left = session::list_of_user(read, &store_id(), &uuid(1), NOW_MS, "", 9).unwrap();
        assert_eq!(left, [portal(14, 1)]);
    });
}
