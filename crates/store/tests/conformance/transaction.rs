//! Transactions: atomicity, snapshots, and the order of texts.

use model::{AuditEvent, Fault};
use store::{Db, group};

use crate::group::{names, some_group};
use crate::harness::{begin, read, store_id, write};

on_both_engines!(
    a_dropped_transaction_leaves_nothing,
    a_transaction_goes_on_after_a_refused_name,
    a_transaction_sees_what_it_wrote,
    texts_are_ordered_by_bytes,
    a_change_of_authority_is_told_after_the_commit_and_only_then,
);

fn a_dropped_transaction_leaves_nothing(db: &Db) {
    let mut tx = begin(db);
    group::insert(&mut tx, &some_group(1, "Engineers")).unwrap();
    drop(tx);
    assert!(names(db).is_empty());
}

fn a_transaction_goes_on_after_a_refused_name(db: &Db) {
    write(db, |tx| group::insert(tx, &some_group(1, "Engineers"))).unwrap();
    write(db, |tx| {
        group::insert(tx, &some_group(2, "Engineers")).unwrap_err();
        group::insert(tx, &some_group(3, "Writers")).unwrap();
    });
    assert_eq!(names(db), ["Engineers", "Writers"]);
}

fn a_transaction_sees_what_it_wrote(db: &Db) {
    let mut tx = begin(db);
    let written = some_group(1, "Engineers");
    group::insert(&mut tx, &written).unwrap();
    assert_eq!(group::find(&mut tx, &store_id(), &written.id), Ok(Some(written)));
}

fn texts_are_ordered_by_bytes(db: &Db) {
    let written = ["b-1", "b 2", "a_3", "ä 4", "a.5", "a 6", "z7", "日8", "🦀9"];
    for (number, name) in (1..).zip(written) {
        write(db, |tx| group::insert(tx, &some_group(number, name))).unwrap();
    }
    let mut expected = written;
    expected.sort_unstable();
    assert_eq!(names(db), expected);
}

fn a_change_of_authority_is_told_after_the_commit_and_only_then(db: &Db) {
    let group = some_group(1, "Engineers");
    let before = db.signals().authority();
    write(db, |tx| group::insert(tx, &group)).unwrap();
    assert_eq!(db.signals().authority(), before);
    let mut tx = begin(db);
    group::delete(&mut tx, &store_id(), &group.id).unwrap();
    assert_eq!(db.signals().authority(), before);
    tx.commit(&AuditEvent::new()).unwrap();
    assert!(db.signals().authority() > before);
    let missing = read(db, |read| group::require(read, &store_id(), &group.id));
    assert!(matches!(missing, Err(Fault::NotFound { .. })));
}
