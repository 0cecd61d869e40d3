//! A new data folder of a backup.
//!
//! INVARIANT: until everything is in place and has the digest of the manifest, the folder has the file
//! `restore-unfinished`, and no server starts there.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use kernel::durable_file::write_durably;

use super::archive_files;
use super::digest::{Digested, Digesting, digest};
use super::file_list::{lines, name};
use super::manifest::{Manifest, key_fingerprint};
use super::meter::Meter;
use super::place::Place;

/// The file of a folder whose restore did not end. It names the backup.
pub(crate) const UNFINISHED: &str = "restore-unfinished";

const DATABASE: &str = "portico.sqlite";
const KEY: &str = "portico.key";

/// What was restored.
pub(crate) struct Restored {
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    /// The time of the end of the backup.
    pub(crate) ended_at: String,
    pub(crate) has_database: bool,
    /// True if the key file is in the folder.
    pub(crate) has_key: bool,
    pub(crate) audit_head: Option<String>,
    /// The write-ahead log's position that the files were complete at.
    pub(crate) lsn: Option<String>,
}

/// Makes the data folder `data` of the backup at `place`, or goes on where an earlier call for the same backup ended.
/// `key` is the key file, if the backup has none.
pub(crate) fn restore(
    place: &dyn Place,
    data: &Path,
    key: Option<&Path>,
    meter: &mut Meter,
) -> Result<Restored, String> {
    let manifest = Manifest::find(place)?.ok_or_else(|| {
        format!(
            "{} is no backup: it has no manifest.json, which a backup writes last. Give the folder or the bucket that \
             `portico backup` wrote to the end",
            place.name()
        )
    })?;
    if manifest.schema > store::schema() {
        return Err(format!(
            "the backup has schema {}, and this version of Portico knows {}: use version {} or a later one",
            manifest.schema,
            store::schema(),
            manifest.version
        ));
    }
    begin(data, &manifest)?;
    put_key(&manifest, place, data, key, meter)?;

    meter.begin("restoring the files of objects");
    let list = &manifest.files.list;
    let missing = || format!("{}/{} is missing: use another backup", place.name(), list.file);
    let opened = || place.open(&list.file)?.ok_or_else(missing);
    let found = digest(opened()?, meter).map_err(|error| error.to_string())?;
    list.require(&found, &place.name())?;
    let mut files = 0;
    for listed in lines(opened()?) {
        let listed = listed?;
        let file = name(&listed.id);
        fetch(place, &file, &data.join(&file), meter, |found: &Digested| {
            found.sha256 == listed.sha256
        })?;
        files += 1;
    }
    meter.begin("restoring the audit archive");
    for part in &manifest.archive {
        let to = archive_files::path(data, &manifest, part);
        let to = to.ok_or_else(|| format!("{} is no file of the audit archive", part.file))?;
        fetch(place, &part.file, &to, meter, |found| part.require(found, "").is_ok())?;
    }
    if let Some(part) = &manifest.database {
        meter.begin("restoring the database");
        let fits = |found: &Digested| part.require(found, "").is_ok();
        fetch(place, &part.file, &data.join(DATABASE), meter, fits)?;
    }
    end(data)?;
    Ok(Restored {
        files,
        bytes: manifest.files.total_bytes,
        ended_at: manifest.ended_at,
        has_database: manifest.database.is_some(),
        has_key: data.join(KEY).exists(),
        audit_head: manifest.audit_head,
        lsn: manifest.position.map(|position| position.lsn),
    })
}

/// Takes an empty folder, or one in which a restore of this backup was cut off.
fn begin(data: &Path, manifest: &Manifest) -> Result<(), String> {
    let said = |error: io::Error| format!("{}: {error}", data.display());
    DirBuilder::new().recursive(true).mode(0o700).create(data).map_err(said)?;
    match fs::read_to_string(data.join(UNFINISHED)) {
        Ok(id) if id.trim() == manifest.id => return Ok(()),
        Ok(id) => {
            return Err(format!(
                "a restore of another backup ({}) was cut off in {}: empty the folder, or give another --data",
                id.trim(),
                data.display()
            ));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(said(error)),
    }
    for entry in fs::read_dir(data).map_err(said)? {
        let name = entry.map_err(said)?.file_name();
        // A key that the operator has put in place already.
        if name != KEY {
            return Err(format!(
                "{} is not empty: it has {}. Move the old data folder away, or give another --data",
                data.display(),
                name.to_string_lossy()
            ));
        }
    }
    write_durably(data, UNFINISHED, format!("{}\n", manifest.id).as_bytes()).map_err(said)
}

/// Puts the key file in place, if there is one, and fails for a key of another server.
fn put_key(
    manifest: &Manifest,
    place: &dyn Place,
    data: &Path,
    key: Option<&Path>,
    meter: &mut Meter,
) -> Result<(), String> {
    let path = data.join(KEY);
    let said = |error: io::Error| format!("{}: {error}", path.display());
    if let Some(from) = key {
        let bytes = fs::read(from).map_err(|error| format!("{}: {error}", from.display()))?;
        require_key(manifest, &bytes, from)?;
        write_durably(data, KEY, &bytes).map_err(said)?;
    } else if let (Some(part), false) = (&manifest.key, path.exists()) {
        fetch(place, &part.file, &path, meter, |found| part.require(found, "").is_ok())?;
    }
    match fs::read(&path) {
        Ok(bytes) => require_key(manifest, &bytes, &path),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(said(error)),
    }
}

fn require_key(manifest: &Manifest, bytes: &[u8], path: &Path) -> Result<(), String> {
    let key: Option<&[u8; 32]> = bytes.try_into().ok();
    if key.is_some_and(|key| key_fingerprint(key) == manifest.key_fingerprint) {
        return Ok(());
    }
    Err(format!(
        "{} is not the key of this backup, whose fingerprint is {}: give the portico.key of the server that was backed \
         up",
        path.display(),
        manifest.key_fingerprint
    ))
}

/// Copies a file of the backup to `to`, unless it is there already, and fails unless it fits.
fn fetch(
    place: &dyn Place,
    file: &str,
    to: &Path,
    meter: &mut Meter,
    fits: impl Fn(&Digested) -> bool,
) -> Result<(), String> {
    let said = |error: io::Error| format!("{}: {error}", to.display());
    if to.exists() && fits(&digest(File::open(to).map_err(said)?, meter).map_err(said)?) {
        return Ok(());
    }
    let name = place.name();
    let missing = || format!("{name}/{file} is missing: use another backup");
    let from = place.open(file)?.ok_or_else(missing)?;
    if let Some(folder) = to.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(said)?;
    }
    let opened = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(to);
    let mut opened = opened.map_err(said)?;
    let mut from = Digesting::new(from, meter);
    io::copy(&mut from, &mut opened).map_err(said)?;
    if fits(&from.finish()) {
        return Ok(());
    }
    drop(opened);
    fs::remove_file(to).ok();
    Err(format!(
        "{name}/{file} is not what the backup wrote: its bytes are other ones. Use another backup"
    ))
}

/// Flushes everything, and lets servers start.
fn end(data: &Path) -> Result<(), String> {
    let said = |error: io::Error| format!("{}: {error}", data.display());
    let flush = || -> io::Result<()> { Ok(rustix::fs::syncfs(File::open(data)?)?) };
    flush().map_err(said)?;
    fs::remove_file(data.join(UNFINISHED)).map_err(said)?;
    flush().map_err(said)
}
