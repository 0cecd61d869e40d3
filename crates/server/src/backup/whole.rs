//! Making a backup: the files of objects, the database, the files that came meanwhile, the manifest last.
//!
//! The backup has an end: everything that was answered before it is there. The first pass over the files takes the time,
//! before the end, so that the second has little to copy. Files of objects that are deleted stay for a day
//! (`--s3-deleted-hours`), so the second pass finds what the database of the end names.

use std::cmp::Ordering;
use std::fs::{self, DirBuilder, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use kernel::archive::Folder;
use model::Fault;
use policy::Permit;
use protocol::timestamp;
use store::{Copied, Db, Depth, copy_file, object};

use super::archive_files;
use super::digest::{Digested, digest, sha256};
use super::file_list;
use super::files::{Counts, Files, Former, former, read_list};
use super::manifest::{FileList, MANIFEST, Manifest, Part, Position, key_fingerprint};
use super::meter::Meter;
use super::place::{self, Entry, Place, Settled};
use crate::words::say;

/// Number of pages of the database that are flushed together: 32 MiB.
const FLUSH_PAGES: u64 = 8192;

/// Bytes of a page of the database, which SQLite's default and so Portico's is.
const PAGE_BYTES: u64 = 4096;

/// Begin of the name of a folder for a copy under way.
const SCRATCH: &str = "scratch-";

/// What a backup is made of.
pub(crate) struct Source<'a> {
    /// The data folder.
    pub(crate) data: &'a Path,
    pub(crate) archive: &'a Folder,
    /// The database file in it. `None` for PostgreSQL.
    pub(crate) database: Option<&'a Path>,
    /// The database of the server.
    pub(crate) db: &'a Db,
    pub(crate) permit: &'a Permit,
    pub(crate) key: &'a [u8; 32],
    pub(crate) with_key: bool,
    pub(crate) audit_head: Option<String>,
    pub(crate) now_ms: &'a dyn Fn() -> i64,
}

/// What was made.
pub(crate) struct Made {
    pub(crate) counts: Counts,
    pub(crate) database_bytes: Option<u64>,
    /// What was answered before this time is in the backup.
    pub(crate) ended_at: String,
    pub(crate) lsn: Option<String>,
}

/// Makes a backup, or renews the one that the place has.
pub(crate) fn make(
    source: &Source<'_>,
    place: &mut dyn Place,
    meter: &mut Meter,
) -> Result<Made, String> {
    let before = Manifest::find(place)?;
    if before.is_none() {
        require_own(place)?;
    }
    let begun_at_ms = (source.now_ms)();
    let begun_at = timestamp::rfc_3339(begun_at_ms);
    let id = name_of(&begun_at);
    let scratch = match place.scratch() {
        Some(folder) => folder.to_owned(),
        // The disk of the data has room for a copy more likely than /tmp.
        None => without_scratch(source.data)?.to_owned(),
    };
    DirBuilder::new().recursive(true).mode(0o700).create(&scratch).map_err(said(&scratch))?;
    let scratch =
        tempfile::Builder::new().prefix(SCRATCH).tempdir_in(&scratch).map_err(said(&scratch))?;

    let first_path = scratch.path().join("files-before-the-end");
    meter.begin("copying the files of objects");
    let known = former(place, before.as_ref())?;
    let first = copy_files(source, source.db, (known, &first_path), place, meter)?;

    let (database, position, ended_at_ms) = if let Some(from) = source.database {
        let (copy, ended_at_ms) = copy_database(source, from, scratch.path(), meter)?;
        (Some(copy), None, ended_at_ms)
    } else {
        let ended_at_ms = (source.now_ms)();
        (None, Some(position(source)?), ended_at_ms)
    };
    let ended_at = timestamp::rfc_3339(ended_at_ms);
    meter.begin(format!("copying the files of objects until {ended_at}"));
    let db = database.as_ref().unwrap_or(source.db);
    let list_path = scratch.path().join("files");
    let known = read_list(Box::new(File::open(&first_path).map_err(said(&first_path))?));
    let second = copy_files(source, db, (known, &list_path), place, meter)?;
    let counts = Counts { copied: first.copied + second.copied, ..second };

    let archive =
        archive_files::copy(source.archive, (db, source.permit), before.as_ref(), place, meter)?;
    let list_name = format!("files-{id}.sha256");
    let list = store_file(&list_path, &list_name, place)?;
    let database = match database {
        Some(copy) => {
            drop(copy);
            let name = format!("database-{id}.sqlite");
            Some(store_file(&scratch.path().join("database"), &name, place)?)
        }
        None => None,
    };
    let key = source.with_key.then(|| put_key(source.key, place)).transpose()?;
    let manifest = Manifest {
        format: Manifest::FORMAT,
        id,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        schema: store::schema(),
        begun_at,
        ended_at,
        database,
        position,
        archive,
        files: FileList { list, count: counts.files, total_bytes: counts.bytes },
        key_fingerprint: key_fingerprint(source.key),
        key,
        audit_head: source.audit_head.clone(),
    };
    place.settle()?;
    manifest.write(place)?;
    remove_former(&manifest, place)?;
    Ok(Made {
        counts,
        database_bytes: manifest.database.map(|part| part.bytes),
        ended_at: manifest.ended_at,
        lsn: manifest.position.map(|position| position.lsn),
    })
}

