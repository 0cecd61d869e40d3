//! Who else on this machine may read or write the files that a server relies on.
//!
//! INVARIANT: the key file is read only if nobody but its owner may read or write it, and if that owner is
//! trusted. Everything that is sealed in the database is open to who has the key.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Permission bits of the group and of all others. See chmod(1).
const OF_OTHERS: u32 = 0o077;

/// Permission bits that let the group and others write.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// Permission bits that let all users read or write who are not in the group.
const OF_STRANGERS: u32 = 0o007;

/// Permission bits that a file of the operator's with a secret must not have.
const OF_SECRETS: u32 = OF_STRANGERS | WRITABLE_BY_OTHERS;

/// The number of the user who may do everything.
const ROOT: u32 = 0;

/// The users who may own a file: root, and those that are named. Nobody keeps an owner from reading and
/// writing a file.
#[derive(Debug)]
pub(crate) struct Owners {
    /// The user that this process acts as.
    process: u32,
    /// The owner of the data folder, for root beside its server.
    folder: Option<u32>,
}

/// Owner and permission bits of a file.
#[derive(Clone, Copy)]
struct Access {
    owner: u32,
    mode: u32,
}

impl From<&Metadata> for Access {
    fn from(metadata: &Metadata) -> Self {
        Self { owner: metadata.uid(), mode: metadata.mode() }
    }
}

impl Owners {
    /// Owners of what a server reads and writes: the user that it runs as.
    pub(crate) fn of_server() -> Self {
        Self { process: effective_user(), folder: None }
    }

    /// Owners of what a command beside the server of a data folder reads. Root may act for the owner of the
    /// folder.
    pub(crate) fn beside(folder: &Path) -> Self {
        let process = effective_user();
        let is_root = process == ROOT;
        let folder = folder.metadata().ok().filter(|_| is_root).map(|metadata| metadata.uid());
        Self { process, folder }
    }

    /// Refuses a file that other users may read or write.
    pub(crate) fn require_private(&self, path: &Path, metadata: &Metadata) -> Result<(), String> {
        self.refuse(path, metadata.into(), OF_OTHERS, "read or write", "u=rw,go=")
    }

    /// Refuses a file that other users may write.
    pub(crate) fn require_own(&self, path: &Path, metadata: &Metadata) -> Result<(), String> {
        self.refuse(path, metadata.into(), WRITABLE_BY_OTHERS, "write", "go-w")
    }

    /// Refuses a file of the operator's with a secret in it that all users of the machine may read, or that others may
    /// write. A group may read it, as in `warning_of_secret`.
    pub(crate) fn require_secret(&self, path: &Path, metadata: &Metadata) -> Result<(), String> {
        self.warning_of(path, metadata.into(), OF_SECRETS, "g-w,o=").map_or(Ok(()), Err)
    }

    fn refuse(
        &self,
        path: &Path,
        access: Access,
        bits: u32,
        what: &str,
        mode: &str,
    ) -> Result<(), String> {
        if let Some(foreign) = self.foreign(path, access) {
            return Err(format!("{foreign}, then start again"));
        }
        if access.mode & bits == 0 {
            return Ok(());
        }
        let path = path.display();
        Err(format!(
            "other users of this machine may {what} {path}: run `chmod {mode} {path}`, then start again"
        ))
    }

    /// A sentence about a file or folder that other users may read or write, for the log; `None` if they may
    /// not, or if it is missing.
    pub(crate) fn warning(&self, path: &Path) -> Option<String> {
        let metadata = path.metadata().ok()?;
        let mode = if metadata.is_dir() { "u=rwx,go=" } else { "u=rw,go=" };
        self.warning_of(path, (&metadata).into(), OF_OTHERS, mode)
    }

    /// A sentence about a file of the operator's with a secret in it, as `warning`. A group may read it: that
    /// is how a server gets to read a file of root's.
    pub(crate) fn warning_of_secret(&self, path: &Path) -> Option<String> {
        let metadata = path.metadata().ok()?;
        self.warning_of(path, (&metadata).into(), OF_SECRETS, "g-w,o=")
    }

