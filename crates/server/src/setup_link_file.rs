//! The file with the set-up link in the data folder, decision 0023.
//!
//! INVARIANT: the file does not outlive its link. Upkeep removes it once the link is void: used here or on another node,
//! expired, or replaced.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::PathBuf;

use kernel::startup::is_setup_link_good;
use kernel::{Ctx, Portico, RequestInfo};
use model::Fault;

/// Maximum length of the file in bytes. A link is a public URL and 43 characters.
const BYTES_MAX: u64 = 4096;

/// File with the set-up link, or the place of one.
#[derive(Clone, Debug)]
pub struct SetupLinkFile {
    path: PathBuf,
}

impl SetupLinkFile {
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Removes the file.
    pub fn remove(&self) -> Result<(), Fault> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Fault::broken_at("removing the file of the set-up link", error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Removes the file if its link is void.
    pub fn remove_if_void(&self, portico: &Portico) -> Result<(), Fault> {
        let Some(link) = self.read()? else { return Ok(()) };
        let (_, token) = link.trim_end().split_once("token=").unwrap_or_default();
        let (itself, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
        if is_setup_link_good(&Ctx::new(portico, &itself, &request), token)? {
            return Ok(());
        }
        // `portico admin setup-link` may have replaced it meanwhile.
        if self.read()?.is_some_and(|now| now == link) { self.remove() } else { Ok(()) }
    }

    /// Returns the text of the file, if it is there.
    fn read(&self) -> Result<Option<String>, Fault> {
        let mut text = String::new();
        let file = File::open(&self.path);
        match file.and_then(|file| file.take(BYTES_MAX).read_to_string(&mut text)) {
            Ok(_) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            // Whatever is not text is no link.
            Err(error) if error.kind() == ErrorKind::InvalidData => Ok(Some(String::new())),
            Err(error) => Err(Fault::broken_at("reading the file of the set-up link", error)),
        }
    }
}
