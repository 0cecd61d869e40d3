//! A copy of an SQLite file while others write to it.
//!
//! The connection holds one read transaction, so that every page is of one moment and a commit of others does not make
//! the copy begin again, as `sqlite3 FILE .backup` does. The write-ahead log cannot begin again meanwhile, so it grows.

use std::path::Path;

use model::Fault;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

/// Number of pages per step: 1 MiB, at 4 KiB each.
const STEP_PAGES: i32 = 256;

/// How far a copy has come, in pages.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Copied {
    pub pages: u64,
    pub of_pages: u64,
}

/// Copies the database file `from` to `to`, which is an empty file or missing. Calls `after_step` after each step, which
/// may wait. The copy is on the disk once the caller has flushed it.
pub fn copy_file(
    from: &Path,
    to: &Path,
    mut after_step: impl FnMut(Copied) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let open = || {
        let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        source.execute_batch("PRAGMA busy_timeout = 5000; BEGIN")?;
        source.query_row("SELECT COUNT(*) FROM sqlite_master", [], |_| Ok(()))?;
        let target = Connection::open(to)?;
        // A copy that is cut off is thrown away, so it needs neither a journal nor a flush of its own.
        target.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
        Ok((source, target))
    };
    let said = |error: rusqlite::Error| {
        Fault::Broken(format!("copying {} to {}: {error}", from.display(), to.display()))
    };
    let (source, mut target) = open().map_err(said)?;
    let copy = Backup::new(&source, &mut target).map_err(said)?;
    loop {
        let step = copy.step(STEP_PAGES).map_err(said)?;
        let progress = copy.progress();
        let of_pages = u64::try_from(progress.pagecount).unwrap_or_default();
        let left = u64::try_from(progress.remaining).unwrap_or_default();
        after_step(Copied { pages: of_pages.saturating_sub(left), of_pages })?;
        if step == StepResult::Done {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_of_one_moment_and_does_not_begin_again_while_others_write() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        let writer = Connection::open(&from).unwrap();
        writer.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (n, x)").unwrap();
        let insert = |number: i64| {
            let sql = "INSERT INTO t VALUES (?1, randomblob(100000))";
            writer.execute(sql, [number]).unwrap();
        };
        (0..100).for_each(insert);
        let mut steps = 0;
        copy_file(&from, &to, |copied| {
            assert!(copied.pages <= copied.of_pages);
            steps += 1;
            insert(100 + steps);
            Ok(())
        })
        .unwrap();
        assert!((8..20).contains(&steps), "{steps}");
        let copy = Connection::open(&to).unwrap();
        let read = |sql| copy.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(read("SELECT COUNT(*) || ' ' || MAX(n) FROM t"), "100 99");
        assert_eq!(read("PRAGMA integrity_check"), "ok");
    }

    #[test]
    fn a_file_that_is_no_database_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        std::fs::write(&from, "no database".repeat(1000)).unwrap();
        let Err(Fault::Broken(text)) = copy_file(&from, &to, |_| Ok(())) else {
            panic!("it was copied");
        };
        assert!(text.contains("from") && text.contains("not a database"), "{text}");
    }
}
