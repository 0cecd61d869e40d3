//! The files of objects against the rows that name them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;

use ::objects::checksum_of;
use policy::Permit;
use store::object::{NamedFile, files_between};
use store::{Db, Depth};

use super::Findings;
use crate::backup::Meter;
use crate::words::say;

/// Looks at each file that a row names. Returns the number of files that no row names.
pub(super) fn check_files(
    (db, permit): (&Db, &Permit),
    folder: &Path,
    depth: Depth,
    findings: &mut Findings,
) -> Result<u64, String> {
    let mut meter = Meter::new(0);
    let mut orphans = 0;
    for shard in (0..=u8::MAX).map(|number| format!("{number:02x}")) {
        let shard_folder = folder.join(&shard);
        // The folder is read before the rows: a file that is made meanwhile is no orphan, and one that goes is
        // looked for again.
        let there = lengths(&shard_folder)?;
        let named = files_between(&mut db.read(permit).map_err(say)?, &shard, &format!("{shard}g"));
        let named = named.map_err(say)?;
        for file in &named {
            let path = shard_folder.join(file.id.as_str());
            if let Some(finding) = finding(file, &path, &there, depth, &mut meter) {
                findings.add(&finding);
            }
        }
        let is_orphan = |name: &&String| !named.iter().any(|file| file.id.as_str() == **name);
        orphans += there.keys().filter(is_orphan).count() as u64;
    }
    Ok(orphans)
}

fn lengths(folder: &Path) -> Result<BTreeMap<String, u64>, String> {
    let said = |error: std::io::Error| format!("{}: {error}", folder.display());
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        entries => entries.map_err(said)?,
    };
    let mut lengths = BTreeMap::new();
    for entry in entries {
        let entry = entry.map_err(said)?;
        let length = entry.metadata().map_or(0, |metadata| metadata.len());
        lengths.insert(entry.file_name().to_string_lossy().into_owned(), length);
    }
    Ok(lengths)
}

fn finding(
    file: &NamedFile,
    path: &Path,
    there: &BTreeMap<String, u64>,
    depth: Depth,
    meter: &mut Meter,
) -> Option<String> {
    // A file without an object is there until its day is over.
    let size = file.size?;
    let found = there.get(file.id.as_str()).copied();
    let found = found.or_else(|| path.metadata().ok().map(|metadata| metadata.len()));
    let advice = "put the file back from a backup, or delete the object";
    match found {
        None => {
            return Some(format!(
                "{} is missing, and an object has its bytes there: {advice}",
                path.display()
            ));
        }
        Some(length) if length != size => {
            return Some(format!(
                "{} has {length} bytes, and its object has {size}: {advice}",
                path.display()
            ));
        }
        Some(_) => {}
    }
    let wanted = file.checksum.as_ref().filter(|_| depth == Depth::Full)?;
    match File::open(path).and_then(|file| checksum_of(file, wanted.algorithm)) {
        Ok(checksum) => {
            meter.passed(size);
            (checksum.value != wanted.value)
                .then(|| format!("{} has other bytes than were stored: {advice}", path.display()))
        }
        Err(error) => Some(format!("{}: {error}: {advice}", path.display())),
    }
}
