//! What a running server finds wrong with its audit log, and the head that it keeps of it.

mod head;
mod kept_head;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::Fault;
use store::RowMac;

pub use self::head::Head;
pub use self::kept_head::{KeptHead, KeptLane};
use crate::durable_file::write_durably;

/// Name of the file of the head, in the folder of the key file.
const FILE: &str = "portico.audit-head";

/// What a server finds wrong with its log, and the head that it keeps.
pub struct Watch {
    findings: AtomicU64,
    /// Folder of the head's file; `None` if no head is kept, as in a sandbox.
    folder: Option<PathBuf>,
    mac: Box<RowMac>,
    pub(crate) state: Mutex<State>,
}

/// What a server knows of its own head.
#[derive(Debug, Default)]
pub(crate) enum State {
    /// The log was not compared with the file yet.
    #[default]
    Unchecked,
    /// The log agrees with the head.
    Agrees { head: KeptHead, written: String },
    /// The log differs from the head in the file, which stays as it is until the operator accepts
    /// the log.
    Differs,
}

/// What the file of the head holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Kept {
    /// No head is kept, or none yet.
    Nothing,
    /// This server did not write the file as it is.
    Wrong,
    Head(KeptHead),
}

impl Watch {
    pub(crate) fn new(folder: Option<PathBuf>, mac: Box<RowMac>) -> Self {
        Self { findings: AtomicU64::new(0), folder, mac, state: Mutex::default() }
    }

    /// Returns the number of findings since the start of the process.
    #[must_use]
    pub fn findings(&self) -> u64 {
        self.findings.load(Ordering::Relaxed)
    }

    pub(crate) fn add_findings(&self, count: usize) {
        self.findings.fetch_add(u64::try_from(count).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Tells whether this server keeps a head.
    #[must_use]
    pub fn keeps_head(&self) -> bool {
        self.folder.is_some()
    }

    /// Reads the file of the head.
    pub fn read(&self) -> Result<Kept, Fault> {
        let Some(folder) = &self.folder else { return Ok(Kept::Nothing) };
        match fs::read(folder.join(FILE)) {
            Ok(bytes) => {
                let text = String::from_utf8(bytes).ok();
                let head = text.and_then(|text| KeptHead::from_text(&text, &*self.mac));
                Ok(head.map_or(Kept::Wrong, Kept::Head))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Kept::Nothing),
            Err(error) => Err(broken(folder, &error)),
        }
    }

    /// Writes the file of the head, unless it has the text `written` already. Returns its text.
    pub(crate) fn write(&self, head: &KeptHead, written: &str) -> Result<String, Fault> {
        let text = head.to_text(&*self.mac);
        if let Some(folder) = self.folder.as_ref().filter(|_| text != written) {
            write_durably(folder, FILE, text.as_bytes()).map_err(|error| broken(folder, &error))?;
        }
        Ok(text)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn broken(folder: &Path, error: &std::io::Error) -> Fault {
    Fault::Broken(format!("{}: {error}", folder.join(FILE).display()))
}
