//! The rows of a database whose server is stopped, on either engine.

/// An open database, of a server that is stopped. Foreign keys are not checked.
pub enum Rows {
    Sqlite(rusqlite::Connection),
    Postgres(Box<postgres::Client>),
}

/// A column, and whether it holds text.
pub type Column = (String, bool);

impl Rows {
    pub fn run(&mut self, sql: &str) -> Result<(), String> {
        let done = match self {
            Self::Sqlite(connection) => {
                connection.execute_batch(sql).map_err(|error| error.to_string())
            }
            Self::Postgres(client) => client.batch_execute(sql).map_err(|error| said(&error)),
        };
        done.map_err(|why| format!("{why} in {sql}"))
    }

    pub fn columns(&mut self, table: &str) -> Result<Vec<Column>, String> {
        match self {
            Self::Sqlite(connection) => {
                let sql = "SELECT name, type = 'TEXT' FROM pragma_table_info(?1)";
                let read = |connection: &rusqlite::Connection| {
                    let mut columns = connection.prepare(sql)?;
                    let found = columns.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?;
                    found.collect::<rusqlite::Result<Vec<_>>>()
                };
                read(connection).map_err(|error| error.to_string())
            }
            Self::Postgres(client) => {
                let sql = "SELECT column_name::text, data_type = 'text' \
                    FROM information_schema.columns WHERE table_name = $1";
                let rows = client.query(sql, &[&table]).map_err(|error| said(&error))?;
                Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
            }
        }
    }

    /// The text that a query selects.
    pub fn text(&mut self, sql: &str) -> Result<String, String> {
        match self {
            Self::Sqlite(connection) => {
                connection.query_row(sql, [], |row| row.get(0)).map_err(|error| error.to_string())
            }
            Self::Postgres(client) => {
                client.query_one(sql, &[]).map(|row| row.get(0)).map_err(|error| said(&error))
            }
        }
    }

    /// Leaves the database as long use would: in its own journal mode, with statistics.
    pub fn close(mut self) -> Result<(), String> {
        self.run(match self {
            Self::Sqlite(_) => "PRAGMA journal_mode = WAL",
            Self::Postgres(_) => "VACUUM ANALYZE",
        })
    }
}

pub(super) fn connect(url: &str) -> Result<postgres::Client, String> {
    postgres::Client::connect(url, postgres::NoTls).map_err(|error| said(&error))
}

/// What PostgreSQL said, which the error's own text leaves out.
pub(super) fn said(error: &postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string)
}
