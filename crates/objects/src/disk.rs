//! The threads on which bodies are written, read and digested.
//!
//! Bodies do not use the worker threads of the core: a slow disk under many uploads must not hold up
//! a sign-in. Jobs over the limit wait, so that an upload under way is not lost.

use std::sync::Arc;

use model::Fault;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tracing::Span;

/// Maximum number of jobs at a time.
const JOBS_MAX: usize = 16;

/// A handle of the disk's threads.
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
        let room = Arc::clone(&self.room).acquire_owned().await;
        let room = room.map_err(|why| Fault::broken_at("waiting for a thread of the disk", why))?;
        let span = Span::current();
        let ended = spawn_blocking(move || {
            let result = span.in_scope(job);
            drop(room);
            result
        });
        // The job panicked, or the runtime ends.
        ended.await.map_err(|why| Fault::broken_at("a job on a thread of the disk", why))
    }
}

impl Default for Disk {
    fn default() -> Self {
        Self::new()
    }
}
