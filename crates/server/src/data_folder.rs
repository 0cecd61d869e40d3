//! The folder that a server keeps its data in: the database, the key file and the objects.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use kernel::durable_file::write_durably;
use model::Random;
use model::random::random_bytes;
use store::Location;
use zeroize::Zeroizing;

use crate::backup::UNFINISHED;
use crate::file_access::Owners;
use crate::setup_link_file::SetupLinkFile;

/// The file of the embedded database.
const DATABASE: &str = "portico.sqlite";

/// The lock file, held by the server of the folder. It contains the server's URL.
const LOCK: &str = "portico.lock";

/// The file of the set-up link, while that is good.
const SETUP_LINK: &str = "setup-link";

/// The key file.
const KEY: &str = "portico.key";

/// An open data folder.
pub struct DataFolder {
    path: PathBuf,
    /// The users who may own its files.
    owners: Owners,
    /// The lock, while a server serves from the folder.
    lock: Option<File>,
}

impl DataFolder {
    /// Opens the folder for serving, and makes it if it is missing.
    pub fn open_to_serve(path: &Path) -> Result<Self, String> {
        let mut folder = fs::DirBuilder::new();
        folder.recursive(true).mode(0o700).create(path).map_err(|error| said(path, &error))?;
        require_restored(path)?;
        // A command may be at work for some milliseconds (`while_stopped`). A file system without such locks has no
        // such commands.
        let _commands = lock_commands(path);
        let lock_path = path.join(LOCK);
        let lock = OpenOptions::new().create(true).append(true).mode(0o600).open(&lock_path);
        let lock = lock.map_err(|error| said(&lock_path, &error))?;
        let owners = Owners::of_server();
        owners.require_own(&lock_path, &metadata(&lock, &lock_path)?)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), owners, lock: Some(lock) }),
            Err(TryLockError::WouldBlock) => Err(format!(
                "another Portico serves from {}: stop it, or use another --data",
                path.display()
            )),
            Err(TryLockError::Error(error)) => Err(said(&lock_path, &error)),
        }
    }

    /// Writes down the URL that the folder is served under, for commands beside the server.
    pub fn note_url(&self, url: &str) -> Result<(), String> {
        let Some(mut lock) = self.lock.as_ref() else { return Ok(()) };
        let noted = lock.set_len(0).and_then(|()| writeln!(lock, "{url}"));
        noted.map_err(|error| said(&self.path.join(LOCK), &error))
    }

    /// The URL that the folder is or was last served under.
    ///
    /// Links with secrets are made of it, so it fails if others could have written it.
    pub fn served_url(&self) -> Result<Option<String>, String> {
        let path = self.path.join(LOCK);
        let Ok(mut file) = File::open(&path) else { return Ok(None) };
        self.owners.require_own(&path, &metadata(&file, &path)?)?;
        let mut url = String::new();
        file.read_to_string(&mut url).map_err(|error| said(&path, &error))?;
        let url = url.trim();
        Ok((!url.is_empty()).then(|| url.to_owned()))
    }

    /// Sentences for the log about what other users of the machine may read or write.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let (wal, shared) = (format!("{DATABASE}-wal"), format!("{DATABASE}-shm"));
        let names = [DATABASE, &wal, &shared, SETUP_LINK, "objects"];
        let paths = names.iter().map(|name| self.path.join(name));
        let paths = [self.path.clone()].into_iter().chain(paths);
        paths.filter_map(|path| self.owners.warning(&path)).collect()
    }

    /// Sentences for the log about files with a secret, kept elsewhere, that all users of the machine may read.
    #[must_use]
    pub fn warnings_of_secrets(&self, paths: &[&Path]) -> Vec<String> {
        paths.iter().filter_map(|path| self.owners.warning_of_secret(path)).collect()
    }

    /// The file of the set-up link.
    #[must_use]
    pub fn setup_link(&self) -> SetupLinkFile {
        SetupLinkFile::at(self.path.join(SETUP_LINK))
    }

    /// Writes a set-up link into its file, in place of an earlier one. Only the owner can read it.
    pub fn keep_setup_link(&self, link: &str) -> Result<(), String> {
        let kept = write_durably(&self.path, SETUP_LINK, format!("{link}\n").as_bytes());
        kept.map_err(|error| said(&self.path.join(SETUP_LINK), &error))
    }

    /// Opens a folder that a server has made. A server may be serving from it.
    pub fn open_beside(path: &Path) -> Result<Self, String> {
        let key = path.join(KEY);
        match key.try_exists() {
            Ok(true) => {
                Ok(Self { path: path.to_owned(), owners: Owners::beside(path), lock: None })
            }
            Ok(false) => Err(format!(
                "{} is no data folder of Portico: give the --data of the server, or start it first \
                 with `portico serve --data {0}`",
                path.display()
            )),
            Err(error) => Err(said(&key, &error)),
        }
    }

    /// Does `work` if no server serves from the folder, and keeps one from starting and other commands from their
    /// work meanwhile. Does nothing if a server serves.
    pub fn while_stopped(&self, work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
        let Ok(_commands) = lock_commands(&self.path) else { return Ok(()) };
        let path = self.path.join(LOCK);
        let server = match OpenOptions::new().append(true).open(&path) {
            Ok(server) => server,
            // A restored folder has none before its first server, which makes it under the lock of commands.
            Err(error) if error.kind() == ErrorKind::NotFound => return work(),
            Err(error) => return Err(said(&path, &error)),
        };
        match server.try_lock() {
            Ok(()) => work(),
            Err(TryLockError::WouldBlock) => Ok(()),
            Err(TryLockError::Error(error)) => Err(said(&path, &error)),
        }
    }

    /// Fails if the folder has a key but no database: its server keeps the data in PostgreSQL, and an
    /// empty database in the folder would be mistaken for it.
    pub fn require_database(&self) -> Result<(), String> {
        let (key, database) = (self.path.join(KEY), self.path.join(DATABASE));
        if !key.exists() || database.exists() {
            return Ok(());
        }
        Err(format!(
            "{} has a key file and no {DATABASE}. If its server keeps the data in PostgreSQL, give the \
             same --database; if the file is lost, restore it from your backup; if no server was ever \
             started here, delete portico.key",
            self.path.display()
        ))
    }

    /// Makes the file of the embedded database, still empty, in a folder without a key. A start that is cut off after it
    /// made the key can then be repeated: a key without a database is that of data elsewhere, or lost.
    pub fn begin_database(&self) -> Result<(), String> {
        let (key, database) = (self.path.join(KEY), self.path.join(DATABASE));
        if key.exists() {
            return Ok(());
        }
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&database) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(said(&database, &error)),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Tells whether the embedded database, or its log, holds anything.
    fn has_data(&self) -> bool {
        let names = [DATABASE.to_owned(), format!("{DATABASE}-wal")];
        names.iter().any(|name| self.path.join(name).metadata().is_ok_and(|file| file.len() > 0))
    }

    /// Fails if a restore into the folder was cut off.
    pub fn require_restored(&self) -> Result<(), String> {
        require_restored(&self.path)
    }

    /// Tells whether a server has once served from the folder to the end of its start.
    #[must_use]
    pub fn was_served(&self) -> bool {
        self.path.join(LOCK).metadata().is_ok_and(|lock| lock.len() > 0)
    }

    /// The path of the embedded database.
    #[must_use]
    pub fn database_file(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// Fails if the folder has an embedded database. With another one its objects would have no rows.
    pub fn require_no_database(&self) -> Result<(), String> {
        let database = self.path.join(DATABASE);
        if !database.exists() {
            return Ok(());
        }
        Err(format!(
            "{} is the database of this data folder, and --database names another one. Moving is not supported: leave \
             --database away, or give another --data",
            database.display()
        ))
    }

    /// Fails if the folder has no key, and its database was made by a server with another folder.
    pub fn require_key(&self, is_founded: bool) -> Result<(), String> {
        let key = self.path.join(KEY);
        if key.exists() || !is_founded {
            return Ok(());
        }
        Err(format!(
            "the database is that of a server with another data folder: copy its portico.key to {} and start again. \
             If no server of this database is left, restore the key from your backup",
            key.display()
        ))
    }

    /// The path of the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The location of the embedded database.
    #[must_use]
    pub fn database(&self) -> Location {
        Location::Sqlite(self.database_file())
    }

    /// The folder of the objects.
    #[must_use]
    pub fn objects(&self) -> PathBuf {
        self.path.join("objects")
    }

    /// The key under which the keys in the database are sealed. It is made if it is missing.
    pub fn root_key(&self, random: &dyn Random) -> Result<Zeroizing<[u8; 32]>, String> {
        let path = self.path.join(KEY);
        match File::open(&path) {
            Ok(mut file) => {
                self.owners.require_private(&path, &metadata(&file, &path)?)?;
                let mut key = Zeroizing::new([0; 32]);
                let read = file.read_exact(&mut *key);
                let whole = read.is_ok() && file.read(&mut [0]).is_ok_and(|more| more == 0);
                if whole {
                    return Ok(key);
                }
                Err(format!(
                    "{} has not the 32 bytes of a key: restore it from your backup. If no server was ever \
                     started here, delete it",
                    path.display()
                ))
            }
            Err(error) if error.kind() == ErrorKind::NotFound && self.lock.is_some() => {
                if self.has_data() {
                    return Err(format!(
                        "{} is missing beside its database: restore it from your backup",
                        path.display()
                    ));
                }
                let key = Zeroizing::new(random_bytes(random));
                write_durably(&self.path, KEY, &*key).map_err(|error| said(&path, &error))?;
                Ok(key)
            }
            Err(error) => Err(said(&path, &error)),
        }
    }
}