    fn warning_of(&self, path: &Path, access: Access, bits: u32, mode: &str) -> Option<String> {
        if let Some(foreign) = self.foreign(path, access) {
            return Some(foreign);
        }
        let bits = access.mode & bits;
        let what = match (bits & WRITABLE_BY_OTHERS != 0, bits != 0) {
            (true, _) => "write",
            (false, true) => "read",
            (false, false) => return None,
        };
        let path = path.display();
        Some(format!("other users of this machine may {what} {path}: run `chmod {mode} {path}`"))
    }

    /// Says whom a file belongs to, and what to do, unless the owner is trusted.
    fn foreign(&self, path: &Path, Access { owner, .. }: Access) -> Option<String> {
        let process = self.process;
        if [process, ROOT].contains(&owner) || self.folder == Some(owner) {
            return None;
        }
        let path = path.display();
        Some(format!(
            "{path} belongs to user {owner}, who may read and write it, and this program runs as user \
             {process}: run it as user {owner}, or give the file away by `chown {process} {path}`"
        ))
    }
}

/// The number of the user that this process acts as.
fn effective_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const SERVER: u32 = 998;
    const OTHER: u32 = 1000;

    #[test]
    fn a_mode_that_lets_others_in_is_told_with_its_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "").unwrap();
        let owners = Owners::of_server();
        for (mode, is_private, is_own, warned, warned_of_secret) in [
            (0o600, true, true, None, None),
            (0o400, true, true, None, None),
            (0o640, false, true, Some("read"), None),
            (0o604, false, true, Some("read"), Some("read")),
            (0o644, false, true, Some("read"), Some("read")),
            (0o620, false, false, Some("write"), Some("write")),
            (0o602, false, false, Some("write"), Some("write")),
            (0o666, false, false, Some("write"), Some("write")),
        ] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let metadata = path.metadata().unwrap();
            assert_eq!(owners.require_private(&path, &metadata).is_ok(), is_private, "{mode:o}");
            assert_eq!(owners.require_own(&path, &metadata).is_ok(), is_own, "{mode:o}");
            for (told, what, remedy) in [
                (owners.warning(&path), warned, "chmod u=rw,go= "),
                (owners.warning_of_secret(&path), warned_of_secret, "chmod g-w,o= "),
            ] {
                assert_eq!(told.is_some(), what.is_some(), "{mode:o} {told:?}");
                let words = |told: &String| told.contains(what.unwrap()) && told.contains(remedy);
                assert!(told.as_ref().is_none_or(words), "{told:?}");
            }
        }
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        assert!(owners.warning(folder.path()).unwrap().contains("chmod u=rwx,go= "));
        assert_eq!(owners.warning(&folder.path().join("missing")), None);
    }

    #[test]
    fn a_file_of_another_user_is_refused_whatever_its_mode() {
        let path = Path::new("/data/portico.key");
        let refused = |owners: &Owners, owner| {
            owners.refuse(path, Access { owner, mode: 0o600 }, OF_OTHERS, "read", "u=rw").err()
        };
        let server = Owners { process: SERVER, folder: None };
        assert_eq!(refused(&server, SERVER), None);
        assert_eq!(refused(&server, ROOT), None);
        let words = refused(&server, OTHER).unwrap();
        for part in ["belongs to user 1000", "run it as user 1000", "chown 998 /data/portico.key"] {
            assert!(words.contains(part), "{words}");
        }
        let warned = server.warning_of(path, Access { owner: OTHER, mode: 0o600 }, 0, "");
        assert!(warned.is_some_and(|words| words.ends_with("`chown 998 /data/portico.key`")));
        // Root serves its own files only, and helps the owner of a folder beside the server.
        assert!(refused(&Owners { process: ROOT, folder: None }, SERVER).is_some());
        let helping = Owners { process: ROOT, folder: Some(SERVER) };
        assert_eq!(refused(&helping, SERVER), None);
        assert!(refused(&helping, OTHER).is_some());
    }

    #[test]
    fn this_process_owns_the_files_that_it_makes() {
        let folder = tempfile::tempdir().unwrap();
        let owner = folder.path().metadata().unwrap().uid();
        assert_eq!(effective_user(), owner);
        let beside = Owners::beside(folder.path());
        assert_eq!(beside.folder, (owner == ROOT).then_some(ROOT));
    }
}
