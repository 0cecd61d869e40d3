//! Where a database is, and what a connection to it is for.

use std::path::PathBuf;

/// Where the database is.
#[derive(Clone, Debug)]
pub enum Location {
    /// A file that one server opens.
    Sqlite(PathBuf),
    /// Memory of this process, with which it ends.
    Memory,
    /// A connection string.
    Postgres(String),
}

/// What a connection is opened for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Use {
    ReadAndWrite,
    /// SQLite: any statement that writes fails. (PostgreSQL asks the transaction, not the connection.)
    ReadOnly,
}
