//! The folder of the archive: a folder for each month, in it files that are complete or missing after a crash.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::OnceLock;

use model::Random;
use model::random::random_bytes;
use protocol::timestamp;

use super::new_file::{NewFile, sync};

/// End of the names of files.
const END: &str = ".jsonl.zst";

/// The folder of the archive.
#[derive(Debug)]
pub struct Folder {
    /// `None` if there is no archive, as in a sandbox.
    path: Option<PathBuf>,
    /// Name of this process, for its claims and its unfinished files.
    holder: OnceLock<String>,
}

impl Folder {
    pub(crate) fn new(path: Option<PathBuf>) -> Self {
        Self { path, holder: OnceLock::new() }
    }

    /// Tells whether this server has an archive.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.path.is_some()
    }

    /// Returns the name of this process.
    pub fn holder(&self, random: &dyn Random) -> &str {
        self.holder.get_or_init(|| format!("{:016x}", u64::from_be_bytes(random_bytes(random))))
    }

    /// Shows the path of a file for people.
    #[must_use]
    pub fn shown(&self, name: &str) -> String {
        self.path
            .as_ref()
            .map_or_else(|| name.to_owned(), |path| path.join(name).display().to_string())
    }

    /// Makes the name of the file of these digests, of which the first was sealed at this time.
    #[must_use]
    pub fn name(sealed_at_ms: i64, first: i64, last: i64) -> String {
        let date = timestamp::rfc_3339(sealed_at_ms.max(0));
        let mut parts = date.splitn(3, '-');
        let (year, month) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        format!("{year}/{month}/{first:012}-{last:012}{END}")
    }

    /// Begins a file. What is left of earlier attempts is removed.
    pub fn create(&self, name: &str, holder: &str) -> io::Result<NewFile> {
        NewFile::create(self.path_of(name)?, holder)
    }

    /// Opens a file.
    pub fn open(&self, name: &str) -> io::Result<File> {
        File::open(self.path_of(name)?)
    }

    /// Removes a file. Removing a missing one succeeds.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        let path = self.path_of(name)?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            outcome => outcome?,
        }
        path.parent().map_or(Ok(()), sync)
    }

    /// Tells whether a text is the name of a file of the archive.
    #[must_use]
    pub fn is_name(name: &str) -> bool {
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Option<Vec<&str>> = name.strip_suffix(END).map(|name| name.split('/').collect());
        match parts.as_deref() {
            Some([year, month, digests]) => digests.split_once('-').is_some_and(|(first, last)| {
                [year, month, first, last].iter().all(|part| digits(part))
            }),
            Some(_) | None => false,
        }
    }

    /// INVARIANT: names come from the database. A name of another form could be the path of another file.
    fn path_of(&self, name: &str) -> io::Result<PathBuf> {
        let none =
            || io::Error::new(ErrorKind::InvalidInput, "it has no name of a file of the archive");
        let folder = self.path.as_ref().ok_or_else(|| io::Error::other("there is no archive"))?;
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> = name.strip_suffix(END).ok_or_else(none)?.split('/').collect();
        let is_name = match parts.as_slice() {
            [year, month, digests] => digests.split_once('-').is_some_and(|(first, last)| {
                [year, month, first, last].iter().all(|part| digits(part))
            }),
            _ => false,
        };
        if is_name { Ok(folder.join(name)) } else { Err(none()) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn a_file_has_its_name_when_it_is_kept() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(Some(place.path().join("audit")));
        let name = Folder::name(1_800_000_000_000, 7, 12);
        assert_eq!(name, "2027/01/000000000007-000000000012.jsonl.zst");
        folder.create(&name, "me").unwrap();
        assert!(folder.open(&name).is_err());
        let mut again = folder.create(&name, "me").unwrap();
        again.file.write_all(b"x").unwrap();
        again.keep().unwrap();
        let kept = folder.open(&name).unwrap().metadata().unwrap();
        assert_eq!((kept.len(), kept.mode() & 0o777), (1, 0o600));
        folder.create(&name, "me").unwrap().discard().unwrap();
        let month = place.path().join("audit/2027/01");
        assert_eq!(fs::read_dir(month).unwrap().count(), 1);
        folder.remove(&name).unwrap();
        folder.remove(&name).unwrap();
        assert!(folder.open(&name).is_err());
    }

    #[test]
    fn a_name_of_another_form_is_refused() {
        let folder = Folder::new(Some("/nowhere".into()));
        for name in [
            "../../etc/passwd",
            "2027/01/../../x-1.jsonl.zst",
            "/2027/01/1-2.jsonl.zst",
            "2027/01/1-2",
            "2027/01/1.jsonl.zst",
            "2027/01/1-2-3.jsonl.zst",
            "2027-01/1/2.jsonl.zst",
            "",
        ] {
            assert_eq!(folder.remove(name).unwrap_err().kind(), ErrorKind::InvalidInput, "{name}");
        }
        folder.remove("2027/01/1-2.jsonl.zst").unwrap();
    }
}
