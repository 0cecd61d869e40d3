//! The manifest of a backup: what it is of, and the digest of everything in it.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::digest::Digested;
use super::place::{self, Place};

/// Name of the file.
pub(super) const MANIFEST: &str = "manifest.json";

/// The form of the manifest that this program writes, and the newest that it reads.
const FORMAT: u32 = 1;

/// What a backup has.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    pub(super) format: u32,
    /// The time of its begin, as it stands in the names of its files: `20270131T080000Z`.
    pub(super) id: String,
    /// The version of the program that made it.
    pub(super) version: String,
    /// The number of the schema of the database.
    pub(super) schema: i64,
    pub(super) begun_at: String,
    /// What was answered before this time is in the backup.
    pub(super) ended_at: String,
    /// The copy of the database. `None` if the database is PostgreSQL's, which its own tools copy.
    pub(super) database: Option<Part>,
    /// Where PostgreSQL was at the end: the files are complete for each state of the database until here, from
    /// `--s3-deleted-hours` before.
    #[serde(default)]
    pub(super) position: Option<Position>,
    /// The list of the files of objects.
    pub(super) files: FileList,
    /// The files of the audit archive.
    #[serde(default)]
    pub(super) archive: Vec<Part>,
    /// What the key file must be, without telling it.
    pub(super) key_fingerprint: String,
    /// The key file, if the backup has it.
    #[serde(default)]
    pub(super) key: Option<Part>,
    /// The head of the audit log at the begin, as `portico audit verify --head` takes it.
    #[serde(default)]
    pub(super) audit_head: Option<String>,
}

/// A file of the backup.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Part {
    pub(super) file: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// The list of the files of objects.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct FileList {
    #[serde(flatten)]
    pub(super) list: Part,
    /// Number of the files.
    pub(super) count: u64,
    /// Number of their bytes.
    #[serde(rename = "totalBytes")]
    pub(super) total_bytes: u64,
}

/// A position in the write-ahead log of PostgreSQL.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Position {
    /// As `recovery_target_lsn` takes it.
    pub(super) lsn: String,
    /// As `recovery_target_time` takes it.
    pub(super) time: String,
}

impl Part {
    pub(super) fn new(file: impl Into<String>, digested: Digested) -> Self {
        Self { file: file.into(), bytes: digested.bytes, sha256: digested.sha256 }
    }

    /// Fails unless a file is this one.
    pub(super) fn require(&self, found: &Digested, place: &str) -> Result<(), String> {
        if found.bytes == self.bytes && found.sha256 == self.sha256 {
            return Ok(());
        }
        Err(format!(
            "{place}/{} is not what the backup wrote: it has {} bytes and not {}, or other ones. Use another backup",
            self.file, found.bytes, self.bytes
        ))
    }
}

impl Manifest {
    pub(super) const FORMAT: u32 = FORMAT;

    /// Reads the manifest of a place, if it has one.
    pub(super) fn find(place: &dyn Place) -> Result<Option<Self>, String> {
        let Some(bytes) = place::read(place, MANIFEST)? else { return Ok(None) };
        let name = format!("{}/{MANIFEST}", place.name());
        let form: Form = serde_json::from_slice(&bytes)
            .map_err(|error| format!("{name} is no manifest of a backup: {error}"))?;
        if form.format > FORMAT {
            return Err(format!(
                "{name} has format {}, and this version of Portico knows {FORMAT}: use the version that made it",
                form.format
            ));
        }
        let manifest: Self = serde_json::from_slice(&bytes)
            .map_err(|error| format!("{name} is damaged: {error}. Use another backup"))?;
        let parts = [Some(&manifest.files.list), manifest.database.as_ref(), manifest.key.as_ref()];
        for part in parts.into_iter().flatten() {
            require_plain(&part.file).map_err(|why| format!("{name}: {why}"))?;
        }
        Ok(Some(manifest))
    }

    pub(super) fn write(&self, place: &mut dyn Place) -> Result<(), String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        place::write(place, MANIFEST, format!("{text}\n").as_bytes())
    }
}

#[derive(Deserialize)]
struct Form {
    format: u32,
}

/// Fails for a name that leads out of the backup.
fn require_plain(file: &str) -> Result<(), String> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
    if file.is_empty() || file.starts_with('.') || !file.chars().all(is_plain) {
        return Err(format!("{file:?} is no name of a file of a backup"));
    }
    Ok(())
}

/// A text that tells two keys apart and nothing about either.
pub(crate) fn key_fingerprint(key: &[u8; 32]) -> String {
    let mut digest = Sha256::new();
    digest.update(b"portico key fingerprint\n");
    digest.update(key);
    let mut text = String::new();
    for byte in digest.finalize().iter().take(8) {
        // Writing to a String cannot fail.
        write!(text, "{byte:02x}").ok();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        for name in ["database-20270131T080000Z.sqlite", "files-1.sha256", "portico.key"] {
            assert_eq!(require_plain(name), Ok(()));
        }
        for name in ["", "..", "../x", "/etc/passwd", "a/b", ".hidden", "a b", "a\n"] {
            assert!(require_plain(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_fingerprint_tells_keys_apart() {
        let fingerprint = key_fingerprint(&[7; 32]);
        assert_eq!(fingerprint.len(), 16);
        assert_ne!(fingerprint, key_fingerprint(&[8; 32]));
    }
}
