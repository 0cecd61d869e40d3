//! The threads that compute handshakes.
//!
//! INVARIANT: a flood of handshakes does not keep requests from the processor. A handshake computes longer than a short
//! request, and strangers make it do so. So its threads give way to all others, as those that hash passwords
//! (decision 0022).

use std::io;
use std::thread::available_parallelism;

use tokio::runtime::{Builder, Handle, Runtime};

/// By how much the threads give way. See nice(2).
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// The threads that compute handshakes.
pub(super) struct Threads {
    handle: Handle,
    /// Taken when this is dropped.
    runtime: Option<Runtime>,
}

impl Threads {
    pub(super) fn start() -> io::Result<Self> {
        let number = available_parallelism().map_or(1, usize::from);
        let mut runtime = Builder::new_multi_thread();
        runtime.worker_threads(number).thread_name("handshakes").on_thread_start(give_way);
        let runtime = runtime.build()?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Some(runtime) })
    }

    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // A runtime must not wait for its threads where others are driven.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Lowers the priority of this thread, on Linux, where a thread has one of its own. A system that refuses leaves it.
fn give_way() {
    #[cfg(target_os = "linux")]
    rustix::process::nice(NICENESS).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn the_threads_give_way() {
        let niceness = || rustix::process::getpriority_process(None).unwrap();
        let threads = Threads::start().unwrap();
        let asked = threads.handle().spawn(async move { niceness() });
        let waiting = Builder::new_current_thread().build().unwrap();
        assert_eq!(waiting.block_on(asked).unwrap(), (niceness() + NICENESS).min(19));
    }
}
