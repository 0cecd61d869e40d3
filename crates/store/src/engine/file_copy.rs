//! A copy of an SQLite file while others write to it.
//!
//! The connection holds one read transaction, so that every page is of one moment and a commit of others does not make
//! the copy begin again, as `sqlite3 FILE .backup` does. Then the write-ahead log is copied and applied, so that the
//! commits that came meanwhile are there too.
//!
//! INVARIANT: the log has every commit since the read transaction began. A log begins again only when all of it is in the
//! database file; what comes after the read transaction does not get there before that ends. SQLite, "WAL-mode File
//! Format", §2.3: the frames of a log replace the pages of the file, so frames that the pages have already do no harm, and
//! a frame that is not whole ends the log.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use model::Fault;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

/// Number of pages per step: 1 MiB, at 4 KiB each.
const STEP_PAGES: i32 = 256;

/// Bytes of the header of a log, which has other numbers each time that the log begins again.
const LOG_HEADER_BYTES: usize = 32;

/// How far a copy has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Copied {
    /// Pages of the moment at which the copy began.
    Pages { pages: u64, of_pages: u64 },
    /// All of these. What is committed before this call is in the copy.
    AllPages,
}

/// Copies the database file `from` to `to`, which is an empty file or missing. Calls `after_step` after each step, which
/// may wait. The copy is on the disk once the caller has flushed it.
pub fn copy_file(
    from: &Path,
    to: &Path,
    mut after_step: impl FnMut(Copied) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let said = |error: &str| {
        Fault::Broken(format!("copying {} to {}: {error}", from.display(), to.display()))
    };
    let of_sqlite = |error: rusqlite::Error| said(&error.to_string());
    let source = read_still(from).map_err(of_sqlite)?;
    let mut target = open_unsafe(to).map_err(of_sqlite)?;
    let copy = Backup::new(&source, &mut target).map_err(of_sqlite)?;
    loop {
        let step = copy.step(STEP_PAGES).map_err(of_sqlite)?;
        let progress = copy.progress();
        let of_pages = u64::try_from(progress.pagecount).unwrap_or_default();
        let left = u64::try_from(progress.remaining).unwrap_or_default();
        after_step(Copied::Pages { pages: of_pages.saturating_sub(left), of_pages })?;
        if step == StepResult::Done {
            break;
        }
    }
    drop(copy);
    target.close().map_err(|(_, error)| of_sqlite(error))?;
    after_step(Copied::AllPages)?;
    copy_log(&log_of(from), &log_of(to)).map_err(|error| said(&error.to_string()))?;
    drop(source);
    apply_log(to).map_err(of_sqlite)
}

/// Opens a database whose pages stay as they are, for as long as the connection lives.
fn read_still(path: &Path) -> rusqlite::Result<Connection> {
    let source = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    source.execute_batch("PRAGMA busy_timeout = 5000; BEGIN")?;
    source.query_row("SELECT COUNT(*) FROM sqlite_master", [], |_| Ok(()))?;
    Ok(source)
}

/// Opens a copy for writing. One that is cut off is thrown away, so it needs neither a journal nor a flush.
fn open_unsafe(path: &Path) -> rusqlite::Result<Connection> {
    let target = Connection::open(path)?;
    target.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
    Ok(target)
}

fn log_of(path: &Path) -> PathBuf {
    let mut log = path.to_owned().into_os_string();
    log.push("-wal");
    log.into()
}

/// Copies a log to which others write.
fn copy_log(from: &Path, to: &Path) -> io::Result<()> {
    loop {
        let mut log = match File::open(from) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            log => log?,
        };
        let mut copy =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(to)?;
        let header = header(from)?;
        io::copy(&mut log, &mut copy)?;
        // It may have begun again under the copy, once at most.
        if header == self::header(from)? {
            return Ok(());
        }
    }
}

fn header(log: &Path) -> io::Result<Vec<u8>> {
    let mut header = Vec::new();
    File::open(log)?.take(LOG_HEADER_BYTES as u64).read_to_end(&mut header)?;
    Ok(header)
}

/// Moves the log of a copy into its file.
fn apply_log(path: &Path) -> rusqlite::Result<()> {
    let copy = Connection::open(path)?;
    copy.execute_batch("PRAGMA synchronous = OFF; PRAGMA wal_checkpoint(TRUNCATE)")?;
    copy.close().map_err(|(_, error)| error)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Copies a database to which each step adds a row, and `at_end` more of them.
    fn copied_under_writes(checkpoint: &str, at_end: i64) {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        let writer = Connection::open(&from).unwrap();
        let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; \
            PRAGMA busy_timeout = 0; PRAGMA wal_autocheckpoint = 0";
        writer.execute_batch(pragmas).unwrap();
        writer.execute_batch("CREATE TABLE t (n, x)").unwrap();
        let insert = |number: i64| {
            let sql = "INSERT INTO t VALUES (?1, randomblob(100000))";
            writer.execute(sql, [number]).unwrap();
        };
        (0..100).for_each(insert);
        writer.execute_batch(checkpoint).unwrap();
        let (mut steps, mut count) = (0, 100);
        copy_file(&from, &to, |copied| {
            let more = match copied {
                Copied::Pages { pages, of_pages } => {
                    assert!(pages <= of_pages);
                    steps += 1;
                    1
                }
                Copied::AllPages => at_end,
            };
            (count..count + more).for_each(insert);
            writer.execute_batch(checkpoint).unwrap();
            count += more;
            Ok(())
        })
        .unwrap();
        assert!((8..20).contains(&steps), "{steps}");
        // The log is in the file, so the file alone is the copy.
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
        let copy = Connection::open(&to).unwrap();
        let read = |sql| copy.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(
            read("SELECT COUNT(*) || ' ' || MAX(n) FROM t"),
            format!("{count} {}", count - 1)
        );
        assert_eq!(read("PRAGMA integrity_check"), "ok");
    }

    #[test]
    fn a_copy_does_not_begin_again_while_others_write_and_has_all_that_they_wrote() {
        for checkpoint in ["", "PRAGMA wal_checkpoint(PASSIVE)", "PRAGMA wal_checkpoint(TRUNCATE)"]
        {
            for at_end in [0, 1, 30] {
                copied_under_writes(checkpoint, at_end);
            }
        }
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
