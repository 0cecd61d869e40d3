//! A file of the archive that is being written: complete or missing after a crash.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// File that is being written. It has its name once it is kept.
#[derive(Debug)]
pub struct NewFile {
    pub file: File,
    new: PathBuf,
    path: PathBuf,
}

impl NewFile {
    /// Begins the file of a path. `holder` names this process.
    pub(super) fn create(path: PathBuf, holder: &str) -> io::Result<Self> {
        if let Some(month) = path.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(month)?;
            remove_unfinished(month, &path)?;
        }
        let mut new = path.clone().into_os_string();
        new.push(format!(".{holder}.new"));
        let new = PathBuf::from(new);
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).mode(0o600).open(&new)?;
        Ok(Self { file, new, path })
    }

    /// Gives the file its name. Returns when it is on disk.
    pub fn keep(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.new, &self.path)?;
        let folders = self.path.ancestors().skip(1).take(3);
        folders.into_iter().try_for_each(sync)
    }

    /// Removes the file again.
    pub fn discard(self) -> io::Result<()> {
        fs::remove_file(&self.new)
    }
}

fn remove_unfinished(month: &Path, path: &Path) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    for entry in fs::read_dir(month)? {
        let entry = entry?;
        let found = entry.file_name();
        let found = found.as_encoded_bytes();
        if found.starts_with(name) && found.ends_with(b".new") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Waits until the names in a folder are on disk.
pub(super) fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
