//! Reads on threads that may not be held up.

use model::Fault;
use store::{Db, digest, instance};

use crate::harness::{an_instance, permit, read, with_memory, with_sqlite_sql};

/// Adds digests, which a count has to walk.
const MANY_DIGESTS: &str = "INSERT INTO audit_digest
        (number, sealed_at_ms, event_count, hash, signature, format)
    WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 20000)
    SELECT n, 0, 0, x'00', x'00', 2 FROM counted";

fn count_shortly(db: &Db) -> Result<i64, Fault> {
    digest::count_odd(&mut db.short_read(&permit()).unwrap())
}

#[test]
fn a_short_read_that_takes_long_gives_up_and_others_do_not() {
    with_sqlite_sql(|db, sql| {
        assert_eq!(count_shortly(db), Ok(0));
        sql(MANY_DIGESTS);
        for _ in 0..3 {
            assert_eq!(count_shortly(db), Err(Fault::Busy));
            // The connection is the same one, without the bound.
            assert_eq!(read(db, digest::count_odd), Ok(0));
        }
    });
}

#[test]
fn the_bound_is_on_one_transaction_and_not_on_all_runs_of_a_statement() {
    with_sqlite_sql(|db, _| {
        for _ in 0..10_000 {
            let mut read = db.short_read(&permit()).unwrap();
            assert_eq!(instance::find_of_organization(&mut read), Ok(Some(an_instance())));
        }
    });
}

#[test]
fn in_memory_there_is_no_bound() {
    with_memory(|db| assert_eq!(count_shortly(db), Ok(0)));
}
