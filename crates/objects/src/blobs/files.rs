//! Making, finding and removing one file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::object::BlobId;
use model::{Fault, Random};

use super::disk_errors::{broken, flush_folder, is_without_links, make_folder, unwritten};
use super::new_blob::NewBlob;
use crate::refusal::Refusal;

const PRIVATE_FILE: u32 = 0o600;

/// The files of all objects.
pub struct Blobs {
    pub(super) root: PathBuf,
    pub(super) random: Arc<dyn Random>,
}

impl Blobs {
    /// The files under `root`, which is made if it is missing.
    pub fn open(root: &Path, random: Arc<dyn Random>) -> Result<Self, Fault> {
        if !root.is_dir() {
            make_folder(root).map_err(broken(root))?;
            flush_folder(root.parent().unwrap_or(root))?;
        }
        Ok(Self { root: root.to_owned(), random })
    }

    /// The folder of the files.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A new, empty file.
    pub fn create(&self) -> Result<NewBlob, Refusal> {
        let id = BlobId::random(&*self.random);
        let path = self.path(&id);
        let create =
            || OpenOptions::new().write(true).create_new(true).mode(PRIVATE_FILE).open(&path);
        let file = self.with_shard(&path, create).map_err(|error| unwritten(&error))?;
        Ok(NewBlob::new(id, path, file))
    }

    /// Calls `make`, and makes the folder first if the file is the first one in it.
    fn with_shard<T>(&self, path: &Path, make: impl Fn() -> io::Result<T>) -> io::Result<T> {
        match make() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                make_folder(path.parent().unwrap_or(path))?;
                File::open(&self.root)?.sync_all()?;
                make()
            }
            outcome => outcome,
        }
    }

    /// A second name for the bytes of `id`, or `None` if the file does not exist.
    ///
    /// The bytes are shared on the disk; unlinking one name leaves the other.
    pub fn link(&self, id: &BlobId) -> Result<Option<NewBlob>, Refusal> {
        let link_id = BlobId::random(&*self.random);
        let path = self.path(&link_id);
        let source = self.path(id);
        if self.find(id)?.is_none() {
            return Ok(None);
        }
        match self.with_shard(&path, || fs::hard_link(&source, &path)) {
            Ok(()) => {}
            // The file was removed meanwhile.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            // File systems limit the number of names of a file, some of them to one.
            Err(error) if is_without_links(&error) => return self.copy(id),
            Err(error) => return Err(unwritten(&error)),
        }
        match OpenOptions::new().write(true).open(&path) {
            Ok(file) => Ok(Some(NewBlob::new(link_id, path, file))),
            Err(error) => {
                fs::remove_file(&path).ok();
                Err(unwritten(&error))
            }
        }
    }

    pub(super) fn copy(&self, id: &BlobId) -> Result<Option<NewBlob>, Refusal> {
        let Some(mut source) = self.find(id)? else { return Ok(None) };
        let mut blob = self.create()?;
        io::copy(&mut source, &mut blob.file).map_err(|error| unwritten(&error))?;
        Ok(Some(blob))
    }

    /// The file, if it exists. It stays readable when it is unlinked meanwhile.
    pub fn find(&self, id: &BlobId) -> Result<Option<File>, Fault> {
        let path = self.path(id);
        match File::open(&path) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(broken(&path)(error)),
        }
    }

    /// Removes a file, if it exists.
    ///
    /// A failure leaves an orphan, which the next sweep removes.
    pub fn unlink(&self, id: &BlobId) {
        match fs::remove_file(self.path(id)) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(%error, blob = %id, "a file stays behind until the next sweep");
            }
        }
    }

    pub(super) fn path(&self, id: &BlobId) -> PathBuf {
        let shard = id.as_str().get(..2).unwrap_or_default();
        self.root.join(shard).join(id.as_str())
    }
}

/// Reads `length` bytes from `offset`, all of them or none.
pub fn read_exact_at(file: &File, offset: u64, length: usize) -> Result<Vec<u8>, Fault> {
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, offset)
        .map_err(|error| Fault::broken_at("a file with bytes of an object", error))?;
    Ok(bytes)
}
