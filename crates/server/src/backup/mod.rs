//! Backups: what a folder, or a part of a bucket, has to hold so that a server can be made of it again (decision 0034).
//!
//! ```text
//! DIR/manifest.json                  written last: without it, DIR is no backup
//! DIR/database-<id>.sqlite           the database of one moment; absent for PostgreSQL
//! DIR/objects/<2 digits>/<32 digits> the files of objects
//! DIR/files-<id>.sha256              their digests, as `sha256sum --check` reads them
//! DIR/portico.key                    only if it was asked for
//! ```
//!
//! INVARIANT: the manifest names everything by digest, and is replaced in one step. A backup into the same place leaves
//! the former one whole until then, and takes over its files of objects, which never change.

mod archive_files;
mod bucket;
mod digest;
mod file_list;
mod files;
mod folder;
mod manifest;
mod meter;
mod opened;
mod place;
mod restore;
mod whole;

pub(crate) use self::manifest::key_fingerprint;
pub(crate) use self::meter::Meter;
pub(crate) use self::opened::open;
pub(crate) use self::restore::{UNFINISHED, restore};
pub(crate) use self::whole::{Source, make};
