//! Counters of failed sign-ins.

use store::Db;
use store::sign_in_attempt::{self, Attempts};

use crate::harness::{read, write};

on_both_engines!(
    attempts_read_back_as_they_were_written_last,
    attempts_are_swept_when_they_mean_nothing_any_more,
);

fn attempts_read_back_as_they_were_written_last(db: &Db) {
    let find = |number| read(db, |read| sign_in_attempt::find(read, &[number; 32]));
    assert_eq!(find(1), Ok(Attempts::default()));
    for failures in [1, 2] {
        let attempts = Attempts { failures, failed_at_ms: 10 + failures, succeeded_at_ms: 3 };
        write(db, |tx| sign_in_attempt::put(tx, &[1; 32], &attempts, 100)).unwrap();
        assert_eq!(find(1), Ok(attempts));
    }
    assert_eq!(find(2), Ok(Attempts::default()));
    for _ in 0..2 {
        write(db, |tx| sign_in_attempt::remove(tx, &[1; 32])).unwrap();
        assert_eq!(find(1), Ok(Attempts::default()));
    }
}

fn attempts_are_swept_when_they_mean_nothing_any_more(db: &Db) {
    let attempts = Attempts { failures: 1, failed_at_ms: 1, succeeded_at_ms: 0 };
    write(db, |tx| {
        for (number, keep_until_ms) in [(1, 100), (2, 300), (3, 200)] {
            sign_in_attempt::put(tx, &[number; 32], &attempts, keep_until_ms).unwrap();
        }
        assert_eq!(sign_in_attempt::sweep(tx, 300, 1), Ok(1));
        assert_eq!(sign_in_attempt::find(tx, &[1; 32]), Ok(Attempts::default()));
        assert_eq!(sign_in_attempt::sweep(tx, 300, 10), Ok(1));
        assert_eq!(sign_in_attempt::find(tx, &[2; 32]), Ok(attempts));
    });
}
