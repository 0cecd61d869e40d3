//! Whether a write would succeed, found out without writing a row.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use model::Fault;

use crate::moment::Moment;

/// Time for which an answer holds. A look costs a sync of the disk, and strangers may ask.
const ANSWER_TIME: Duration = Duration::from_secs(1);

/// Number of bytes that must have room: about what the log of a few transactions takes.
const ROOM_BYTES: usize = 64 * 1024;

/// The last answer.
#[derive(Default)]
pub(crate) struct Writable(Mutex<Option<(Moment, Result<(), Fault>)>>);

impl Writable {
    /// Returns the last answer, or looks if that is too old.
    pub(crate) fn require(&self, look: impl FnOnce() -> Result<(), Fault>) -> Result<(), Fault> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, answer)) = &*last
            && at.is_within(ANSWER_TIME)
        {
            return answer.clone();
        }
        let answer = look();
        *last = Some((Moment::now(), answer.clone()));
        answer
    }
}

/// Fails if the folder of the database takes no new bytes.
pub(crate) fn require_room_beside(database: &Path) -> Result<(), Fault> {
    let path = database.with_extension("room");
    let write = || {
        let mut options = fs::OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&path)?;
        file.write_all(&vec![0; ROOM_BYTES])?;
        file.sync_data()
    };
    let written = write();
    // A full disk gets back what was written of it.
    fs::remove_file(&path).ok();
    written.map_err(|why| Fault::Unavailable(format!("{} takes no writes: {why}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_room_keeps_nothing_and_one_that_is_missing_is_told() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(require_room_beside(&folder.path().join("db.sqlite")), Ok(()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let missing = folder.path().join("missing/db.sqlite");
        let Err(Fault::Unavailable(why)) = require_room_beside(&missing) else {
            panic!("no folder")
        };
        assert!(why.contains("takes no writes"), "{why}");
    }

    #[test]
    fn a_look_is_taken_once_a_second_at_most() {
        let writable = Writable::default();
        assert_eq!(writable.require(|| Err(Fault::Busy)), Err(Fault::Busy));
        assert_eq!(writable.require(|| panic!("a second look")), Err(Fault::Busy));
    }
}
