//! Places and MACs of events, and what sealing does with rows that somebody else wrote.

use std::collections::BTreeMap;

use model::{AuditEvent, Fault};
use store::{Db, FoundEvent, SET_ASIDE, Sealed, digest, group};

use crate::audit::{log, seal, sign};
use crate::group::some_group;
use crate::harness::{NOW_MS, RunSql, begin, read, stamp, write};

on_both_engines!(
    every_event_has_its_place_and_its_mac,
    what_was_rolled_back_leaves_no_gap,
    a_batch_that_failed_leaves_no_gap,
);

on_both_engines_with_sql!(
    rows_of_somebody_else_are_set_aside_and_the_others_are_sealed,
    an_event_that_was_changed_before_its_digest_is_not_sealed,
    a_row_that_is_no_event_stops_nothing,
    many_rows_of_somebody_else_delay_the_others_once,
    an_event_without_mac_waits_for_a_node_of_an_earlier_version,
    rows_are_listed_wherever_they_are,
);

/// Makes a row of the first event with other values in some columns.
fn copy(columns: &str) -> String {
    let values = |name: &str, otherwise: &str| {
        let given = columns.split(", ").find_map(|pair| pair.strip_prefix(&format!("{name} = ")));
        given.unwrap_or(otherwise).to_owned()
    };
    let names = [
        "id",
        "at_ms",
        "request_id",
        "account_id",
        "caller_arn",
        "identity",
        "action",
        "resource",
        "source_address",
        "user_agent",
        "error",
        "details",
        "digest",
        "writer",
        "sequence",
        "mac",
    ];
    let selected: Vec<String> = names.iter().map(|name| values(name, name)).collect();
    format!(
        "INSERT INTO audit_event ({}) SELECT {} FROM audit_event
            WHERE id = (SELECT MIN(id) FROM audit_event)",
        names.join(", "),
        selected.join(", ")
    )
}

/// Numbers that are in the log, by lane.
fn numbers(db: &Db) -> BTreeMap<String, Vec<i64>> {
    let mut lanes: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for event in log(db) {
        lanes.entry(event.writer).or_default().push(event.sequence);
    }
    for numbers in lanes.values_mut() {
        numbers.sort_unstable();
    }
    lanes
}

/// Fails if a lane has a gap. Returns the number of lanes.
pub fn assert_no_gap(db: &Db) -> usize {
    let lanes = numbers(db);
    for (writer, numbers) in &lanes {
        let expected: Vec<i64> = (1..).take(numbers.len()).collect();
        assert_eq!(*numbers, expected, "{writer}");
    }
    lanes.len()
}

fn every_event_has_its_place_and_its_mac(db: &Db) {
    for _ in 0..3 {
        write(db, |_| ());
    }
    let log = log(db);
    assert_eq!(log.len(), 4);
    assert!(log.iter().all(|event| db.proves(event)));
    assert_eq!(numbers(db), BTreeMap::from([(log[0].id.clone(), vec![1, 2, 3, 4])]));
}

fn what_was_rolled_back_leaves_no_gap(db: &Db) {
    drop(begin(db));
    write(db, |_| ());
    let mut tx = begin(db);
    group::insert(&mut tx, &some_group(1, "Engineers")).unwrap();
    drop(tx);
    // The id of the second event is taken, so its transaction fails at the last statement.
    let twice = stamp(NOW_MS);
    let commit = |stamp: store::Stamp| {
        let tx = db.begin(crate::harness::permit(), stamp).unwrap();
        tx.commit(&AuditEvent::new())
    };
    commit(twice.clone()).unwrap();
    commit(twice).unwrap_err();
    write(db, |_| ());
    assert_no_gap(db);
    assert_eq!(log(db).len(), 4);
}

fn a_batch_that_failed_leaves_no_gap(db: &Db) {
    let Some(batch) = db.write_batch().unwrap() else { return };
    let commit = |batch: &store::WriteBatch<'_>, keep: bool| -> Result<(), Fault> {
        let tx = batch.begin(crate::harness::permit(), stamp(NOW_MS))?;
        if keep { tx.commit(&AuditEvent::new()) } else { Ok(()) }
    };
    commit(&batch, true).unwrap();
    commit(&batch, false).unwrap();
    commit(&batch, true).unwrap();
    batch.wait().unwrap();
    let batch = db.write_batch().unwrap().unwrap();
    commit(&batch, true).unwrap();
    // A batch that no caller waited for is rolled back.
    drop(batch);
    let batch = db.write_batch().unwrap().unwrap();
    commit(&batch, true).unwrap();
    batch.wait().unwrap();
    assert_eq!(assert_no_gap(db), 1);
    assert_eq!(log(db).len(), 4);
}

fn rows_of_somebody_else_are_set_aside_and_the_others_are_sealed(db: &Db, sql: RunSql<'_>) {
    write(db, |_| ());
    // Copies of a true event: under another id, at another place, and with another MAC.
    sql(&copy("id = '0-1'"));
    sql(&copy("id = '0-2', sequence = 99"));
    sql(&copy("id = '0-3', mac = NULL"));
    let sealed = db.seal_events(NOW_MS, &sign).unwrap();
    assert_eq!(sealed.set_aside, ["0-1", "0-2", "0-3"]);
    let digest = sealed.digest.unwrap();
    assert_eq!((digest.number, digest.event_count), (1, 2));
    let digests: Vec<i64> = log(db).iter().map(|event| event.digest).collect();
    assert_eq!(digests, [SET_ASIDE, SET_ASIDE, SET_ASIDE, 1, 1]);
    assert_eq!(db.seal_events(NOW_MS, &sign), Ok(Sealed::default()));
}

