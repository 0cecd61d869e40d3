//! The files that hold the bytes of objects: `<data>/objects/<2 digits>/<32 digits>`.
//!
//! INVARIANT: the name of a file is random and never derived from what a client says, so no key can
//! be a path. A file is written once, flushed, and only then named by a row of the database; it is
//! unlinked only when no committed row names it any more. A crash in between leaves a file without
//! a row, never a row without a file, and [`Blobs::sweep`] finds it at the next start.
//!
//! Everything here blocks; it runs on the threads of `disk` or on a worker. It is one file because
//! making, naming and removing a file are halves of one promise, and are read together.

use std::collections::{HashMap, HashSet};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use model::object::{BlobId, Content, UploadId};
use model::{Fault, Random};

use crate::refusal::Refusal;

const PRIVATE_FOLDER: u32 = 0o700;
const PRIVATE_FILE: u32 = 0o600;

/// All files with bytes of objects.
pub struct Blobs {
    root: PathBuf,
    random: Arc<dyn Random>,
    leases: Mutex<HashMap<UploadId, Leased>>,
}

/// The promise that the files of an object's parts stay until it is dropped, though they may be
/// opened one after the other.
pub struct Lease {
    blobs: Arc<Blobs>,
    upload_id: UploadId,
}

#[derive(Default)]
struct Leased {
    leases: usize,
    /// What no row names any more; it goes with the last lease.
    doomed: Vec<BlobId>,
}

/// A file that no row names yet. Unless it is kept, dropping it unlinks it.
pub struct NewBlob {
    id: BlobId,
    path: PathBuf,
    file: File,
    kept: bool,
}

impl Blobs {
    /// The files under `root`, which is made if it is not there.
    pub fn open(root: &Path, random: Arc<dyn Random>) -> Result<Self, Fault> {
        if !root.is_dir() {
            make_folder(root).map_err(broken(root))?;
            flush_folder(root.parent().unwrap_or(root))?;
        }
        Ok(Self { root: root.to_owned(), random, leases: Mutex::default() })
    }

    /// A new, empty file.
    pub fn create(&self) -> Result<NewBlob, Refusal> {
        let id = BlobId::random(&*self.random);
        let path = self.path(&id);
        let create =
            || OpenOptions::new().write(true).create_new(true).mode(PRIVATE_FILE).open(&path);
        let file = self.with_shard(&path, create).map_err(|error| unwritten(&error))?;
        Ok(NewBlob { file, id, path, kept: false })
    }

    /// Does what makes a file, and makes the folder first if it is the first file in it.
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

