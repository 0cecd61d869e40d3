//! The folder that a server keeps its data in: the database, the key file and the objects.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use model::Random;
use model::senses::random_bytes;
use store::Location;
use zeroize::Zeroizing;

/// The folder, open.
pub struct DataFolder {
    path: PathBuf,
    /// Held as long as a server serves from the folder.
    lock: Option<File>,
}

impl DataFolder {
    /// Opens the folder for serving; makes it if it is not there.
    pub fn open_to_serve(path: &Path) -> Result<Self, String> {
        let mut folder = fs::DirBuilder::new();
        folder.recursive(true).mode(0o700).create(path).map_err(|e| said(path, &e))?;
        let lock_path = path.join("portico.lock");
        let lock = OpenOptions::new().create(true).append(true).mode(0o600).open(&lock_path);
        let lock = lock.map_err(|error| said(&lock_path, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), lock: Some(lock) }),
            Err(TryLockError::WouldBlock) => Err(format!(
                "another Portico serves from {}: stop it, or use another --data",
                path.display()
            )),
            Err(TryLockError::Error(error)) => Err(said(&lock_path, &error)),
        }
    }

    /// Opens a folder that a server has made, whether or not one serves from it.
    pub fn open_beside(path: &Path) -> Result<Self, String> {
        if path.join("portico.key").exists() {
            return Ok(Self { path: path.to_owned(), lock: None });
        }
        Err(format!(
            "{} is no data folder of Portico: start `portico serve --data {0}` first, or give the \
             --data of the server",
            path.display()
        ))
    }

    /// Where the embedded database is.
    #[must_use]
    pub fn database(&self) -> Location {
        Location::Sqlite(self.path.join("portico.sqlite"))
    }

    /// Where the objects are.
    #[must_use]
    pub fn objects(&self) -> PathBuf {
        self.path.join("objects")
    }

    /// The key under which the keys in the database are sealed; made if it is not there.
    pub fn root_key(&self, random: &dyn Random) -> Result<Zeroizing<[u8; 32]>, String> {
        let path = self.path.join("portico.key");
        match File::open(&path) {
            Ok(mut file) => {
                let mut key = Zeroizing::new([0; 32]);
                let read = file.read_exact(&mut *key);
                let whole = read.is_ok() && file.read(&mut [0]).is_ok_and(|more| more == 0);
                if whole { Ok(key) } else { Err(format!("{} is not 32 bytes", path.display())) }
            }
            Err(error) if error.kind() == ErrorKind::NotFound && self.lock.is_some() => {
                if self.path.join("portico.sqlite").exists() {
                    return Err(format!(
                        "{} is missing beside its database: restore it from your backup",
                        path.display()
                    ));
                }
                let key = Zeroizing::new(random_bytes(random));
                self.write_durably("portico.key", &*key).map_err(|error| said(&path, &error))?;
                Ok(key)
            }
            Err(error) => Err(said(&path, &error)),
        }
    }

    /// Writes a file that is whole or not there, whatever happens.
    fn write_durably(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        let (path, new) = (self.path.join(name), self.path.join(format!("{name}.new")));
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, &path)?;
        File::open(&self.path)?.sync_all()
    }
}

fn said(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