/// Removes what a command that was killed left in the data folder.
fn without_scratch(data: &Path) -> Result<&Path, String> {
    for entry in fs::read_dir(data).map_err(said(data))? {
        let entry = entry.map_err(said(data))?;
        if entry.file_name().to_string_lossy().starts_with(SCRATCH) {
            fs::remove_dir_all(entry.path()).map_err(said(data))?;
        }
    }
    Ok(data)
}

/// Fails for a place that has something of others.
fn require_own(place: &dyn Place) -> Result<(), String> {
    let is_foreign = |entry: &&Entry| {
        let own = [
            "objects/",
            archive_files::BEGIN,
            "database-",
            "files-",
            SCRATCH,
            "portico.key",
            MANIFEST,
        ];
        !own.iter().any(|begin| entry.name.starts_with(begin))
    };
    match place.list("")?.iter().find(is_foreign) {
        None => Ok(()),
        Some(entry) => Err(format!(
            "{} is no backup and has other files, such as {}: give an empty or a new one",
            place.name(),
            entry.name.trim_end_matches('/')
        )),
    }
}

/// Copies the files that a database names, and lists them in a new file. `known` has the digests of some that are there.
fn copy_files(
    source: &Source<'_>,
    db: &Db,
    (known, list_path): (Former, &Path),
    place: &mut dyn Place,
    meter: &mut Meter,
) -> Result<Counts, String> {
    let list = BufWriter::new(private_file(list_path)?);
    let mut files =
        Files { data: source.data, former: known, place, list, counts: Counts::default() };
    for shard in (0..=u8::MAX).map(|number| format!("{number:02x}")) {
        // 'g' is the letter after the digits.
        let mut read = db.read(source.permit).map_err(say)?;
        let listed = object::files_between(&mut read, &shard, &format!("{shard}g"));
        drop(read);
        let mut listed = listed.map_err(say)?;
        if source.database.is_some() {
            // In the database of the backup they are unlinked, so no restored server reads them.
            listed.retain(|file| file.size.is_some());
        }
        files.add(&listed, meter)?;
    }
    files.list.flush().map_err(said(list_path))?;
    Ok(files.counts)
}

/// Copies the database into the scratch folder, and opens the copy. Returns the time of the end, too.
fn copy_database(
    source: &Source<'_>,
    from: &Path,
    scratch: &Path,
    meter: &mut Meter,
) -> Result<(Db, i64), String> {
    let copy = scratch.join("database");
    meter.begin("copying the database");
    // SQLite makes files that all may read.
    drop(private_file(&copy)?);
    let (mut before, mut flushed_at, mut ended_at_ms) = (0, 0, 0);
    copy_file(from, &copy, |copied| {
        let Copied::Pages { pages, .. } = copied else {
            ended_at_ms = (source.now_ms)();
            return Ok(());
        };
        meter.passed(pages.saturating_sub(before) * PAGE_BYTES);
        before = pages;
        if pages - flushed_at >= FLUSH_PAGES {
            flushed_at = pages;
            flush(&copy)?;
        }
        Ok(())
    })
    .and_then(|()| flush(&copy))
    .map_err(say)?;
    meter.begin("checking the copy of the database");
    let db = Db::open_still(&copy).map_err(say)?;
    let findings = db.examine(source.permit, Depth::Quick).map_err(say)?;
    if let Some(finding) = findings.first() {
        return Err(format!(
            "the database is damaged, so it is not backed up ({finding}): run `portico check --full`, and restore an \
             earlier backup"
        ));
    }
    Ok((db, ended_at_ms))
}

