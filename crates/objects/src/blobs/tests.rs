//! Files of objects: made, kept, shared, leased, swept.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

use model::Fault;
use model::object::BlobId;

use super::disk_errors::unwritten;
use super::{Blobs, read_exact_at};
use crate::testing::random;

fn blobs(root: &Path) -> Blobs {
    Blobs::open(root, Arc::new(random())).unwrap()
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
