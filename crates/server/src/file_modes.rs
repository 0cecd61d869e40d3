//! Who else on this machine may read or write the files of a data folder.
//!
//! INVARIANT: the key file is read only if nobody but its owner may read or write it. Everything that is sealed
//! in the database is open to who has the key.

use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Permission bits of the group and of all others. See chmod(1).
const OF_OTHERS: u32 = 0o077;

/// Permission bits that let the group and others write.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// Refuses a file that others may read or write.
pub(crate) fn require_private(path: &Path, metadata: &Metadata) -> Result<(), String> {
    refuse(path, metadata, OF_OTHERS, "read or write", "u=rw,go=")
}

/// Refuses a file that others may write.
pub(crate) fn require_own(path: &Path, metadata: &Metadata) -> Result<(), String> {
    refuse(path, metadata, WRITABLE_BY_OTHERS, "write", "go-w")
}

fn refuse(
    path: &Path,
    metadata: &Metadata,
    bits: u32,
    what: &str,
    mode: &str,
) -> Result<(), String> {
    if metadata.permissions().mode() & bits == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(format!(
        "other users of this machine may {what} {path}: run `chmod {mode} {path}`, then start again"
    ))
}

/// A sentence about a file or folder that others may reach, for the log; `None` if they may not, or if it is
/// missing.
pub(crate) fn warning(path: &Path) -> Option<String> {
    let metadata = path.metadata().ok()?;
    let bits = metadata.permissions().mode() & OF_OTHERS;
    let what = match (bits & WRITABLE_BY_OTHERS != 0, bits != 0) {
        (true, _) => "write",
        (false, true) => "read",
        (false, false) => return None,
    };
    let mode = if metadata.is_dir() { "u=rwx,go=" } else { "u=rw,go=" };
    let path = path.display();
    Some(format!("other users of this machine may {what} {path}: run `chmod {mode} {path}`"))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;

    #[test]
    fn a_mode_that_lets_others_in_is_told_with_its_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "").unwrap();
        for (mode, is_private, is_own, warned) in [
            (0o600, true, true, None),
            (0o400, true, true, None),
            (0o640, false, true, Some("read")),
            (0o604, false, true, Some("read")),
            (0o620, false, false, Some("write")),
            (0o602, false, false, Some("write")),
            (0o666, false, false, Some("write")),
        ] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let metadata = path.metadata().unwrap();
            assert_eq!(require_private(&path, &metadata).is_ok(), is_private, "{mode:o}");
            assert_eq!(require_own(&path, &metadata).is_ok(), is_own, "{mode:o}");
            let told = warning(&path);
            assert_eq!(told.is_some(), warned.is_some(), "{mode:o}");
            let words =
                |told: &String| told.contains(warned.unwrap()) && told.contains("chmod u=rw,go=");
            assert!(told.as_ref().is_none_or(words), "{told:?}");
        }
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        assert!(warning(folder.path()).unwrap().contains("chmod u=rwx,go= "));
        assert_eq!(warning(&folder.path().join("missing")), None);
    }
}
