//! Schema changes: numbered SQL files, forward only, each run once.
//!
//! INVARIANT: all of them run in one transaction that holds the database's write lock, so two
//! servers that start together do not run one twice, and a failed one leaves nothing.

use model::Fault;

use super::Engine;

impl Engine {
    /// Runs the scripts that this database has not seen.
    pub(crate) fn migrate(&mut self, scripts: &[&'static str]) -> Result<(), Fault> {
        self.begin_migration()?;
        let outcome = self.run_new(scripts);
        match outcome {
            Ok(()) => self.commit(),
            Err(fault) => {
                self.rollback().ok();
                Err(fault)
            }
        }
    }

    /// Fails unless the schema is the one that `scripts` make.
    pub(crate) fn require_schema(&mut self, scripts: &[&'static str]) -> Result<(), Fault> {
        let known = i64::try_from(scripts.len()).map_err(Fault::broken)?;
        // The connection is there, so what is missing is the table.
        let empty = |_| {
            let text =
                "the database holds nothing of Portico's: start `portico serve` with it first";
            Fault::Broken(text.to_owned())
        };
        match self.newest().map_err(empty)? {
            newest if newest == known => Ok(()),
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
        match self {
            Self::Sqlite(_) => self.begin(),
            Self::Postgres(_) => {
                // Read committed: whoever waited for the lock must see what its holder did.
                self.command("BEGIN")?;
                self.command("SELECT pg_advisory_xact_lock(7672871)")?;
                // SQLite has a collation BINARY; here one of the same name and order is made.
                self.batch(r#"CREATE COLLATION IF NOT EXISTS "binary" FROM "C""#)
            }
        }
    }

    fn run_new(&mut self, scripts: &[&'static str]) -> Result<(), Fault> {
        self.batch("CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY)")?;
        let newest = self.newest()?;
        let known = i64::try_from(scripts.len()).map_err(Fault::broken)?;
        if newest > known {
            return Err(too_new(newest, known));
        }
        for (number, script) in (1_i64..).zip(scripts) {
            if number > newest {
                self.batch(script)?;
                let claim = "INSERT INTO migration (number) VALUES ($1)";
                self.execute(claim, &[number.into()])?;
            }
        }
        Ok(())
    }
}

fn too_new(newest: i64, known: i64) -> Fault {
    Fault::Broken(format!(
        "the database has schema {newest}, and this version of Portico knows {known}: start the newer \
         version that changed it, or restore a backup from before"
    ))
}
