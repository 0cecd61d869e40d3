//! Creates many users quickly: one is created through the API and copied in the database.
//!
//! The copies differ in every unique column, have the length of real rows and are in the same indexes.
//! The server is stopped meanwhile.

use rusqlite::Connection;

use super::admin::user;
use super::portico::Portico;

const TEMPLATE: &str = "bench-template";

/// Fills the store up to a number of users; without `CreateUser` it stays unchanged.
pub fn grow(portico: Portico, store_id: &str, users: u32) -> Result<Portico, String> {
    // A name conflict is fine: the template exists from the last size.
    if let Err(why) = portico.call("AWSIdentityStore.CreateUser", &user(store_id, TEMPLATE))
        && why.contains("not served")
    {
        println!("# {why}: there are no users");
        return Ok(portico);
    }
    portico.restart_after(|database| {
        let grown = Connection::open(database).and_then(|connection| copy(&connection, users));
        grown.map_err(|error| format!("copying users: {error}"))
    })
}

fn copy(connection: &Connection, users: u32) -> rusqlite::Result<()> {
    let mut columns = connection.prepare("SELECT name FROM pragma_table_info('identity_user')")?;
    let columns: Vec<String> =
        columns.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let values: Vec<String> = columns.iter().map(|column| value(column)).collect();
    let there: u32 =
        connection.query_row("SELECT count(*) FROM identity_user", [], |row| row.get(0))?;
    let sql = format!(
        "WITH RECURSIVE number(n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM number WHERE n < ?2)
        INSERT INTO identity_user ({}) SELECT {}
        FROM number, identity_user template WHERE template.user_name = '{TEMPLATE}'
            AND number.n <= ?2",
        columns.join(", "),
        values.join(", "),
    );
    connection.execute_batch("PRAGMA foreign_keys = OFF")?;
    connection.execute(&sql, [there + 1, users])?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
}

/// The SQL expression of a copy's column.
fn value(column: &str) -> String {
    let copied = |text: &str| format!("replace({text}, '{TEMPLATE}', printf('grown-%08d', n))");
    match column {
        // A UUID, version 4.
        "id" => "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' \
            || substr(hex(randomblob(2)), 2) || '-8' || substr(hex(randomblob(2)), 2) || '-' \
            || hex(randomblob(6)))"
            .to_owned(),
        "user_name" | "user_name_key" | "display_name" | "email_key" | "attributes" => {
            copied(&format!("template.{column}"))
        }
        column => format!("template.{column}"),
    }
}
