//! Where a backup is kept: a folder, or a part of a bucket.

use std::io::Read;
use std::path::Path;

/// Files by name, with `/` between the parts of a name.
pub(crate) trait Place {
    /// The place, as the operator named it.
    fn name(&self) -> String;

    /// The bytes of a file, if it exists.
    fn open(&self, file: &str) -> Result<Option<Box<dyn Read>>, String>;

    /// The length of a file that is whole and on the disk, if it exists.
    fn size(&self, file: &str) -> Result<Option<u64>, String>;

    /// Stores a file of `size` bytes. It is whole and on the disk after the next [`Place::settle`].
    fn store(&mut self, file: &str, size: u64, bytes: &mut dyn Read) -> Result<(), String>;

    /// A folder of the place for a file that is made before it has its name. `None` if it has none.
    fn scratch(&self) -> Option<&Path>;

    /// Stores a file that is made in the folder of [`Place::scratch`], or elsewhere. It may be moved.
    fn adopt(&mut self, file: &str, from: &Path) -> Result<(), String>;

    /// Returns when everything that was stored is on the disk, under its name.
    fn settle(&mut self) -> Result<Settled, String>;

    /// What is in a folder, by name: `""`, or a name with `/` at its end.
    fn list(&self, folder: &str) -> Result<Vec<Entry>, String>;

    /// Removes a file, if it exists.
    fn remove(&mut self, file: &str) -> Result<(), String>;
}

/// How what was stored since the last time is known to be there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Settled {
    /// The place told the SHA-256 of what it has.
    Confirmed,
    /// It has to be read back.
    Unread,
}

/// A file or a folder in a folder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Entry {
    /// From the beginning of the place. That of a folder has `/` at its end.
    pub(crate) name: String,
    /// The length of a file. `None` for a folder.
    pub(crate) bytes: Option<u64>,
}

/// The folder of a file, as [`Place::list`] takes it.
pub(super) fn folder_of(file: &str) -> &str {
    file.rfind('/').and_then(|end| file.get(..=end)).unwrap_or_default()
}

/// Reads a small file, if it exists.
pub(super) fn read(place: &dyn Place, file: &str) -> Result<Option<Vec<u8>>, String> {
    let Some(mut from) = place.open(file)? else { return Ok(None) };
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).map_err(|error| format!("{}/{file}: {error}", place.name()))?;
    Ok(Some(bytes))
}

/// Writes a small file, and returns when it is on the disk.
pub(super) fn write(place: &mut dyn Place, file: &str, mut bytes: &[u8]) -> Result<(), String> {
    place.store(file, bytes.len() as u64, &mut bytes)?;
    place.settle().map(|_| ())
}
