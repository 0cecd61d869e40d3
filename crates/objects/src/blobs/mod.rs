//! The files that hold the bytes of objects: `<data>/objects/<2 digits>/<32 digits>`.
//!
//! INVARIANT: the name of a file is random and never derived from client input, so no key can be a
//! path. A file is written once, flushed, and only then named by a row of the database. When its object goes, the row
//! of `unlinked_file` names it, until it is removed by age (`unlinked_files`). A crash in between leaves a file without a
//! row, never a row of an object without a file, and [`Blobs::sweep`] removes it at the next start.
//!
//! Everything here blocks; it runs on the threads of `disk` or on a worker.

mod disk_errors;
mod files;
mod new_blob;
mod sweep;
#[cfg(test)]
mod tests;

pub use files::{Blobs, read_exact_at};
pub use new_blob::NewBlob;
