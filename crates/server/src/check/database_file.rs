//! The file of the embedded database before SQLite opens it: is it one, and is all of it there?
//!
//! SQLite takes an empty file for a new database, and a file that was cut off for a whole one until it meets what is
//! missing. SQLite, "Database File Format", §1.3, has the header.
//!
//! INVARIANT: this runs before SQLite has the file open in this process. Closing it would release SQLite's locks.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

const HEADER_BYTES: usize = 100;
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// What to do with a file that cannot be the database.
const RESTORE: &str = "Restore a backup with `portico restore` into another folder";

/// Fails for a file that cannot be the database of a server. A missing file may be. `was_served` tells that a server has
/// served from the folder: its database is not empty.
pub(crate) fn require_sound(path: &Path, was_served: bool) -> Result<(), String> {
    let said = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(said(error)),
    };
    let length = file.metadata().map_err(said)?.len();
    let mut header = [0; HEADER_BYTES];
    let has_log = path.with_extension("sqlite-wal").metadata().is_ok_and(|log| log.len() > 0);
    if length == 0 {
        // A first start that was cut off leaves an empty file too, and may leave all of it in the log.
        if !was_served || has_log {
            return Ok(());
        }
        return Err(format!(
            "{} is empty, and a server has served from this folder: its data is lost. {RESTORE}. To begin a new \
             organisation, delete the folder",
            path.display()
        ));
    }
    let is_whole_header = file.read_exact(&mut header).is_ok();
    if !is_whole_header || !header.starts_with(MAGIC) {
        return Err(format!(
            "{} is not an SQLite database: its beginning is damaged, or another file took its place. {RESTORE}",
            path.display()
        ));
    }
    let page_bytes = match number(&header, 16, 2) {
        1 => 65_536,
        bytes => bytes,
    };
    let bytes = number(&header, 28, 4).saturating_mul(page_bytes);
    // With a log the end of the file may be there alone, after a power cut.
    if length < bytes && !has_log {
        return Err(format!(
            "{} has {length} bytes and should have {bytes}: it was cut off. {RESTORE}",
            path.display()
        ));
    }
    Ok(())
}

/// A number of the header, with its most significant byte first.
fn number(header: &[u8; HEADER_BYTES], at: usize, bytes: usize) -> u64 {
    let bytes = header.iter().skip(at).take(bytes);
    bytes.fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn complaint(bytes: &[u8], was_served: bool) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portico.sqlite");
        fs::write(&path, bytes).unwrap();
        require_sound(&path, was_served).err()
    }

    #[test]
    fn a_file_that_cannot_be_the_database_is_refused() {
        let mut whole = vec![0; 8192];
        whole[..16].copy_from_slice(MAGIC);
        whole[16..18].copy_from_slice(&4096_u16.to_be_bytes());
        whole[28..32].copy_from_slice(&2_u32.to_be_bytes());
        assert_eq!(complaint(&whole, true), None);
        assert_eq!(complaint(b"", false), None);
        for (bytes, words) in [
            (&b""[..], "is empty, and a server has served"),
            (&whole[..8191], "has 8191 bytes and should have 8192: it was cut off"),
            (&whole[1..], "is not an SQLite database"),
            (b"SQLite format 3\0", "is not an SQLite database"),
        ] {
            let said = complaint(bytes, true).unwrap();
            assert!(said.contains(words) && said.contains("portico restore"), "{said}");
        }
        assert_eq!(require_sound(Path::new("/nowhere/portico.sqlite"), true), Ok(()));
    }

    #[test]
    fn a_file_with_a_log_may_have_its_end_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portico.sqlite");
        fs::write(&path, b"").unwrap();
        fs::write(folder.path().join("portico.sqlite-wal"), b"log").unwrap();
        assert_eq!(require_sound(&path, true), Ok(()));
    }
}
