//! The threads on which bodies are written, read and digested.
//!
//! Bodies keep away from the worker threads of the core: a slow disk under many uploads must not
//! hold up a sign-in. Whoever finds no room waits, so that an upload under way is not lost.

use std::sync::Arc;

use model::Fault;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// So many pieces of bodies are worked on at once.
const JOBS_MAX: usize = 16;

/// The way to the disk's threads.
#[derive(Clone)]
pub struct Disk {
    room: Arc<Semaphore>,
}

impl Disk {
    #[must_use]
    pub fn new() -> Self {
        Self { room: Arc::new(Semaphore::new(JOBS_MAX)) }
    }

    /// Runs `job`, which may block, and waits for it.
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let room = Arc::clone(&self.room).acquire_owned().await.map_err(Fault::broken)?;
        let ended = spawn_blocking(move || {
            let result = job();
            drop(room);
            result
        });
        // A job that panicked, or a runtime that ends.
        ended.await.map_err(Fault::broken)
    }
}

impl Disk {
    /// Runs `job`, which may block, while the caller goes on. Nobody learns how it ends.
    pub fn start(&self, job: impl FnOnce() + Send + 'static) {
        let disk = self.clone();
        tokio::spawn(async move { disk.run(job).await.ok() });
    }
}

impl Default for Disk {
    fn default() -> Self {
        Self::new()
    }
}
