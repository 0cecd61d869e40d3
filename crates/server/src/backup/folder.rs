//! A backup in a folder.
//!
//! INVARIANT: a file has its name only once its bytes are on the disk. Until then it ends with `.new`. So a backup that
//! was cut off goes on with what has a name.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::place::{Entry, Place, Settled};

/// The end of the name of a file that is not on the disk yet.
const NEW: &str = ".new";

/// Maximum number of files, and of bytes, that wait for the disk together.
const WAITING_MAX: usize = 500;
const WAITING_BYTES_MAX: u64 = 32 * 1024 * 1024;

pub(crate) struct Folder {
    root: PathBuf,
    /// Names of files whose bytes may not be on the disk yet.
    waiting: Vec<String>,
    waiting_bytes: u64,
}

impl Folder {
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_owned(), waiting: Vec::new(), waiting_bytes: 0 }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    fn said(&self, file: &str) -> impl Fn(io::Error) -> String {
        let path = self.path(file);
        move |error| format!("{}: {error}", path.display())
    }
}

impl Place for Folder {
    fn name(&self) -> String {
        self.root.display().to_string()
    }

    fn open(&self, file: &str) -> Result<Option<Box<dyn Read>>, String> {
        match File::open(self.path(file)) {
            Ok(opened) => Ok(Some(Box::new(opened))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.said(file)(error)),
        }
    }

    fn size(&self, file: &str) -> Result<Option<u64>, String> {
        match fs::metadata(self.path(file)) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.said(file)(error)),
        }
    }

    fn store(&mut self, file: &str, size: u64, bytes: &mut dyn Read) -> Result<(), String> {
        let path = self.path(&format!("{file}{NEW}"));
        let folder = path.parent().unwrap_or(&self.root);
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(self.said(file))?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(self.said(file)(error));
            }
            Ok(()) | Err(_) => {}
        }
        let to = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let copied = to.and_then(|mut to| io::copy(bytes, &mut to)).map_err(self.said(file))?;
        if copied != size {
            return Err(format!("{} has {copied} bytes and not {size}", path.display()));
        }
        self.waiting.push(file.to_owned());
        self.waiting_bytes += size;
        if self.waiting.len() >= WAITING_MAX || self.waiting_bytes >= WAITING_BYTES_MAX {
            self.settle()?;
        }
        Ok(())
    }

    fn scratch(&self) -> Option<&Path> {
        Some(&self.root)
    }

    fn adopt(&mut self, file: &str, from: &Path) -> Result<(), String> {
        fs::rename(from, self.path(&format!("{file}{NEW}"))).map_err(self.said(file))?;
        self.waiting.push(file.to_owned());
        Ok(())
    }

    fn settle(&mut self) -> Result<Settled, String> {
        if self.waiting.is_empty() {
            return Ok(Settled::Unread);
        }
        let flush = || -> io::Result<()> { Ok(rustix::fs::syncfs(File::open(&self.root)?)?) };
        flush().map_err(self.said(""))?;
        for file in &self.waiting {
            let renamed = fs::rename(self.path(&format!("{file}{NEW}")), self.path(file));
            renamed.map_err(self.said(file))?;
        }
        flush().map_err(self.said(""))?;
        self.waiting.clear();
        self.waiting_bytes = 0;
        Ok(Settled::Unread)
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, String> {
        let entries = match fs::read_dir(self.path(folder)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(self.said(folder))?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry.map_err(self.said(folder))?;
            let name = format!("{folder}{}", entry.file_name().to_string_lossy());
            let metadata = entry.metadata().map_err(self.said(&name))?;
            found.push(if metadata.is_dir() {
                Entry { name: format!("{name}/"), bytes: None }
            } else {
                Entry { name, bytes: Some(metadata.len()) }
            });
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    fn remove(&mut self, file: &str) -> Result<(), String> {
        match fs::remove_file(self.path(file)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(self.said(file)(error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}
