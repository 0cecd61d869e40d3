//! Sessions of clients, and the rotation of their refresh tokens.

use model::ids::UserId;
use model::oauth::Rotation;
use model::session::Session;
use model::session_settings::SessionSettings;
use model::user::UserStatus;
use store::{Db, Read, client_session, session, setting, user};

use crate::harness::{NOW_MS, instance_id, read, store_id, uuid, write};
use crate::session::{HOUR_MS, client, populate};

on_both_engines!(
    a_session_is_found_with_its_rotation_until_it_runs_out,
    a_session_of_a_person_who_is_disabled_is_not_found,
    a_rotation_replaces_the_one_it_follows_and_no_other,
    a_session_that_ended_does_not_rotate,
    a_session_without_use_is_not_found_unless_its_portal_session_was_used,
);

fn find(db: &Db, number: u32, now_ms: i64) -> Option<(Session, Rotation)> {
    let find =
        |read: &mut Read<'_>| client_session::find_live(read, &store_id(), &uuid(number), now_ms);
    read(db, find).unwrap().map(|live| (live.session, live.rotation))
}

fn rotation(generation: i64) -> Rotation {
    Rotation { generation, exchanged_at_ms: (0..generation).map(|n| NOW_MS + n).collect() }
}

fn a_session_is_found_with_its_rotation_until_it_runs_out(db: &Db) {
    populate(db);
    let found = find(db, 12, NOW_MS + HOUR_MS - 1);
    assert_eq!(found, Some((client(12, 1, 11), Rotation::default())));
    assert_eq!(find(db, 12, NOW_MS + HOUR_MS), None);
    assert_eq!(find(db, 99, NOW_MS), None);
}

fn a_session_of_a_person_who_is_disabled_is_not_found(db: &Db) {
    populate(db);
    let user_id: UserId = uuid(1);
    write(db, |tx| user::set_status(tx, &store_id(), &user_id, UserStatus::Disabled)).unwrap();
    assert_eq!(find(db, 12, NOW_MS), None);
    write(db, |tx| user::set_status(tx, &store_id(), &user_id, UserStatus::Enabled)).unwrap();
    assert_eq!(find(db, 12, NOW_MS), None);
}

fn a_rotation_replaces_the_one_it_follows_and_no_other(db: &Db) {
    populate(db);
    write(db, |tx| {
        for (number, before, generation, is_next) in
            [(12, 0, 1, true), (12, 0, 2, false), (12, 1, 2, true), (13, 1, 2, false)]
        {
            let session = client(number, 1, 11);
            let rotated = client_session::rotate(tx, &session, before, &rotation(generation));
            assert_eq!(rotated, Ok(is_next), "{number} {before}");
        }
    });
    assert_eq!(find(db, 12, NOW_MS), Some((client(12, 1, 11), rotation(2))));
    assert_eq!(find(db, 13, NOW_MS), Some((client(13, 1, 11), rotation(0))));
}

fn a_session_that_ended_does_not_rotate(db: &Db) {
    populate(db);
    write(db, |tx| session::end(tx, &store_id(), &uuid(11))).unwrap();
    assert_eq!(find(db, 12, NOW_MS), None);
    let rotated = write(db, |tx| client_session::rotate(tx, &client(12, 1, 11), 0, &rotation(1)));
    assert_eq!(rotated, Ok(false));
}

fn a_session_without_use_is_not_found_unless_its_portal_session_was_used(db: &Db) {
    populate(db);
    let settings = SessionSettings { inactivity_minutes: Some(5), ..SessionSettings::default() };
    write(db, |tx| setting::put(tx, &instance_id(), &settings)).unwrap();
    let late_ms = NOW_MS + 5 * 60_000;
    assert!(find(db, 12, late_ms - 1).is_some());
    assert_eq!(find(db, 12, late_ms), None);
    write(db, |tx| session::note_use(tx, &store_id(), &uuid(11), NOW_MS + 1)).unwrap();
    assert!(find(db, 12, late_ms).is_some());
    assert_eq!(find(db, 12, late_ms + 1), None);
    write(db, |tx| session::note_use(tx, &store_id(), &uuid(12), NOW_MS + 2)).unwrap();
    assert!(find(db, 12, late_ms + 1).is_some());
}
