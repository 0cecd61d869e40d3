//! The files of objects of a backup: copied if they are not there yet, and listed with their digests.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::iter::Peekable;
use std::path::Path;

use model::object::BlobId;
use store::object::NamedFile;

use super::digest::{Digesting, digest};
use super::file_list::{Listed, lines, name};
use super::manifest::Manifest;
use super::meter::Meter;
use super::place::{Place, Settled};

/// The files of earlier lists and of this backup.
pub(super) struct Files<'a, W> {
    /// The folder that has `objects`.
    pub(super) data: &'a Path,
    pub(super) place: &'a mut dyn Place,
    /// The list of files that are in this place, which are taken over.
    pub(super) former: Former,
    /// The list of this backup.
    pub(super) list: W,
    pub(super) counts: Counts,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Counts {
    /// Number of files of the backup, and of their bytes.
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    /// Number of those that were copied. The others were there.
    pub(crate) copied: u64,
}

/// The lines of an earlier list, in the order of names.
pub(super) type Former = Peekable<Box<dyn Iterator<Item = Result<Listed, String>>>>;

/// The list of the backup that a place has already.
pub(super) fn former(place: &dyn Place, manifest: Option<&Manifest>) -> Result<Former, String> {
    let list = manifest.map(|manifest| place.open(&manifest.files.list.file)).transpose()?;
    Ok(read_list(list.flatten().unwrap_or_else(|| Box::new(io::empty()))))
}

/// The lines of a list.
pub(super) fn read_list(list: Box<dyn Read>) -> Former {
    let lines: Box<dyn Iterator<Item = Result<Listed, String>>> = Box::new(lines(list));
    lines.peekable()
}

impl<W: Write> Files<'_, W> {
    /// Adds files, which come in the order of their names.
    pub(super) fn add(&mut self, files: &[NamedFile], meter: &mut Meter) -> Result<(), String> {
        let mut copied = Vec::new();
        for file in files {
            let known = self.known_digest(&file.id)?;
            let Some((listed, bytes)) = self.add_one(file, known, meter, &mut copied)? else {
                continue;
            };
            self.counts.files += 1;
            self.counts.bytes += bytes;
            self.list.write_all(listed.line().as_bytes()).map_err(|error| error.to_string())?;
        }
        if self.place.settle()? == Settled::Unread {
            for listed in &copied {
                self.require_as_copied(listed, meter)?;
            }
        }
        self.counts.copied += copied.len() as u64;
        Ok(())
    }

    /// The digest of a file that the former backup has.
    fn known_digest(&mut self, id: &BlobId) -> Result<Option<String>, String> {
        loop {
            match self.former.peek() {
                Some(Ok(listed)) if listed.id < *id => drop(self.former.next()),
                Some(Ok(listed)) if listed.id == *id => return Ok(Some(listed.sha256.clone())),
                Some(Err(why)) => return Err(why.clone()),
                Some(Ok(_)) | None => return Ok(None),
            }
        }
    }

    /// Copies a file unless it is there. `None` for one that is gone and may be.
    fn add_one(
        &mut self,
        file: &NamedFile,
        known: Option<String>,
        meter: &mut Meter,
        copied: &mut Vec<Listed>,
    ) -> Result<Option<(Listed, u64)>, String> {
        let name = name(&file.id);
        let path = self.data.join(&name);
        let there = self.place.size(&name)?;
        if let (Some(sha256), Some(bytes)) = (known, there)
            && file.size.is_none_or(|size| size == bytes)
        {
            return Ok(Some((Listed { id: file.id.clone(), sha256 }, bytes)));
        }
        let from = match File::open(&path) {
            Ok(from) => from,
            // Its day is over, and it was removed meanwhile.
            Err(error) if error.kind() == ErrorKind::NotFound && file.size.is_none() => {
                return Ok(None);
            }
            Err(error) => return Err(unreadable(&path, &error)),
        };
        let bytes = from.metadata().map_err(|error| unreadable(&path, &error))?.len();
        if let Some(size) = file.size.filter(|size| *size != bytes) {
            return Err(format!(
                "{} has {bytes} bytes, and its object has {size}: run `portico check`",
                path.display()
            ));
        }
        let digested = if there == Some(bytes) {
            digest(from, meter).map_err(|error| unreadable(&path, &error))?
        } else {
            let mut from = Digesting::new(from, meter);
            self.place.store(&name, bytes, &mut from)?;
            from.finish()
        };
        let listed = Listed { id: file.id.clone(), sha256: digested.sha256 };
        if there != Some(bytes) {
            copied.push(listed.clone());
        }
        Ok(Some((listed, bytes)))
    }

    /// Reads a copy back.
    fn require_as_copied(&self, listed: &Listed, meter: &mut Meter) -> Result<(), String> {
        let name = name(&listed.id);
        let bad = |why: &str| {
            let place = self.place.name();
            format!("{place}/{name} {why}: the place of the backup does not keep what it is given")
        };
        let copy = self.place.open(&name)?.ok_or_else(|| bad("is missing after it was written"))?;
        let found = digest(copy, meter).map_err(|error| bad(&error.to_string()))?;
        if found.sha256 == listed.sha256 { Ok(()) } else { Err(bad("reads back as other bytes")) }
    }
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    if error.kind() == ErrorKind::NotFound {
        return format!(
            "{} is missing, and an object has its bytes there. If the backup took longer than --s3-deleted-hours, \
             give the server more hours; else run `portico check`",
            path.display()
        );
    }
    format!("{}: {error}", path.display())
}
