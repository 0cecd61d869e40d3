//! Whether a folder of objects and a database belong together, and so whether the servers of a database share one.
//!
//! A folder that is not mounted, or that belongs to another database, has none of the files that the rows name. Objects
//! would be lost as soon as one was written there, and all its files would be taken for orphans. So the files of some
//! objects are looked for.

use std::sync::atomic::{AtomicBool, Ordering};

use kernel::Portico;
use model::Fault;
use policy::{NoFacts, authorize};
use store::object;

use crate::blobs::Blobs;

/// Number of objects whose files are looked for. One that is lost says nothing about the folder.
const LOOKED_FOR: i64 = 3;

/// What this process knows of its folder.
#[derive(Debug, Default)]
pub struct SharedFolder {
    is_found: AtomicBool,
    is_told: AtomicBool,
}

/// What the folder has of the files of some objects.
enum Found {
    Some,
    None,
    /// There are no objects.
    NothingNamed,
}

/// Tells whether the folder has files that the database names. Without objects nothing is known.
pub fn is_of_database(portico: &Portico, blobs: &Blobs) -> Result<bool, Fault> {
    look(portico, blobs).map(|found| matches!(found, Found::Some))
}

fn look(portico: &Portico, blobs: &Blobs) -> Result<Found, Fault> {
    let permit = authorize(&Portico::itself(), "portico:CheckObjects", "*", &NoFacts)?;
    let named = object::some_blobs(&mut portico.db.read(&permit)?, LOOKED_FOR)?;
    for blob in &named {
        if blobs.find(blob)?.is_some() {
            return Ok(Found::Some);
        }
    }
    Ok(if named.is_empty() { Found::NothingNamed } else { Found::None })
}

impl SharedFolder {
    /// The folder of a server that no other one shares, or whose operator says so.
    #[must_use]
    pub fn trusted() -> Self {
        Self { is_found: AtomicBool::new(true), ..Self::default() }
    }

    /// Fails while the database names files, and the folder has none of them.
    pub fn require(&self, portico: &Portico, blobs: &Blobs) -> Result<(), Fault> {
        let Self { is_found, is_told } = self;
        if is_found.load(Ordering::Relaxed) {
            return Ok(());
        }
        match look(portico, blobs)? {
            Found::Some => {
                is_found.store(true, Ordering::Relaxed);
                return Ok(());
            }
            Found::NothingNamed => return Ok(()),
            Found::None => {}
        }
        let why = format!(
            "{} has none of the files that the database names: make it the objects folder that the servers of this \
             database share, and see that it is mounted before the server starts. If the files are lost, restore them \
             from your backup, or start with --accept-missing-objects",
            blobs.root().display()
        );
        if !is_told.swap(true, Ordering::Relaxed) {
            tracing::error!("{why}");
        }
        Err(Fault::Unavailable(why))
    }
}
