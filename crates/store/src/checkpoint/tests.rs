//! The log stays short, with and without the thread.

use super::*;
use crate::group_commit::Writer;
use crate::group_commit::tests::{File, insert};
use crate::signals::Changes;

/// Commits numbers until the log is to be copied. Returns the first number that is free.
fn write_until_full(writer: &Writer, first: i64) -> i64 {
    let mut number = first;
    while writer.checkpoints.phase() == phase::RESTING {
        let mut member = writer.begin().unwrap();
        for _ in 0..100 {
            insert(&mut member, number).unwrap();
            number += 1;
        }
        member.commit(Changes::default()).unwrap();
    }
    number
}

fn write_one(writer: &Writer, number: i64) -> i64 {
    let mut member = writer.begin().unwrap();
    insert(&mut member, number).unwrap();
    member.commit(Changes::default()).unwrap();
    number + 1
}

fn log_bytes(file: &File) -> u64 {
    std::fs::metadata(format!("{}-wal", file.0.display())).unwrap().len()
}

/// Fills the log several times over, and returns its length after each time.
fn lengths(file: &File, writer: &Writer) -> [u64; 5] {
    let mut number = 1;
    [(); 5].map(|()| {
        number = write_until_full(writer, number);
        while writer.checkpoints.phase() == phase::COPYING {
            thread::yield_now();
        }
        number = write_one(writer, number);
        assert_eq!(writer.checkpoints.phase(), phase::RESTING);
        log_bytes(file)
    })
}

#[test]
fn the_log_begins_anew_when_it_was_copied() {
    let file = File::new("checkpoints");
    let writer = file.writer();
    let [first, .., last] = lengths(&file, &writer);
    assert!(last < 2 * first, "{first} bytes grew to {last}");
}

#[test]
fn without_the_thread_a_writer_copies() {
    let file = File::new("checkpoints_alone");
    let mut writer = file.writer();
    let (wake, woken) = sync_channel(1);
    drop(woken);
    writer.checkpoints.thread = Some((wake, thread::spawn(|| ())));
    let [first, .., last] = lengths(&file, &writer);
    assert!(last < 2 * first, "{first} bytes grew to {last}");
}

#[test]
fn a_long_read_holds_up_no_writer() {
    let file = File::new("checkpoints_read");
    let writer = file.writer();
    let number = write_one(&writer, 1);
    let location = Location::Sqlite(file.0.clone());
    let mut reader = Engine::connect(&location, Use::ReadOnly).unwrap();
    reader.begin_read().unwrap();
    let count = |reader: &mut Engine| {
        reader.query("SELECT COUNT(*) AS n FROM number", &[], |row| row.integer("n")).unwrap()
    };
    assert_eq!(count(&mut reader), [1]);
    let number = write_until_full(&writer, number);
    while writer.checkpoints.phase() == phase::COPYING {
        thread::yield_now();
    }
    write_one(&writer, number);
    assert_eq!(count(&mut reader), [1]);
    reader.rollback().unwrap();
    assert_eq!(count(&mut reader), [number]);
}
