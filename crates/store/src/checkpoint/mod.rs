//! Checkpoints of SQLite's write-ahead log, beside its writer.
//!
//! SQLite itself copies the log into the database at the commit that makes the log long, and whoever writes waits
//! for that: 30 to 90 ms on a disk that syncs in 1. Here a thread with a connection of its own copies while others
//! write. Then a writer copies the little that was written meanwhile, so that the next commit writes to the log from
//! its beginning.
//! INVARIANT: the log stays bounded even if the thread fails, because a writer then does its work.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use model::Fault;

use crate::engine::Engine;
use crate::location::{Location, Use};

/// Number of rows changed after which the log is copied. Each puts one or two pages of 4 KiB into the log.
const CHANGES_MAX: u64 = 1_000;

/// Who copies next.
mod phase {
    /// Neither: the log is short.
    pub(super) const RESTING: u8 = 0;
    /// The thread, which copies now.
    pub(super) const COPYING: u8 = 1;
    /// The next writer.
    pub(super) const ENDING: u8 = 2;
}

/// The writer's end of the checkpoints. The thread ends when it is dropped.
pub(crate) struct Checkpoints {
    phase: Arc<AtomicU8>,
    /// Number of changes of the writer's connection when the log was last copied.
    copied_at: Mutex<u64>,
    thread: Option<(SyncSender<()>, JoinHandle<()>)>,
}

impl Checkpoints {
    /// Starts the thread for a database file. Other databases need none.
    pub(crate) fn start(location: &Location) -> Result<Self, Fault> {
        let phase = Arc::new(AtomicU8::new(phase::RESTING));
        let start = || {
            let (wake, woken) = sync_channel(1);
            let (location, phase) = (location.clone(), Arc::clone(&phase));
            let named = thread::Builder::new().name("checkpoints".to_owned());
            let thread = named.spawn(move || copy_when_woken(&location, &phase, &woken));
            let broken = |why| Fault::broken_at("starting the thread of checkpoints", why);
            Ok((wake, thread.map_err(broken)?))
        };
        let thread = matches!(location, Location::Sqlite(_)).then(start).transpose()?;
        Ok(Self { phase, copied_at: Mutex::default(), thread })
    }

    #[cfg(test)]
    fn phase(&self) -> u8 {
        self.phase.load(Ordering::Acquire)
    }

    /// Takes note of a commit, after it and in the turn of the writer.
    pub(crate) fn committed(&self, engine: &mut Engine) {
        let Some((wake, _)) = &self.thread else {
            return;
        };
        let changes = engine.changes();
        let mut copied_at = self.copied_at.lock().unwrap_or_else(PoisonError::into_inner);
        match self.phase.load(Ordering::Acquire) {
            // A new connection counts from zero.
            phase::RESTING if changes.abs_diff(*copied_at) >= CHANGES_MAX => {
                self.phase.store(phase::COPYING, Ordering::Release);
                if wake.try_send(()).is_err() {
                    self.phase.store(phase::ENDING, Ordering::Release);
                }
            }
            phase::ENDING => {
                copy(engine);
                *copied_at = changes;
                self.phase.store(phase::RESTING, Ordering::Release);
            }
            _ => {}
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        if let Some((wake, thread)) = self.thread.take() {
            drop(wake);
            thread.join().ok();
        }
    }
}

fn copy_when_woken(location: &Location, phase: &AtomicU8, woken: &Receiver<()>) {
    let mut engine = None;
    while woken.recv().is_ok() {
        let _turn = WriterNext(phase);
        if engine.is_none() {
            engine = Engine::connect(location, Use::ReadOnly).inspect_err(warn).ok();
        }
        if let Some(engine) = &mut engine {
            copy(engine);
        }
    }
}

/// Leaves the rest of the log to the next writer when it is dropped, after a panic too.
struct WriterNext<'a>(&'a AtomicU8);

impl Drop for WriterNext<'_> {
    fn drop(&mut self) {
        self.0.store(phase::ENDING, Ordering::Release);
    }
}

/// Copies as much of the log as no reader needs any more.
fn copy(engine: &mut Engine) {
    engine.checkpoint().inspect_err(warn).ok();
}

fn warn(fault: &Fault) {
    tracing::warn!(?fault, "the write-ahead log could not be copied into the database");
}

#[cfg(test)]
mod tests;
