//! The files of the audit archive in a backup: `audit/<year>/<month>/<digests>.jsonl.zst`. They never change.

use std::path::{Path, PathBuf};

use kernel::archive::Folder;
use policy::Permit;
use store::Db;
use store::archive::{self as entries, ArchiveFile, ArchiveState};

use super::digest::{Digesting, digest};
use super::manifest::{Manifest, Part};
use super::meter::Meter;
use super::place::{Place, Settled};
use crate::words::say;

/// Begin of their names in a backup.
pub(super) const BEGIN: &str = "audit/";

/// Maximum number of files per read.
const FILES_AT_ONCE: i64 = 100;

/// Copies the files that a database names, if they are not there yet.
pub(super) fn copy(
    archive: &Folder,
    (db, permit): (&Db, &Permit),
    before: Option<&Manifest>,
    place: &mut dyn Place,
    meter: &mut Meter,
) -> Result<Vec<Part>, String> {
    meter.begin("copying the audit archive");
    let (mut parts, mut after) = (Vec::new(), 0);
    loop {
        let mut read = db.read(permit).map_err(say)?;
        let files = entries::list(&mut read, after, FILES_AT_ONCE).map_err(say)?;
        drop(read);
        let Some(last) = files.last() else { return Ok(parts) };
        after = last.first_digest;
        for file in files.iter().filter(|file| has_events(file)) {
            parts.push(copy_one(archive, &file.name, before, place, meter)?);
        }
    }
}

fn has_events(file: &ArchiveFile) -> bool {
    match file.state {
        ArchiveState::Moving | ArchiveState::Moved => true,
        ArchiveState::Writing | ArchiveState::Left | ArchiveState::Removing => false,
    }
}

fn copy_one(
    archive: &Folder,
    name: &str,
    before: Option<&Manifest>,
    place: &mut dyn Place,
    meter: &mut Meter,
) -> Result<Part, String> {
    let file = format!("{BEGIN}{name}");
    let known = before.and_then(|before| before.archive.iter().find(|part| part.file == file));
    if let Some(known) = known
        && place.size(&file)? == Some(known.bytes)
    {
        return Ok(known.clone());
    }
    let said = |error: std::io::Error| {
        format!(
            "{}: {error}. If it was removed for its age meanwhile, begin again; else run `portico audit verify`",
            archive.shown(name)
        )
    };
    let from = archive.open(name).map_err(said)?;
    let bytes = from.metadata().map_err(said)?.len();
    let mut from = Digesting::new(from, meter);
    place.store(&file, bytes, &mut from)?;
    let part = Part::new(file.as_str(), from.finish());
    if place.settle()? == Settled::Confirmed {
        return Ok(part);
    }
    let missing = || format!("{}/{file} is missing after it was written", place.name());
    let stored = digest(place.open(&file)?.ok_or_else(missing)?, meter).map_err(said)?;
    part.require(&stored, &place.name())?;
    Ok(part)
}

/// Where a file belongs in a restored data folder. `None` if it has no name of one.
pub(super) fn path(data: &Path, manifest: &Manifest, part: &Part) -> Option<PathBuf> {
    let name = part.file.strip_prefix(BEGIN).filter(|name| Folder::is_name(name))?;
    // As the servers have it by default.
    let folder = if manifest.database.is_some() { "audit" } else { "objects/audit" };
    Some(data.join(folder).join(name))
}
