//! The database of a server that is measured, and the processes that work for it.

use std::path::PathBuf;

use super::rows::{Rows, connect, said};

/// Where a database is.
#[derive(Clone)]
pub enum Database {
    /// The file.
    Sqlite(PathBuf),
    /// The URL. Its server is on this machine.
    Postgres(String),
}

impl Database {
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(url) => Some(url),
        }
    }

    /// Makes an empty database with this name on the PostgreSQL server of `url`.
    pub fn create(url: &str, name: &str) -> Result<Self, String> {
        let mut client = connect(url)?;
        for sql in [
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("CREATE DATABASE {name}"),
        ] {
            client.batch_execute(&sql).map_err(|error| said(&error))?;
        }
        let (server, _) = url.rsplit_once('/').ok_or("a URL without a database")?;
        Ok(Self::Postgres(format!("{server}/{name}")))
    }

    pub fn open(&self) -> Result<Rows, String> {
        let mut rows = match self {
            Self::Sqlite(path) => {
                Rows::Sqlite(rusqlite::Connection::open(path).map_err(|error| error.to_string())?)
            }
            Self::Postgres(url) => Rows::Postgres(Box::new(connect(url)?)),
        };
        rows.run(match self {
            Self::Sqlite(_) => {
                "PRAGMA foreign_keys = OFF; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; \
                 PRAGMA cache_size = -1000000"
            }
            // Triggers, which check foreign keys, do not run.
            Self::Postgres(_) => "SET session_replication_role = replica",
        })?;
        Ok(rows)
    }

    /// The processes of PostgreSQL that work for the clients of this database.
    pub fn processes(&self) -> Result<Vec<String>, String> {
        let Self::Postgres(url) = self else { return Ok(Vec::new()) };
        let sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
            AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
        let rows = connect(url)?.query(sql, &[]).map_err(|error| said(&error))?;
        Ok(rows.iter().map(|row| row.get::<_, i32>(0).to_string()).collect())
    }
}