    /// A second name for the bytes of `id`, or `None` if there is no such file.
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
            // It went since it was looked for.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            // A file has a greatest number of names, and some file systems know one name only.
            Err(error) if is_without_links(&error) => return self.copy(id),
            Err(error) => return Err(unwritten(&error)),
        }
        match OpenOptions::new().write(true).open(&path) {
            Ok(file) => Ok(Some(NewBlob { id: link_id, path, file, kept: false })),
            Err(error) => {
                fs::remove_file(&path).ok();
                Err(unwritten(&error))
            }
        }
    }

    fn copy(&self, id: &BlobId) -> Result<Option<NewBlob>, Refusal> {
        let Some(mut source) = self.find(id)? else { return Ok(None) };
        let mut blob = self.create()?;
        io::copy(&mut source, &mut blob.file).map_err(|error| unwritten(&error))?;
        Ok(Some(blob))
    }

    /// The file, if it is there. It stays readable when it is unlinked meanwhile.
    pub fn find(&self, id: &BlobId) -> Result<Option<File>, Fault> {
        let path = self.path(id);
        match File::open(&path) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(broken(&path)(error)),
        }
    }

    /// Removes a file that no row names any more.
    ///
    /// A failure leaves an orphan, which the next sweep removes; the caller's work is done already.
    pub fn unlink(&self, id: &BlobId) {
        match fs::remove_file(self.path(id)) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(%error, blob = %id, "a file stays behind until the next sweep");
            }
        }
    }

    /// Removes files of `content` that no row names any more, as soon as nobody reads from it.
    pub fn discard(&self, content: &Content, files: Vec<BlobId>) {
        // A file in one piece stays readable for those who have it open.
        if let Content::Parts { upload_id, .. } = content
            && let Some(leased) = self.leases().get_mut(upload_id)
        {
            leased.doomed.extend(files);
            return;
        }
        for id in &files {
            self.unlink(id);
        }
    }

    /// Keeps the files of an object's parts from being removed.
    ///
    /// Whoever has a lease must look again whether the object is still there: it may have gone,
    /// with its files, just before.
    #[must_use]
    pub fn lease(self: &Arc<Self>, upload_id: &UploadId) -> Lease {
        self.leases().entry(upload_id.clone()).or_default().leases += 1;
        Lease { blobs: Arc::clone(self), upload_id: upload_id.clone() }
    }

    fn leases(&self) -> MutexGuard<'_, HashMap<UploadId, Leased>> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes the files that no row names and that nobody wrote to for `age_min`.
    ///
    /// `named` tells which files of a shard rows name. Files of uploads that are under way have no
    /// row yet; where other processes may be writing, `age_min` must be longer than any upload.
    pub fn sweep(
        &self,
        age_min: Duration,
        mut named: impl FnMut(&str) -> Result<HashSet<BlobId>, Fault>,
    ) -> Result<u64, Refusal> {
        // The disk's own clock, because the files' times are by it: that of a file just made.
        let now = self.create()?.file.metadata();
        let now = now.and_then(|metadata| metadata.modified()).map_err(broken(&self.root))?;
        let mut removed = 0;
        for shard in shards() {
            let folder = self.root.join(&shard);
            // The folder is read before the rows: what is written later is no orphan yet.
            let files = match fs::read_dir(&folder) {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                files => files.and_then(Iterator::collect::<io::Result<Vec<_>>>),
            };
            let files = files.map_err(broken(&folder))?;
            let named = named(&shard)?;
            for file in files {
                let name = file.file_name();
                let id = name.to_str().and_then(|name| name.parse::<BlobId>().ok());
                // What Portico did not put here, Portico does not remove.
                let id = id.filter(|id| id.as_str().starts_with(&shard) && !named.contains(id));
                let Some(id) = id else { continue };
                let modified = file.metadata().and_then(|metadata| metadata.modified());
                let age = modified.ok().and_then(|then| now.duration_since(then).ok());
                if age.unwrap_or_default() >= age_min {
                    self.unlink(&id);
                    removed += 1;
                }
            }
        }
        Ok(removed)
    }

    fn path(&self, id: &BlobId) -> PathBuf {
        let shard = id.as_str().get(..2).unwrap_or_default();
        self.root.join(shard).join(id.as_str())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut leases = self.blobs.leases();
        let Some(parts) = leases.get_mut(&self.upload_id) else { return };
        parts.leases = parts.leases.saturating_sub(1);
        if parts.leases > 0 {
            return;
        }
        let doomed = leases.remove(&self.upload_id).map(|leased| leased.doomed);
        drop(leases);
        for id in doomed.unwrap_or_default() {
            self.blobs.unlink(&id);
        }
    }
}

impl NewBlob {
    #[must_use]
    pub fn id(&self) -> &BlobId {
        &self.id
    }

    /// Adds bytes at the end.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        self.file.write_all(bytes).map_err(|error| unwritten(&error))
    }

    /// Returns when the bytes and the name of the file are on disk.
    pub fn flush(&self) -> Result<(), Refusal> {
        self.file.sync_all().map_err(|error| unwritten(&error))?;
        let folder = self.path.parent().unwrap_or(&self.path);
        Ok(flush_folder(folder)?)
    }

    /// Whether the file stays when this is dropped, because a row names it or is about to.
    pub fn keep(&mut self, kept: bool) {
        self.kept = kept;
    }
}

impl Drop for NewBlob {
    fn drop(&mut self) {
        if !self.kept {
            fs::remove_file(&self.path).ok();
        }
    }
}

/// Reads `length` bytes from `offset`, all of them or none.
pub fn read_exact_at(file: &File, offset: u64, length: usize) -> Result<Vec<u8>, Fault> {
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, offset)
        .map_err(|error| Fault::broken(format_args!("a file with bytes of an object: {error}")))?;
    Ok(bytes)
}

fn shards() -> impl Iterator<Item = String> {
    (0..=u8::MAX).map(|number| format!("{number:02x}"))
}

fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(PRIVATE_FOLDER).create(path)
}

fn flush_folder(path: &Path) -> Result<(), Fault> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(broken(path))
}

fn is_without_links(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::TooManyLinks
            | ErrorKind::Unsupported
            | ErrorKind::PermissionDenied
            | ErrorKind::CrossesDevices
    )
}

fn unwritten(error: &io::Error) -> Refusal {
    if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        tracing::error!(%error, "no room for an object");
        Refusal::disk_full()
    } else {
        Fault::broken(format_args!("a file for an object: {error}")).into()
    }
}

