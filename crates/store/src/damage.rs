//! Whether a connection has met damage in the file of the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::Fault;

/// The mark that all connections to a database share. It stays until the server is started again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Damage(Arc<AtomicBool>);

impl Damage {
    pub(crate) fn met(&self) {
        if !self.0.swap(true, Ordering::Relaxed) {
            tracing::error!(
                "the file of the database is damaged: stop the server, run `portico check --full`, and restore a \
                 backup with `portico restore`"
            );
        }
    }

    /// Fails once damage was met.
    pub(crate) fn require_none(&self) -> Result<(), Fault> {
        if self.0.load(Ordering::Relaxed) {
            return Err(Fault::broken("the file of the database is damaged"));
        }
        Ok(())
    }
}