fn an_event_that_was_changed_before_its_digest_is_not_sealed(db: &Db, sql: RunSql<'_>) {
    for column in [
        "at_ms = at_ms + 1",
        "request_id = 'x'",
        "account_id = 'x'",
        "caller_arn = 'x'",
        "identity = '{}'",
        "action = 'x'",
        "resource = 'x'",
        "source_address = 'x'",
        "user_agent = 'x'",
        "error = ''",
        "details = '{}'",
        "writer = 'x'",
        "sequence = sequence + 1",
        "mac = NULL",
        "id = 'x'",
    ] {
        seal(db);
        write(db, |_| ());
        sql(&format!("UPDATE audit_event SET {column} WHERE digest = 0"));
        let sealed = db.seal_events(NOW_MS, &sign).unwrap();
        assert_eq!((sealed.digest, sealed.set_aside.len()), (None, 1), "{column}");
        sql("DELETE FROM audit_event WHERE digest < 0");
    }
}

fn a_row_that_is_no_event_stops_nothing(db: &Db, sql: RunSql<'_>) {
    // Only SQLite lets a column hold a value of another type.
    let is_sqlite = db.reads_at_once();
    if is_sqlite {
        sql(&copy("id = '0-1', request_id = X'FF'"));
        sql(&copy("id = '0-2', identity = 0.5"));
        sql(&copy("id = '0-3', details = CAST(X'FF' AS TEXT)"));
        sql(&copy("id = '0-4', sequence = 'x'"));
        sql(&copy("id = X'01'"));
    }
    let sealed = db.seal_events(NOW_MS, &sign).unwrap();
    assert_eq!(sealed.digest.unwrap().event_count, 1);
    assert_eq!(sealed.set_aside.len(), if is_sqlite { 4 } else { 0 });
    assert_eq!(db.seal_events(NOW_MS, &sign), Ok(Sealed::default()));
}

fn many_rows_of_somebody_else_delay_the_others_once(db: &Db, sql: RunSql<'_>) {
    let digits = "(VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))";
    sql(&format!(
        "INSERT INTO audit_event
            SELECT '0-' || a.column1 || b.column1 || c.column1, at_ms, request_id, account_id,
                caller_arn, identity, action, resource, source_address, user_agent, error, details,
                digest, writer, sequence, mac
            FROM audit_event, {digits} AS a, {digits} AS b, {digits} AS c"
    ));
    for _ in 0..5 {
        let part = db.seal_events(NOW_MS, &sign).unwrap();
        assert_eq!((part.digest, part.set_aside.len(), part.has_more), (None, 200, true));
    }
    let last = db.seal_events(NOW_MS, &sign).unwrap();
    assert_eq!(last.digest.unwrap().event_count, 1);
}

fn an_event_without_mac_waits_for_a_node_of_an_earlier_version(db: &Db, sql: RunSql<'_>) {
    seal(db);
    sql(&copy("id = 'x', digest = 0, writer = '', sequence = 0, mac = NULL"));
    assert_eq!(db.seal_events(NOW_MS, &sign), Ok(Sealed::default()));
    assert_eq!(db.set_abandoned_aside(NOW_MS), Ok(vec![]));
    let later = NOW_MS + 15 * 60 * 1000 + 1;
    assert_eq!(db.seal_events(later, &sign), Ok(Sealed::default()));
    assert_eq!(db.set_abandoned_aside(later), Ok(vec!["x".to_owned()]));
    assert_eq!(db.set_abandoned_aside(later), Ok(vec![]));
}

fn rows_are_listed_wherever_they_are(db: &Db, sql: RunSql<'_>) {
    seal(db);
    write(db, |_| ());
    for (id, digest) in [("x1", "0"), ("x2", "-5"), ("x3", "-1"), ("x4", "77"), ("x5", "1")] {
        sql(&copy(&format!("id = '{id}', digest = {digest}")));
    }
    let ids = |rows: Result<Vec<FoundEvent>, Fault>| -> Vec<String> {
        rows.unwrap().into_iter().map(|row| row.unwrap().id).collect()
    };
    let log = log(db);
    read(db, |read| {
        assert_eq!(ids(digest::list_unsealed(read, "", 9)), [log[1].id.as_str(), "x1"]);
        assert_eq!(ids(digest::list_unsealed(read, &log[1].id, 1)), ["x1"]);
        assert_eq!(ids(digest::list_parked(read, "", 9)), ["x2", "x3"]);
        assert_eq!(ids(digest::list_parked(read, "x2", 9)), ["x3"]);
        assert_eq!(ids(digest::list_events(read, 1, "", 9)), [log[0].id.as_str(), "x5"]);
        assert_eq!(ids(digest::list_events(read, 1, &log[0].id, 9)), ["x5"]);
        assert_eq!(digest::find_sealed_after(read, 1), Ok(Some(77)));
        assert_eq!(digest::find_sealed_after(read, 77), Ok(None));
    });
}