fn require_restored(folder: &Path) -> Result<(), String> {
    if !folder.join(UNFINISHED).exists() {
        return Ok(());
    }
    Err(format!(
        "a restore into {} was cut off: run the same `portico restore` again, or empty the folder",
        folder.display()
    ))
}

/// Waits for the lock of commands, which is on the folder itself: a file of its own would belong to the user
/// who ran the first command.
fn lock_commands(folder: &Path) -> std::io::Result<File> {
    let folder = File::open(folder)?;
    folder.lock()?;
    Ok(folder)
}

fn metadata(file: &File, path: &Path) -> Result<Metadata, String> {
    file.metadata().map_err(|error| said(path, &error))
}

/// The error of a file or folder, with advice.
fn said(path: &Path, error: &std::io::Error) -> String {
    let advices = [
        (ErrorKind::NotFound, ". No file or folder can be made there: give another --data"),
        (ErrorKind::AlreadyExists, ". It is there and is no folder: give another --data"),
        (
            ErrorKind::PermissionDenied,
            ". Run this as the user that the server runs as, who owns the data folder, or give another \
             --data",
        ),
        (ErrorKind::NotADirectory, ". A part of this path is no folder: give another --data"),
        (ErrorKind::ReadOnlyFilesystem, ". Give a --data that can be written"),
        (ErrorKind::StorageFull, ". Make room, then start again"),
        (ErrorKind::QuotaExceeded, ". Make room, then start again"),
    ];
    let advice = advices.iter().find(|(kind, _)| *kind == error.kind());
    let advice = advice.map_or("", |(_, advice)| advice);
    format!("{}: {error}{advice}", path.display())
}

