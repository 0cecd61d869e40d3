//! Location of a database, and purpose of a connection to it.

use std::path::PathBuf;

/// Location of a database.
#[derive(Clone, Debug)]
pub enum Location {
    /// File that one server opens.
    Sqlite(PathBuf),
    /// Memory of this process.
    Memory,
    /// Connection string.
    Postgres(String),
}

/// Purpose of a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Use {
    ReadAndWrite,
    /// On SQLite any statement that writes fails. On PostgreSQL the transaction decides, not the
    /// connection.
    ReadOnly,
    /// An SQLite file that nobody writes: nothing is made beside it, and no lock is taken.
    Still,
}
