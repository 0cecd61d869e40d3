//! The part of a server that a sandbox replaces when it is reset.
//!
//! INVARIANT: a request uses one core from its first byte to its last, whatever is reset meanwhile.

use std::path::Path;
use std::sync::Arc;

use kernel::Portico;
use mail::Delivery;
use model::Fault;
use objects::{Objects, SharedFolder};
use tempfile::TempDir;

use crate::background::Background;
use crate::system::SystemRandom;
use crate::workers::{Job, Workers};

/// The program with its objects and the keys of its pages.
pub struct Core {
    pub portico: Arc<Portico>,
    pub objects: Arc<Objects>,
    pub web: web::Site,
    /// Way of messages out of the outbox, if there is one.
    pub delivery: Option<Arc<Delivery>>,
    /// Background threads of a sandbox. They end with the core.
    pub background: Option<Background>,
    /// Folder of a sandbox's objects. It is removed with the core.
    pub scratch: Option<TempDir>,
}

impl Core {
    /// A core whose objects are files under a folder.
    pub fn open(
        portico: Arc<Portico>,
        workers: &Workers,
        folder: (&Path, SharedFolder),
    ) -> Result<Self, Fault> {
        let workers = Arc::new(workers.clone());
        let random = Arc::new(SystemRandom);
        let objects = Objects::new(Arc::clone(&portico), workers, folder, random)?;
        let objects = Arc::new(objects);
        let (form_key, console_key) =
            (portico.keys.derive("forms"), portico.keys.derive("console"));
        let web = web::Site { form_key, console_key };
        Ok(Self { portico, objects, web, delivery: None, background: None, scratch: None })
    }
}

/// The database work of objects runs on the worker threads of all requests.
impl objects::Workers for Workers {
    fn submit(&self, job: Job) -> Result<(), Fault> {
        Workers::submit(self, job).map_err(|_| Fault::Busy)
    }
}
