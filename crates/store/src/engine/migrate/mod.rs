//! Schema changes: numbered SQL files, forward only, each run once.
//!
//! INVARIANT: all of them run in one transaction that holds the database's write lock, so two
//! servers that start together do not run one twice, and a failed one leaves nothing.
//! INVARIANT: an applied file whose hash is not the recorded one is refused before anything runs.

use model::Fault;

use super::{Client, Engine};
use crate::migrations::{HASHED_FROM, Migration};
use crate::row::{Row, text};

impl Engine {
    /// Runs the migrations that this database has not seen.
    pub(crate) fn migrate(&mut self, migrations: &[Migration]) -> Result<(), Fault> {
        self.begin_migration()?;
        let outcome = self.run_new(migrations);
        match outcome {
            Ok(()) => self.commit(),
            Err(fault) => {
                self.rollback().ok();
                Err(fault)
            }
        }
    }

    /// Fails unless the schema is the one that `migrations` make.
    pub(crate) fn require_schema(&mut self, migrations: &[Migration]) -> Result<(), Fault> {
        let known = last_number(migrations)?;
        // The connection works, so the table is missing.
        let empty = |_| {
            let text =
                "the database holds nothing of Portico's: start `portico serve` with it first";
            Fault::Broken(text.to_owned())
        };
        match self.newest().map_err(empty)? {
            newest if newest == known => self.require_unedited(migrations, newest),
            newest if newest > known => Err(too_new(newest, known)),
            newest => Err(Fault::Broken(format!(
                "the database has schema {newest}, and this version of Portico works with {known}: \
                 start the server of this version first, which brings the database up to date"
            ))),
        }
    }

    fn newest(&mut self) -> Result<i64, Fault> {
        let sql = "SELECT COALESCE(MAX(number), 0) AS newest FROM migration";
        Ok(self.query(sql, &[], |row| row.integer("newest"))?.pop().unwrap_or(0))
    }

    fn begin_migration(&mut self) -> Result<(), Fault> {
        match self.client {
            Client::Sqlite(_) => self.begin(),
            Client::Postgres(_) => {
                // Isolation is read committed, because a server that waited for the lock must see
                // what its holder did.
                self.command("BEGIN")?;
                self.command("SELECT pg_advisory_xact_lock(7672871)")?;
                // SQLite has a collation BINARY; PostgreSQL gets one of the same name and order.
                self.batch(r#"CREATE COLLATION IF NOT EXISTS "binary" FROM "C""#)
            }
        }
    }

    /// Fails for an SQLite file of another program. A PostgreSQL database may have other tables.
    fn require_own(&mut self) -> Result<(), Fault> {
        let Client::Sqlite(_) = self.client else { return Ok(()) };
        let sql = "SELECT MIN(name) AS foreign_table FROM sqlite_master WHERE type = 'table'
            AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'migration')";
        let read =
            |row: &Row| row.text_or_null("foreign_table").map(|name| name.map(str::to_owned));
        match self.query(sql, &[], read)?.pop().flatten() {
            None => Ok(()),
            Some(table) => Err(Fault::Broken(format!(
                "the database file is of another program: it has a table {table} and none of Portico's. Restore a \
                 backup with `portico restore` into another folder, or give another --data"
            ))),
        }
    }

    fn run_new(&mut self, migrations: &[Migration]) -> Result<(), Fault> {
        self.require_own()?;
        self.batch("CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY)")?;
        let newest = self.newest()?;
        let known = last_number(migrations)?;
        if newest > known {
            return Err(too_new(newest, known));
        }
        self.require_unedited(migrations, newest)?;
        if newest == known {
            return Ok(());
        }
        for (number, migration) in numbered(migrations) {
            if number > newest {
                self.batch(migration.sql)?;
                let applied = "INSERT INTO migration (number) VALUES ($1)";
                self.execute(applied, &[number.into()])?;
            }
        }
        self.record_hashes(migrations)
    }

    /// Records the hashes that are not recorded yet: of the migrations that just ran, and of those
    /// that a program without hashes applied.
    fn record_hashes(&mut self, migrations: &[Migration]) -> Result<(), Fault> {
        let sql = "UPDATE migration SET hash = $2 WHERE number = $1 AND hash IS NULL";
        for (number, migration) in numbered(migrations) {
            self.execute(sql, &[number.into(), text(&migration.hash())])?;
        }
        Ok(())
    }

    fn require_unedited(&mut self, migrations: &[Migration], newest: i64) -> Result<(), Fault> {
        if newest < HASHED_FROM {
            return Ok(());
        }
        let sql = "SELECT number, hash FROM migration ORDER BY number";
        let recorded =
            self.query(sql, &[], |row| Ok((row.integer("number")?, row.text("hash")?.to_owned())))?;
        for (number, migration) in numbered(migrations).take_while(|(number, _)| *number <= newest)
        {
            if !recorded.contains(&(number, migration.hash())) {
                return Err(edited(migration.name));
            }
        }
        Ok(())
    }
}

fn numbered(migrations: &[Migration]) -> impl Iterator<Item = (i64, &Migration)> {
    (1..).zip(migrations)
}

fn last_number(migrations: &[Migration]) -> Result<i64, Fault> {
    i64::try_from(migrations.len()).map_err(|why| Fault::broken_at("counting the migrations", why))
}

fn too_new(newest: i64, known: i64) -> Fault {
    Fault::Broken(format!(
        "the database has schema {newest}, and this version of Portico knows {known}: start the newer \
         version that changed it, or restore a backup from before"
    ))
}

fn edited(name: &str) -> Fault {
    Fault::Broken(format!(
        "migrations/{name} is not the file that this database applied: it was edited afterwards. Start \
         a version of Portico with the file as it was; a schema change belongs in a new file"
    ))
}

#[cfg(test)]
mod tests;
