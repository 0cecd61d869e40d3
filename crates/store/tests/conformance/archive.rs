//! Files of the audit archive, and the rows that go when they are written.

use std::collections::BTreeMap;

use store::archive::{self, ArchiveFile, ArchiveState, Beginning, Claim};
use store::{Db, digest};

use crate::audit::{log, seal};
use crate::harness::{read, write};

on_both_engines!(
    a_file_reads_back_at_each_step,
    a_claim_is_of_one_server_until_it_is_stale,
    a_file_is_found_by_its_digests,
    rows_go_by_their_names,
    the_beginning_is_one_row,
);

fn file(first_digest: i64, last_digest: i64) -> ArchiveFile {
    ArchiveFile {
        first_digest,
        last_digest,
        name: format!("2027/01/{first_digest}-{last_digest}.jsonl.zst"),
        state: ArchiveState::Moved,
        event_count: 3,
        lowest_id: "lowest".to_owned(),
        highest_id: "highest".to_owned(),
        sealed_at_ms: 4,
    }
}

const CLAIM: Claim<'_> = Claim { holder: "one", now_ms: 1000, stale_before_ms: 900 };

fn a_file_reads_back_at_each_step(db: &Db) {
    let writing = ArchiveFile { state: ArchiveState::Writing, ..file(1, 2) };
    assert_eq!(write(db, |tx| archive::insert(tx, &writing, CLAIM)), Ok(true));
    assert_eq!(write(db, |tx| archive::insert(tx, &file(1, 9), CLAIM)), Ok(false));
    assert_eq!(read(db, archive::find_newest), Ok(Some(writing)));
    let changed = ArchiveFile { event_count: 33, sealed_at_ms: 44, ..file(1, 22) };
    for (before, is_done) in [(ArchiveState::Moving, false), (ArchiveState::Writing, true)] {
        assert_eq!(write(db, |tx| archive::update(tx, before, &changed)), Ok(is_done));
    }
    assert_eq!(read(db, archive::find_newest), Ok(Some(changed)));
    for state in [ArchiveState::Left, ArchiveState::Removing, ArchiveState::Moving] {
        let before = read(db, archive::find_newest).unwrap().unwrap();
        let after = ArchiveFile { state, ..before.clone() };
        assert_eq!(write(db, |tx| archive::update(tx, before.state, &after)), Ok(true));
        assert_eq!(read(db, archive::find_newest), Ok(Some(after)));
    }
    write(db, |tx| archive::delete(tx, 1)).unwrap();
    assert_eq!(read(db, archive::find_newest), Ok(None));
}

fn a_claim_is_of_one_server_until_it_is_stale(db: &Db) {
    write(db, |tx| archive::insert(tx, &file(1, 2), CLAIM)).unwrap();
    let claim = |claim: Claim<'_>| write(db, |tx| archive::claim(tx, 1, claim)).unwrap();
    assert!(claim(Claim { now_ms: 1100, ..CLAIM }));
    assert!(!claim(Claim { holder: "other", now_ms: 1200, stale_before_ms: 1100 }));
    assert!(claim(Claim { holder: "other", now_ms: 1300, stale_before_ms: 1101 }));
    assert!(!claim(Claim { now_ms: 1400, ..CLAIM }));
    assert_eq!(write(db, |tx| archive::claim(tx, 2, CLAIM)), Ok(false));
}

fn a_file_is_found_by_its_digests(db: &Db) {
    write(db, |tx| {
        for (first, last) in [(1, 4), (5, 5), (8, 9)] {
            archive::insert(tx, &file(first, last), CLAIM).unwrap();
        }
    });
    let found = |number| read(db, |read| archive::find_of_digest(read, number)).unwrap();
    for (number, first) in
        [(0, None), (1, Some(1)), (4, Some(1)), (5, Some(5)), (6, None), (9, Some(8))]
    {
        assert_eq!(found(number).map(|file| file.first_digest), first, "{number}");
    }
    let list = |after, limit| read(db, |read| archive::list(read, after, limit)).unwrap();
    assert_eq!(list(0, 2), [file(1, 4), file(5, 5)]);
    assert_eq!((list(5, 9), list(8, 9)), (vec![file(8, 9)], vec![]));
}

fn rows_go_by_their_names(db: &Db) {
    for _ in 0..3 {
        write(db, |_| ());
        seal(db).unwrap();
    }
    let before = log(db);
    let of = |number: i64| before.iter().filter(move |event| event.digest == number);
    let first = of(1).next().unwrap().id.clone();
    write(db, |tx| {
        archive::delete_event(tx, &first, 2).unwrap();
        archive::delete_event(tx, "other", 1).unwrap();
    });
    let is_there = |id: &str| log(db).iter().any(|event| event.id == id);
    assert!(is_there(&first));
    write(db, |tx| archive::delete_event(tx, &first, 1)).unwrap();
    assert!(!is_there(&first));
    let rest = (of(1).count() - 1 + of(2).count()) as u64;
    assert_eq!(write(db, |tx| archive::delete_events(tx, 2, 1)), Ok(1));
    assert_eq!(write(db, |tx| archive::delete_events(tx, 2, 100)), Ok(rest - 1));
    assert_eq!(write(db, |tx| archive::delete_events(tx, 2, 100)), Ok(0));
    assert_eq!(write(db, |tx| archive::delete_digests(tx, 2, 1)), Ok(1));
    assert_eq!(write(db, |tx| archive::delete_digests(tx, 2, 9)), Ok(1));
    read(db, |read| {
        assert_eq!(digest::find(read, 2), Ok(None));
        assert_eq!(digest::find(read, 3).unwrap().unwrap().unwrap().number, 3);
        assert_eq!(digest::find_before(read, 3), Ok(None));
        assert_eq!(digest::find_before(read, 4).unwrap().unwrap().number, 3);
    });
    assert!(of(3).all(|event| is_there(&event.id)));
}

fn the_beginning_is_one_row(db: &Db) {
    assert_eq!(read(db, archive::find_beginning), Ok(None));
    let one = Beginning {
        number: 7,
        hash: [8; 32],
        highest_id: "highest".to_owned(),
        lanes: BTreeMap::from([("a".to_owned(), 9), ("b".to_owned(), 10)]),
        signature: [11; 64],
    };
    write(db, |tx| archive::put_beginning(tx, &one)).unwrap();
    assert_eq!(read(db, archive::find_beginning), Ok(Some(one.clone())));
    let other = Beginning { number: 12, ..one.clone() };
    write(db, |tx| archive::put_beginning(tx, &other)).unwrap();
    assert_eq!(read(db, archive::find_beginning), Ok(Some(other.clone())));
    for changed in [
        Beginning { number: 8, ..one.clone() },
        Beginning { hash: [9; 32], ..one.clone() },
        Beginning { highest_id: "higher".to_owned(), ..one.clone() },
        Beginning { lanes: BTreeMap::from([("a".to_owned(), 9)]), ..one.clone() },
    ] {
        assert_ne!(changed.bytes(), one.bytes());
    }
}
