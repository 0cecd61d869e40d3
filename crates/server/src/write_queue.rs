//! The write queue: one thread that prepares many short writes and waits for the disk once for all
//! of them.
//!
//! Decision 0009. On worker threads, each of these requests would wait for its turn to write and for
//! the end of its batch, and be woken for both.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::{io, thread};

use kernel::Portico;
use kernel::unwinding::contained;
use store::WriteBatch;
use tracing::Span;

use crate::workers::Unanswered;

/// Maximum number of writes per batch.
const BATCH_MAX: usize = 64;

/// A write that waits in the queue.
pub trait Write: Send {
    /// The program whose database is written to.
    fn portico(&self) -> &Arc<Portico>;

    /// The span of the request.
    fn span(&self) -> &Span;

    /// Writes within a batch, and keeps the answer back until the batch is on disk.
    fn prepare(&mut self, batch: &WriteBatch<'_>);

    /// Gives the answer. If the batch was not kept, or nothing was prepared, the write is done from
    /// the beginning, by itself.
    fn finish(self: Box<Self>, is_kept: bool);
}

/// A handle of the queue. The thread ends with the last clone.
#[derive(Clone)]
pub struct WriteQueue {
    writes: SyncSender<Box<dyn Write>>,
    waiting: Arc<AtomicUsize>,
}

impl WriteQueue {
    /// Starts the thread. Maximum number of writes that wait for it: `queue_max`.
    pub fn start(queue_max: usize) -> io::Result<Self> {
        let (writes, queue) = sync_channel(queue_max);
        let waiting = Arc::new(AtomicUsize::new(0));
        let queue = Queue { writes: queue, waiting: Arc::clone(&waiting) };
        thread::Builder::new().name("writers".to_owned()).spawn(move || work(&queue))?;
        Ok(Self { writes, waiting })
    }

    /// Adds a write, or refuses it if the queue is full.
    pub fn add(&self, write: Box<dyn Write>) -> Result<(), Unanswered> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.writes.try_send(write).map_err(|_| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            Unanswered::QueueFull
        })
    }

    /// The number of writes that wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// The thread's end of the queue.
struct Queue {
    writes: Receiver<Box<dyn Write>>,
    waiting: Arc<AtomicUsize>,
}

impl Queue {
    /// The next write. `None` once all handles are dropped.
    fn wait(&self) -> Option<Box<dyn Write>> {
        self.writes.recv().ok().inspect(|_| self.count_off())
    }

    /// The next write, if one waits.
    fn next(&self) -> Option<Box<dyn Write>> {
        self.writes.try_recv().ok().inspect(|_| self.count_off())
    }

    fn count_off(&self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

fn work(queue: &Queue) {
    let mut next = None;
    while let Some(first) = next.take().or_else(|| queue.wait()) {
        next = do_batch(queue, first);
    }
}

/// Does a batch of writes to one database. Returns the first write to another one, which begins the
/// next batch.
fn do_batch(queue: &Queue, first: Box<dyn Write>) -> Option<Box<dyn Write>> {
    let portico = Arc::clone(first.portico());
    let (mut prepared, mut left) = (Vec::new(), None);
    let is_kept = if let Ok(Some(batch)) = portico.db.write_batch() {
        let mut next = Some(first);
        while let Some(mut write) = next {
            if !Arc::ptr_eq(write.portico(), &portico) {
                left = Some(write);
                break;
            }
            let span = write.span().clone();
            // A panic leaves the write unprepared. It panics again when it is done by itself.
            let prepare = || {
                write.prepare(&batch);
                Ok(())
            };
            span.in_scope(|| contained(prepare)).ok();
            prepared.push(write);
            next = if prepared.len() < BATCH_MAX { queue.next() } else { None };
        }
        batch.wait().is_ok()
    } else {
        prepared.push(first);
        false
    };
    for write in prepared {
        let span = write.span().clone();
        let finish = || {
            write.finish(is_kept);
            Ok(())
        };
        span.in_scope(|| {
            if contained(finish).is_err() {
                tracing::error!("a request panicked; what it had begun was rolled back");
            }
        });
    }
    left
}