fn broken(path: &Path) -> impl Fn(io::Error) -> Fault {
    let path = path.to_owned();
    move |error| Fault::broken(format_args!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Sequence;

    fn blobs(root: &Path) -> Blobs {
        Blobs::open(root, Arc::new(Sequence::default())).unwrap()
    }

    fn stored(blobs: &Blobs, bytes: &[u8]) -> BlobId {
        let mut blob = blobs.create().unwrap();
        blob.write(bytes).unwrap();
        blob.flush().unwrap();
        blob.keep(true);
        blob.id().clone()
    }

    fn content(blobs: &Blobs, id: &BlobId) -> Option<Vec<u8>> {
        blobs.find(id).unwrap().map(|file| {
            let length = file.metadata().unwrap().len();
            read_exact_at(&file, 0, usize::try_from(length).unwrap()).unwrap()
        })
    }

    #[test]
    fn a_file_is_there_once_it_is_kept_and_gone_once_it_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs(folder.path());
        let kept = stored(&blobs, b"bytes");
        assert_eq!(content(&blobs, &kept).unwrap(), b"bytes");
        let mut dropped = blobs.create().unwrap();
        dropped.write(b"lost").unwrap();
        let id = dropped.id().clone();
        drop(dropped);
        assert!(blobs.find(&id).unwrap().is_none());
        blobs.unlink(&kept);
        assert!(blobs.find(&kept).unwrap().is_none());
        blobs.unlink(&kept);
    }

    #[test]
    fn files_are_for_the_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("objects");
        let blobs = blobs(&root);
        let path = blobs.path(&stored(&blobs, b""));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap()), mode(&root)), (0o600, 0o700, 0o700));
    }

    #[test]
    fn a_link_outlives_what_it_was_made_of() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs(folder.path());
        let first = stored(&blobs, b"bytes");
        let mut link = blobs.link(&first).unwrap().unwrap();
        link.flush().unwrap();
        link.keep(true);
        blobs.unlink(&first);
        assert_eq!(content(&blobs, link.id()).unwrap(), b"bytes");
        assert!(blobs.link(&first).unwrap().is_none());
        let copy = blobs.copy(link.id()).unwrap().unwrap();
        assert_eq!(content(&blobs, copy.id()).unwrap(), b"bytes");
    }

    #[test]
    fn parts_stay_while_someone_reads_them() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Arc::new(blobs(folder.path()));
        let upload_id = UploadId::random(&*blobs.random);
        let content = Content::Parts { upload_id: upload_id.clone(), count: 1 };
        let part = stored(&blobs, b"part");
        let (first, second) = (blobs.lease(&upload_id), blobs.lease(&upload_id));
        blobs.discard(&content, vec![part.clone()]);
        drop(first);
        assert!(blobs.find(&part).unwrap().is_some());
        drop(second);
        assert!(blobs.find(&part).unwrap().is_none());
        let part = stored(&blobs, b"part");
        blobs.discard(&content, vec![part.clone()]);
        assert!(blobs.find(&part).unwrap().is_none());
    }

    #[test]
    fn a_sweep_removes_what_no_row_names_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs(folder.path());
        let (named, orphan) = (stored(&blobs, b"1"), stored(&blobs, b"2"));
        let foreign = blobs.path(&named).with_file_name("README");
        fs::write(&foreign, "not ours").unwrap();
        let rows = |shard: &str| {
            Ok(HashSet::from_iter(Some(named.clone()).filter(|id| id.as_str().starts_with(shard))))
        };
        assert_eq!(blobs.sweep(Duration::from_hours(1), rows).unwrap(), 0);
        assert_eq!(blobs.sweep(Duration::ZERO, rows).unwrap(), 1);
        assert!(blobs.find(&named).unwrap().is_some());
        assert!(blobs.find(&orphan).unwrap().is_none());
        assert!(foreign.exists());
        let faulty = |_: &str| Err(Fault::broken("no database"));
        assert!(blobs.sweep(Duration::ZERO, faulty).is_err());
        assert!(blobs.find(&named).unwrap().is_some());
    }

    #[test]
    fn an_error_of_a_full_disk_has_a_refusal_of_its_own() {
        let code = |kind: ErrorKind| unwritten(&io::Error::from(kind)).code_text();
        assert_eq!(code(ErrorKind::StorageFull), "InsufficientStorage");
        assert_eq!(code(ErrorKind::QuotaExceeded), "InsufficientStorage");
        assert_eq!(code(ErrorKind::PermissionDenied), "InternalError");
    }

    #[test]
    fn a_file_that_is_too_short_is_an_error_and_no_short_answer() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs(folder.path());
        let file = blobs.find(&stored(&blobs, b"12345")).unwrap().unwrap();
        assert_eq!(read_exact_at(&file, 2, 3).unwrap(), b"345");
        assert!(read_exact_at(&file, 3, 3).is_err());
    }
}
