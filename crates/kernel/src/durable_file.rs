//! Files that are complete or missing after a crash.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::Path;

/// Writes a file of `folder` with mode 0600, and returns when it is on disk. A file that was there
/// is replaced as a whole.
///
/// The file of a command that root runs belongs to the owner of the folder, whose server reads it.
pub fn write_durably(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let (path, new) = (folder.join(name), folder.join(format!("{name}.new")));
    // A file that a crash left, or that somebody else made, would keep its mode.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(&new)?;
    let owner = fs::metadata(folder)?;
    if file.metadata()?.uid() != owner.uid() {
        // Another user than root cannot give a file away, and keeps it.
        fchown(&file, Some(owner.uid()), Some(owner.gid())).ok();
    }
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, &path)?;
    File::open(folder)?.sync_all()
}
