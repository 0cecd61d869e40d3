//! What the database says about itself: its file, its indexes, its references.

use std::path::Path;

use model::Fault;

use super::{Client, Engine};
use crate::location::{Location, Use};
use crate::migrations::MIGRATIONS;
use crate::row::Row;

/// How much of a database is examined.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Depth {
    /// Each page and row by itself, without the indexes: seconds per gigabyte.
    Quick,
    /// Each index against its table too, and each reference.
    Full,
}

/// Opens a file that nobody writes, such as a backup, without changing anything about it.
pub(crate) fn open_still(path: &Path) -> Result<Engine, Fault> {
    let location = Location::Sqlite(path.to_owned());
    let mut engine = Engine::connect(&location, Use::Still)?;
    engine.require_schema(MIGRATIONS)?;
    Ok(engine)
}

impl Engine {
    /// Returns PostgreSQL's position in its write-ahead log, and its time.
    pub(crate) fn position(&mut self) -> Result<(String, i64), Fault> {
        let sql = "SELECT CAST(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() \
                ELSE pg_current_wal_insert_lsn() END AS TEXT) AS lsn, \
            CAST(floor(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT) AS now_ms";
        let read = |row: &Row| Ok((row.text("lsn")?.to_owned(), row.integer("now_ms")?));
        self.query(sql, &[], read)?
            .pop()
            .ok_or_else(|| Fault::broken("the database tells no position"))
    }

    /// Lists what is wrong with the database, in SQLite's words. PostgreSQL has tools of its own (`pg_amcheck`), so of
    /// it nothing is examined here.
    pub(crate) fn examine(&mut self, depth: Depth) -> Result<Vec<String>, Fault> {
        let Client::Sqlite(sqlite) = &mut self.client else { return Ok(Vec::new()) };
        let sql = match depth {
            Depth::Quick => "SELECT quick_check AS finding FROM pragma_quick_check",
            Depth::Full => {
                "SELECT integrity_check AS finding FROM pragma_integrity_check
                UNION ALL
                SELECT COUNT(*) || ' rows of ' || \"table\" || ' refer to missing rows of ' || parent
                FROM pragma_foreign_key_check GROUP BY \"table\", parent"
            }
        };
        let mut findings = sqlite.query(sql, &[], |row| row.text("finding").map(str::to_owned))?;
        findings.retain(|finding| finding != "ok");
        Ok(findings)
    }
}
