//! Targets that audit events are forwarded to.

use store::forward::{self, Backlog, Forward, Hold};
use store::{Db, digest};

use crate::audit::seal;
use crate::harness::{read, write};

on_both_engines!(
    a_target_reads_back,
    a_target_is_held_by_one_server_until_its_hold_ends,
    a_backlog_is_counted_in_digests_and_events,
);

const HOLD: Hold<'_> = Hold { holder: "one", until_ms: 1000, stale_before_ms: 900 };

fn find(db: &Db) -> Option<Forward> {
    read(db, |read| forward::find(read, "file:/a")).unwrap()
}

fn a_target_reads_back(db: &Db) {
    assert_eq!(find(db), None);
    assert_eq!(write(db, |tx| forward::hold(tx, "file:/a", HOLD)), Ok(true));
    write(db, |tx| forward::hold(tx, "file:/b", HOLD)).unwrap();
    let held = Forward {
        target: "file:/a".to_owned(),
        digest: 0,
        held_by: "one".to_owned(),
        held_until_ms: 1000,
    };
    assert_eq!(find(db), Some(held.clone()));
    assert_eq!(write(db, |tx| forward::advance(tx, "file:/a", "one", 7)), Ok(true));
    assert_eq!(write(db, |tx| forward::advance(tx, "file:/a", "other", 8)), Ok(false));
    assert_eq!(find(db), Some(Forward { digest: 7, ..held.clone() }));
    write(db, |tx| forward::let_go(tx, "file:/a", "other")).unwrap();
    assert_eq!(find(db), Some(Forward { digest: 7, ..held.clone() }));
    write(db, |tx| forward::let_go(tx, "file:/a", "one")).unwrap();
    assert_eq!(find(db), Some(Forward { digest: 7, held_until_ms: 0, ..held }));
}

fn a_target_is_held_by_one_server_until_its_hold_ends(db: &Db) {
    let hold = |hold: Hold<'_>| write(db, |tx| forward::hold(tx, "file:/a", hold)).unwrap();
    assert!(hold(HOLD));
    assert!(hold(Hold { until_ms: 1100, ..HOLD }));
    let other = Hold { holder: "other", until_ms: 1200, stale_before_ms: 1100 };
    assert!(!hold(other));
    write(db, |tx| forward::advance(tx, "file:/a", "one", 3)).unwrap();
    assert!(hold(Hold { stale_before_ms: 1101, ..other }));
    assert!(!hold(HOLD));
    // It goes on where the other one stopped.
    assert_eq!(find(db).map(|found| (found.digest, found.held_until_ms)), Some((3, 1200)));
}

fn a_backlog_is_counted_in_digests_and_events(db: &Db) {
    let backlog =
        |behind, until, limit| read(db, |it| forward::backlog(it, behind, until, limit)).unwrap();
    assert_eq!(backlog(0, i64::MAX, 9), Backlog::default());
    for _ in 0..3 {
        write(db, |_| ());
        seal(db).unwrap();
    }
    let digests = read(db, |it| digest::list(it, 0, 9)).unwrap();
    let digests: Vec<_> = digests.into_iter().map(Result::unwrap).collect();
    let of = |range: std::ops::Range<usize>| Backlog {
        events: digests[range.clone()].iter().map(|digest| digest.event_count).sum(),
        oldest_ms: digests[range].iter().map(|digest| digest.sealed_at_ms).min(),
    };
    assert_eq!(backlog(0, i64::MAX, 9), of(0..3));
    assert_eq!(backlog(1, i64::MAX, 9), of(1..3));
    assert_eq!((backlog(0, 2, 9), backlog(0, i64::MAX, 1)), (of(0..2), of(0..1)));
    assert_eq!(backlog(3, i64::MAX, 9), Backlog::default());
}
