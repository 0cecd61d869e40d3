//! The threads of the server on which objects do their database work.

use model::Fault;

/// The threads that do blocking work.
pub trait Workers: Send + Sync + 'static {
    /// Queues `job` for a thread, or refuses it with `Fault::Busy` if the queue is full.
    fn submit(&self, job: Box<dyn FnOnce() + Send>) -> Result<(), Fault>;
}
