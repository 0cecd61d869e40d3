//! What goes on without a request: jobs, the journal's flush, sealing, sweeping.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use service::{Portico, jobs, upkeep};

/// Jobs that are done at the same time.
const JOB_THREADS: usize = 2;

/// How often the journal is flushed.
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// Every how many flushes the rest of the upkeep is due.
const UPKEEP_EVERY_FLUSHES: u32 = 60;

/// The threads of one core. They end when this is dropped or stopped.
pub struct Background {
    portico: Arc<Portico>,
    stopped: Arc<AtomicBool>,
    /// Closing it wakes the upkeep.
    _awake: Sender<()>,
    threads: Vec<JoinHandle<()>>,
}

impl Background {
    pub fn start(portico: &Arc<Portico>) -> io::Result<Self> {
        let stopped = Arc::new(AtomicBool::new(false));
        let (awake, asleep) = bounded(0);
        let mut threads = Vec::new();
        for number in 0..JOB_THREADS {
            let (portico, stopped) = (Arc::clone(portico), Arc::clone(&stopped));
            let named = thread::Builder::new().name(format!("jobs-{number}"));
            threads.push(named.spawn(move || {
                jobs::runner::run(&portico, &|| stopped.load(Ordering::Acquire));
            })?);
        }
        let keeper = Arc::clone(portico);
        let named = thread::Builder::new().name("upkeep".to_owned());
        threads.push(named.spawn(move || keep_up(&keeper, &asleep))?);
        Ok(Self { portico: Arc::clone(portico), stopped, _awake: awake, threads })
    }

    /// Ends the threads when what they are at is done, and writes what waits in the journal.
    pub fn stop(mut self) {
        let threads = std::mem::take(&mut self.threads);
        drop(self);
        for thread in threads {
            thread.join().ok();
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Release);
        self.portico.db.signals().job_added();
    }
}

fn keep_up(portico: &Portico, asleep: &Receiver<()>) {
    let mut flushes = 0;
    loop {
        let going_on = asleep.recv_timeout(FLUSH_EVERY).is_err_and(|error| error.is_timeout());
        flushes += 1;
        let result = upkeep::flush_journal(portico).and_then(|()| {
            let due = !going_on || flushes % UPKEEP_EVERY_FLUSHES == 0;
            if due { upkeep::keep_up(portico) } else { upkeep::seal_if_many(portico) }
        });
        if let Err(fault) = result {
            tracing::error!(?fault, "upkeep failed; it is tried again");
        }
        if !going_on {
            break;
        }
    }
}
