//! Audit log in a file, which tests manipulate from outside the program.

mod archive;
mod export;
mod follow;
mod forwarding;
mod head;
mod removal;
mod sealed;
mod unreadable;
mod unsealed;

use kernel::audit::seal::seal_due;
use kernel::audit::verify::{Finding, Report, verify};
use kernel::upkeep::flush_journal;
use rusqlite::Connection;
use serde_json::json;
use store::Location;
use tempfile::TempDir;
use testing::Bench;

struct Log {
    bench: Bench,
    folder: TempDir,
}

impl Log {
    /// Makes a log with three digests: two of 200 events, and one of the remaining few.
    fn sealed() -> Self {
        let log = Self::new();
        for number in 0..405 {
            log.leave(number);
        }
        log.seal();
        log
    }

    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = Location::Sqlite(folder.path().join("portico.sqlite"));
        Self { bench: Bench::found(file, true), folder }
    }

    /// Leaves an event in the log.
    fn leave(&self, number: u32) {
        self.bench.clock.advance(1);
        let body = json!({"MaxResults": 1 + number % 20});
        self.bench.call("AWSOrganizationsV20161128.ListAccounts", &body).unwrap();
    }

    fn seal(&self) {
        flush_journal(&self.bench.portico).unwrap();
        seal_due(&self.bench.portico).unwrap();
    }

    fn verify(&self) -> Report {
        verify(&self.bench.portico, None, &mut |_| ()).unwrap()
    }

    /// Manipulates the file and returns the findings of the verification.
    fn findings_after(&self, sql: &str) -> Vec<Finding> {
        self.write(sql);
        self.verify().findings
    }

    /// Reads a text from outside the program.
    fn text(&self, expression: &str) -> String {
        let file = Connection::open(self.folder.path().join("portico.sqlite")).unwrap();
        file.query_row(&format!("SELECT {expression}"), [], |row| row.get(0)).unwrap()
    }

    /// Manipulates the file from outside the program.
    fn write(&self, sql: &str) {
        let file = Connection::open(self.folder.path().join("portico.sqlite")).unwrap();
        file.execute_batch(sql).unwrap();
        assert!(file.changes() > 0 || sql.starts_with("CREATE T"), "{sql}");
    }
}
