//! Data that several servers serve in turn: a folder, and optionally a PostgreSQL database.

use std::path::Path;
use std::process::Child;

use serde_json::Value;
use tempfile::TempDir;

use super::{Database, Keys, Portico, Said};

/// Maximum number of queries that wait for the end of connections.
const QUESTIONS_MAX: usize = 100_000;

pub struct Installation {
    data: TempDir,
    database: Option<Database>,
}

/// The connections of a killed server. PostgreSQL may still process its last transactions.
pub struct Orphans(Vec<i32>);

impl Installation {
    /// An installation with the embedded database.
    pub fn embedded() -> Self {
        Self { data: tempfile::tempdir().unwrap(), database: None }
    }

    /// An installation with a PostgreSQL database.
    pub fn on(database: Database) -> Self {
        Self { data: tempfile::tempdir().unwrap(), database: Some(database) }
    }

    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Starts the real server.
    pub fn serve(&self) -> Portico {
        self.serve_with(&[])
    }

    /// Starts the real server with more arguments.
    pub fn serve_with(&self, arguments: &[&str]) -> Portico {
        Portico::serve_in(self.data(), &[&self.database(), arguments].concat())
    }

    /// Begins another command of the program on the same data, whose output is read while it runs.
    pub fn begin(&self, words: &[&str]) -> Child {
        let data = ["--data", self.data().to_str().unwrap()];
        Portico::begin(&[words, &data, &self.database()].concat())
    }

    /// Runs another command of the program on the same data, such as `audit verify`.
    pub fn run(&self, words: &[&str]) -> Said {
        let data = ["--data", self.data().to_str().unwrap()];
        Portico::run(&[words, &data, &self.database()].concat()).into()
    }

    /// Keys from `portico admin credentials` on this installation.
    pub fn operator(&self) -> Keys {
        Keys::read(&self.run(&["admin", "credentials"]).json())
    }

    /// Every event of the audit log that is on disk, oldest first.
    pub fn audit_log(&self) -> Vec<Value> {
        let said = self.run(&["audit", "export"]).ok();
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub fn engine(&self) -> &'static str {
        if self.database.is_some() { "PostgreSQL" } else { "SQLite" }
    }

    /// The size of the database, in bytes: of the file with its write-ahead log, or as PostgreSQL tells it.
    pub fn database_bytes(&self) -> u64 {
        if let Some(database) = &self.database {
            let sql = "SELECT pg_database_size(current_database())";
            return database
                .connect()
                .query_one(sql, &[])
                .unwrap()
                .get::<_, i64>(0)
                .cast_unsigned();
        }
        let files = ["portico.sqlite", "portico.sqlite-wal"].map(|name| self.data().join(name));
        files.iter().map(|file| std::fs::metadata(file).unwrap().len()).sum()
    }

    fn database(&self) -> Vec<&str> {
        self.database.as_ref().map_or_else(Vec::new, |database| vec!["--database", &database.url])
    }

    /// The connections that PostgreSQL still has of a killed server. Call it before the next server starts.
    pub fn orphans(&self) -> Orphans {
        let sql = "SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        Orphans(self.database.as_ref().map_or_else(Vec::new, |database| {
            let rows = database.connect().query(sql, &[]).unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }))
    }

    /// Waits until no transaction of the killed server can commit.
    pub fn wait_for_end(&self, Orphans(orphans): &Orphans) {
        let Some(database) = &self.database else { return };
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY($1)";
        let mut looker = database.connect();
        let mut left = || looker.query_one(sql, &[orphans]).unwrap().get::<_, i64>(0);
        let gone = (0..QUESTIONS_MAX).any(|_| left() == 0);
        assert!(gone, "PostgreSQL keeps connections of a server that is dead");
    }
}