#[cfg(test)]
mod tests {
    use model::testing::Repeated;

    use super::*;

    #[test]
    fn a_first_start_that_was_cut_off_anywhere_can_be_repeated() {
        let steps: [fn(&DataFolder); 3] = [
            |_| {},
            |folder| folder.begin_database().unwrap(),
            |folder| drop(folder.root_key(&Repeated(7)).unwrap()),
        ];
        for done in 0..=steps.len() {
            let place = tempfile::tempdir().unwrap();
            let open = || DataFolder::open_to_serve(place.path()).unwrap();
            steps.iter().take(done).for_each(|step| step(&open()));
            let folder = open();
            folder.require_database().unwrap();
            folder.begin_database().unwrap();
            assert_eq!(*folder.root_key(&Repeated(7)).unwrap(), [7; 32], "{done}");
        }
    }

    #[test]
    fn a_key_or_a_database_that_is_lost_is_not_made_again() {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::open_to_serve(place.path()).unwrap();
        fs::write(folder.database_file(), "data").unwrap();
        assert!(
            folder.root_key(&Repeated(7)).unwrap_err().contains("is missing beside its database")
        );
        fs::remove_file(folder.database_file()).unwrap();
        folder.root_key(&Repeated(7)).unwrap();
        folder.begin_database().unwrap();
        assert!(folder.require_database().unwrap_err().contains("has a key file and no"));
    }
}
