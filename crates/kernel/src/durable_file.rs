//! Files that are complete or missing after a crash.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Writes a file of `folder` with mode 0600, and returns when it is on disk. A file that was there
/// is replaced as a whole.
pub fn write_durably(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let (path, new) = (folder.join(name), folder.join(format!("{name}.new")));
    // A file that a crash left, or that somebody else made, would keep its mode.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, &path)?;
    File::open(folder)?.sync_all()
}