/// Stores a file, and reads back what was not moved there.
///
/// The reads are not bounded: they come from memory mostly, and the command is nice.
fn store_file(path: &Path, name: &str, place: &mut dyn Place) -> Result<Part, String> {
    let unbounded = &mut Meter::new(0);
    let from = File::open(path).map_err(said(path))?;
    let part = Part::new(name, digest(from, unbounded).map_err(said(path))?);
    place.adopt(name, path)?;
    // A file that was moved into the place is the one that was digested.
    if place.settle()? == Settled::Unread && place.scratch().is_none() {
        let missing = || format!("{}/{name} is missing after it was written", place.name());
        let stored = place.open(name)?.ok_or_else(missing)?;
        part.require(&digest(stored, unbounded).map_err(said(path))?, &place.name())?;
    }
    Ok(part)
}

fn put_key(key: &[u8; 32], place: &mut dyn Place) -> Result<Part, String> {
    place::write(place, "portico.key", key)?;
    Ok(Part::new("portico.key", Digested { bytes: 32, sha256: sha256(key) }))
}

fn position(source: &Source<'_>) -> Result<Position, String> {
    let (lsn, time_ms) = source.db.position(source.permit).map_err(say)?;
    Ok(Position { lsn, time: timestamp::rfc_3339(time_ms) })
}

/// Removes what an earlier backup had in this place and this one has not.
fn remove_former(manifest: &Manifest, place: &mut dyn Place) -> Result<(), String> {
    let parts = [Some(&manifest.files.list), manifest.database.as_ref(), manifest.key.as_ref()];
    let parts = parts.into_iter().flatten().chain(&manifest.archive);
    let kept: Vec<&str> = parts.map(|part| part.file.as_str()).collect();
    let list = &manifest.files.list.file;
    let missing = || format!("{}/{list} is missing after it was written", place.name());
    let mut listed = read_list(place.open(list)?.ok_or_else(missing)?);
    remove_in("", &kept, &mut listed, place)
}

/// Removes what is in a folder and in its folders, but what is kept or listed.
fn remove_in(
    folder: &str,
    kept: &[&str],
    listed: &mut Former,
    place: &mut dyn Place,
) -> Result<(), String> {
    for Entry { name, bytes } in place.list(folder)? {
        if bytes.is_none() {
            remove_in(&name, kept, listed, place)?;
        } else if name != MANIFEST && !kept.contains(&name.as_str()) && !is_listed(&name, listed)? {
            place.remove(&name)?;
        }
    }
    Ok(())
}

/// Looks for a name in a list. The names come in the order of the list.
fn is_listed(name: &str, listed: &mut Former) -> Result<bool, String> {
    if !name.starts_with("objects/") {
        return Ok(false);
    }
    loop {
        let Some(next) = listed.peek() else { return Ok(false) };
        let next = next.as_ref().map_err(Clone::clone)?;
        match file_list::name(&next.id).as_str().cmp(name) {
            Ordering::Less => drop(listed.next()),
            Ordering::Equal => return Ok(true),
            Ordering::Greater => return Ok(false),
        }
    }
}

/// `2027-01-31T08:00:00.123Z` as a part of a file's name.
fn name_of(time: &str) -> String {
    time.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn private_file(path: &Path) -> Result<File, String> {
    use std::os::unix::fs::OpenOptionsExt;
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    made.map_err(said(path))
}

fn flush(path: &Path) -> Result<(), Fault> {
    let flushed = File::open(path).and_then(|file| file.sync_data());
    flushed.map_err(|why| Fault::broken_at("flushing the copy of the database", why))
}

fn said(path: &Path) -> impl Fn(io::Error) -> String {
    let path = path.to_owned();
    move |error| format!("{}: {error}", path.display())
}
