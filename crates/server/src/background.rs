//! The background threads: jobs, mail, the archive of the audit log, and the upkeep that flushes the journal, seals, sweeps,
//! ends uploads and removes the files of deleted objects and of a void set-up link.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use kernel::jobs::runner::Runner;
use kernel::upkeep::Duty;
use kernel::{Portico, upkeep};
use mail::Delivery;
use objects::Objects;

use crate::archive_thread::keep_archive;
use crate::setup_link_file::SetupLinkFile;
use crate::timer::Timer;

/// Number of jobs that run at the same time.
const JOB_THREADS: usize = 2;

/// Maximum time that events wait in the journal.
const SECOND: Duration = Duration::from_secs(1);

const MINUTE: Duration = Duration::from_mins(1);

/// The background threads of one core. They end when this is dropped or stopped.
pub struct Background {
    portico: Arc<Portico>,
    stopped: Arc<AtomicBool>,
    /// Ends the pauses of threads when it is dropped.
    stop: Option<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Background {
    /// Starts the threads. `setup_link` is the file of the set-up link, if the server has a data folder. Without a
    /// `delivery` messages wait in the outbox.
    pub fn start(
        portico: &Arc<Portico>,
        objects: &Arc<Objects>,
        setup_link: Option<SetupLinkFile>,
        delivery: Option<&Arc<Delivery>>,
    ) -> io::Result<Self> {
        let stopped = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        let since_ms = portico.clock.now_ms();
        for number in 0..JOB_THREADS {
            let (portico, stopped) = (Arc::clone(portico), Arc::clone(&stopped));
            let named = thread::Builder::new().name(format!("jobs-{number}"));
            threads.push(named.spawn(move || {
                Runner::new(service::JOBS, since_ms)
                    .run(&portico, &|| stopped.load(Ordering::Acquire));
            })?);
        }
        if let Some(delivery) = delivery {
            let (delivery, portico) = (Arc::clone(delivery), Arc::clone(portico));
            let told = Arc::clone(&stopped);
            let send = move || delivery.run(&portico, &|| told.load(Ordering::Acquire));
            // It ends by itself and is not waited for: a mail server may take its time. What it does not settle is sent
            // again.
            thread::Builder::new().name("mail".to_owned()).spawn(send)?;
        }
        let (keeper, told) = (Arc::clone(portico), Arc::clone(&stopped));
        let objects = Arc::clone(objects);
        let named = thread::Builder::new().name("upkeep".to_owned());
        let keep_up = move || keep_up(&keeper, &objects, setup_link.as_ref(), &told);
        threads.push(named.spawn(keep_up)?);
        let (stop, stopping) = mpsc::channel();
        let (archivist, told) = (Arc::clone(portico), Arc::clone(&stopped));
        let named = thread::Builder::new().name("audit-archive".to_owned());
        threads.push(named.spawn(move || keep_archive(&archivist, &stopping, &told))?);
        Ok(Self { portico: Arc::clone(portico), stopped, stop: Some(stop), threads })
    }

    /// Ends the threads once their present work is done, and writes the events in the journal.
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
        self.portico.journal.close();
        self.stop.take();
    }
}

fn keep_up(
    portico: &Portico,
    objects: &Objects,
    setup_link: Option<&SetupLinkFile>,
    stopped: &AtomicBool,
) {
    let (mut second, mut minute) = (Timer::start(), Timer::start());
    let note_left_out = || {
        upkeep::note_all_left_out(portico);
        Ok(())
    };
    let flush_journal = || upkeep::flush_journal(portico);
    let every_minute = || upkeep::every_minute(portico);
    let every_second = || upkeep::every_second(portico);
    let write_failures = || service::every_second(portico);
    let end_old_uploads = || objects.end_old_uploads().map(drop);
    let delete_removed_parts = || objects.delete_removed_parts();
    let remove_unlinked_files = || objects.remove_unlinked_files().map(drop);
    let remove_void_link = || setup_link.map_or(Ok(()), |file| file.remove_if_void(portico));
    loop {
        portico.journal.wait(SECOND);
        let stopping = stopped.load(Ordering::Acquire);
        let mut duties: Vec<Duty<'_>> = Vec::new();
        if stopping {
            duties.push(("the count of what was left out", &note_left_out));
        }
        duties.push(("writing of the journal", &flush_journal));
        if stopping || minute.has_run(MINUTE) {
            minute = Timer::start();
            duties.push(("the work of the minute", &every_minute));
            duties.push(("the end of old uploads", &end_old_uploads));
            duties.push(("deletion of parts that are gone", &delete_removed_parts));
            duties.push(("removal of files of deleted objects", &remove_unlinked_files));
        }
        if stopping || second.has_run(SECOND) {
            second = Timer::start();
            duties.push(("the work of the second", &every_second));
            duties.push(("failed sign-ins", &write_failures));
            duties.push(("the file of the set-up link", &remove_void_link));
        }
        // Each failure is logged already.
        upkeep::run_each(&duties).ok();
        if stopping {
            break;
        }
    }
}
