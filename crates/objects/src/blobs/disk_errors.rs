//! Folders of files, and what the errors of the disk mean.

use std::fs::{DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use model::Fault;

use crate::refusal::Refusal;

const PRIVATE_FOLDER: u32 = 0o700;

pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(PRIVATE_FOLDER).create(path)
}

/// Returns when the names in a folder are on disk.
pub(super) fn flush_folder(path: &Path) -> Result<(), Fault> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(broken(path))
}

/// Tells whether a second name for a file cannot be made here.
pub(super) fn is_without_links(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::TooManyLinks
            | ErrorKind::Unsupported
            | ErrorKind::PermissionDenied
            | ErrorKind::CrossesDevices
    )
}

/// The refusal of a write that failed.
pub(super) fn unwritten(error: &io::Error) -> Refusal {
    if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        tracing::error!(%error, "no room for an object");
        Refusal::disk_full()
    } else {
        Fault::broken_at("a file for an object", error).into()
    }
}

/// The fault of an operation on `path`.
pub(super) fn broken(path: &Path) -> impl Fn(io::Error) -> Fault {
    let path = path.to_owned();
    move |error| Fault::broken(format_args!("{}: {error}", path.display()))
}
