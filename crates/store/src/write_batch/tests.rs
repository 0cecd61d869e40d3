//! Guarantees of a write batch of one thread.

use std::thread;

use super::*;
use crate::group_commit::tests::{File, insert, scope_member, until_waiting};

#[test]
fn what_one_thread_writes_together_is_kept_together_with_what_others_write() {
    let file = File::new("batch");
    let writer = file.writer();
    thread::scope(|scope| {
        let batch = WriteBatch::open(&writer).unwrap();
        insert_in(&batch, 1, true).unwrap();
        let (other, go) = scope_member(scope, &writer, 2);
        until_waiting(&writer, 1);
        insert_in(&batch, 3, false).unwrap();
        insert_in(&batch, 4, true).unwrap();
        assert!(file.numbers().is_empty());
        go.send(true).unwrap();
        assert_eq!(batch.wait(), Ok(()));
        assert_eq!(other.recv(), Ok(None));
        assert_eq!(other.recv(), Ok(Some(Ok(()))));
    });
    assert_eq!(file.numbers(), [1, 2, 4]);
}

#[test]
fn nothing_is_kept_of_what_was_written_together_and_undone_or_not_waited_for() {
    let file = File::new("together_undone");
    let writer = file.writer();
    let batch = WriteBatch::open(&writer).unwrap();
    insert_in(&batch, 1, true).unwrap();
    // A duplicate rolls back the whole batch.
    insert_in(&batch, 1, true).unwrap_err();
    insert_in(&batch, 2, true).unwrap_err();
    assert!(batch.wait().is_err());

    let batch = WriteBatch::open(&writer).unwrap();
    insert_in(&batch, 3, true).unwrap();
    drop(batch);

    let batch = WriteBatch::open(&writer).unwrap();
    let first = batch.member().unwrap();
    assert!(batch.member().is_err());
    drop(first);
    insert_in(&batch, 4, true).unwrap();
    assert_eq!(batch.wait(), Ok(()));
    assert_eq!(file.numbers(), [4]);
}

#[test]
fn news_of_a_batch_is_told_once_it_is_on_disk() {
    let file = File::new("changes");
    let writer = file.writer();
    let batch = WriteBatch::open(&writer).unwrap();
    let mut member = batch.member().unwrap();
    insert(&mut member, 1).unwrap();
    member.commit(Changes { authority: true, jobs: false }).unwrap();
    assert_eq!(writer.signals().authority(), Some(0));
    batch.wait().unwrap();
    assert_eq!(writer.signals().authority(), Some(1));
}

fn insert_in(batch: &WriteBatch<'_>, number: i64, keep: bool) -> Result<(), Fault> {
    let mut member = batch.member()?;
    insert(&mut member, number)?;
    if keep { member.commit(Changes::default()) } else { Ok(()) }
}
