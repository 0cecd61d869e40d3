//! No statement reads more rows as the data grow, by the plans of both engines on data without balance.
//!
//! A read of a table examines the rows that agree with it in the columns which its index is asked for. The seeded
//! data say how many that can be: all rows of a scan, and of an index of which only `instance_id` is asked. More than
//! [`ROWS_MAX`] are refused, unless a LIMIT ends the read in the order of the index, or [`BOUNDED`] has a reason.

mod bounded;
mod postgres_plan;
mod seed;
mod sqlite_plan;
mod statements;

use std::collections::BTreeSet;

use postgres::{Client, NoTls};
use rusqlite::Connection;
use store::{Db, Location};

use self::bounded::BOUNDED;
use crate::harness::{with_postgres_empty, with_sqlite_empty};

/// Maximum number of rows that a read may examine, out of [`seed::ROWS`].
const ROWS_MAX: i64 = 100;

/// Settings under which PostgreSQL shows whether there is a way by index. By default it prefers to read a whole table
/// of this size, and without the value of a LIMIT it expects a tenth of all rows.
const POSTGRES_SETTINGS: &str = "ANALYZE; SET plan_cache_mode = force_generic_plan; \
    SET enable_seqscan = off; SET enable_hashjoin = off; \
    SET enable_mergejoin = off";

/// Read of a table within a plan.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct TableRead {
    table: String,
    /// Columns that the index is asked to equal a value. A scan has none.
    by: Vec<String>,
    /// True if a LIMIT ends the read before it has examined all of them.
    is_cut: bool,
}

impl TableRead {
    fn text(&self) -> String {
        format!("{}({})", self.table, self.by.join(", "))
    }
}

mod sqlite {
    #[test]
    fn no_statement_reads_more_as_the_data_grow() {
        super::with_seeded_sqlite(|seeded| {
            super::refuse(seeded, |sql| super::sqlite_plan::reads(seeded, sql));
        });
    }
}

mod postgres_engine {
    #[test]
    fn no_statement_reads_more_as_the_data_grow() {
        super::with_seeded_sqlite(|seeded| {
            super::with_seeded_postgres(seeded, |client| {
                super::refuse(seeded, |sql| super::postgres_plan::reads(client, sql));
            });
        });
    }
}

fn with_seeded_sqlite(test: impl FnOnce(&Connection)) {
    with_sqlite_empty(|location, _| {
        let Location::Sqlite(path) = location.clone() else { unreachable!() };
        drop(Db::open(location).unwrap());
        let seeded = Connection::open(path).unwrap();
        seeded.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF").unwrap();
        for sql in seed(&seeded) {
            seeded.execute_batch(&sql).unwrap_or_else(|why| panic!("{sql:.200}: {why}"));
        }
        require_seeds(&seeded);
        test(&seeded);
    });
}

/// A table without rows would let every statement pass.
fn require_seeds(seeded: &Connection) {
    let mut tables = seeded.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").unwrap();
    let names = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    for table in names.map(Result::unwrap).filter(|name| !seed::SMALL.contains(&name.as_str())) {
        let read = TableRead { table, by: Vec::new(), is_cut: false };
        assert!(rows(seeded, &read) >= seed::ROWS, "{} has no rows in `seed`", read.table);
    }
}

fn with_seeded_postgres(known: &Connection, test: impl FnOnce(&mut Client)) {
    with_postgres_empty(|location, _| {
        let Location::Postgres(url) = location.clone() else { unreachable!() };
        drop(Db::open(location).unwrap());
        let mut client = Client::connect(&url, NoTls).unwrap();
        // Triggers, which check foreign keys, do not run.
        client.batch_execute("SET session_replication_role = replica").unwrap();
        for sql in seed(known) {
            client.batch_execute(&sql).unwrap_or_else(|why| panic!("{sql:.200}: {why:?}"));
        }
        client.batch_execute(POSTGRES_SETTINGS).unwrap();
        test(&mut client);
    });
}

/// The statements that seed either engine, for the columns that the schema has.
fn seed(known: &Connection) -> Vec<String> {
    seed::statements(|table| {
        let sql = "SELECT name, type FROM pragma_table_info(?1)";
        let mut columns = known.prepare(sql).unwrap();
        let found = columns.query_map([table], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        found.map(Result::unwrap).collect()
    })
}

/// Refuses statements that examine too many rows.
fn refuse(seeded: &Connection, mut reads: impl FnMut(&str) -> Vec<TableRead>) {
    let all = statements::all();
    assert!(all.len() > 200, "{} statements: the others are not found", all.len());
    for (place, ..) in BOUNDED {
        assert!(all.iter().any(|statement| statement.place == *place), "{place} is not there");
    }
    let mut complaints = BTreeSet::new();
    for statement in &all {
        for read in reads(&statement.sql).into_iter().filter(|read| !read.is_cut) {
            let (place, text) = (statement.place.as_str(), read.text());
            let is_known = BOUNDED.iter().any(|known| (known.0, known.1) == (place, &text));
            let rows = rows(seeded, &read);
            if rows > ROWS_MAX && !is_known {
                complaints.insert(format!("{place} reads {text}: {rows} rows of {}", seed::ROWS));
            }
        }
    }
    let complaints: Vec<String> = complaints.into_iter().collect();
    assert!(complaints.is_empty(), "of {} statements:\n{}", all.len(), complaints.join("\n"));
}

/// Returns the largest number of rows that agree in the columns of the read.
fn rows(seeded: &Connection, read: &TableRead) -> i64 {
    let TableRead { table, by, .. } = read;
    let groups = if by.is_empty() { String::new() } else { format!("GROUP BY {}", by.join(", ")) };
    // No value equals NULL.
    let present: Vec<String> =
        by.iter().map(|column| format!("AND {column} IS NOT NULL ")).collect();
    let present = present.concat();
    let sql = format!(
        "SELECT COALESCE(MAX(n), 0) FROM (SELECT COUNT(*) AS n FROM {table} WHERE 1 = 1 {present}{groups})"
    );
    seeded.query_row(&sql, [], |row| row.get(0)).unwrap_or_else(|why| panic!("{sql}: {why}"))
}
