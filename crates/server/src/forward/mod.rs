//! Forwarding of audit events: a thread for each target of `--audit-forward` (decision 0039).
//!
//! No request waits for a target: a thread reads what is sealed, sends it with a deadline, and writes down how far the
//! target has got.

mod dialling;
mod file;
mod otlp;
mod refusal;
mod sink;
mod syslog;
mod target;
mod trust;
mod worker;

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use kernel::Portico;
use rustls::ClientConfig;
use tokio::sync::watch;

pub use self::target::Target;
pub use self::trust::client_config;
use self::worker::Worker;
use crate::timer::Timer;

/// Time in which threads end once they are told to. One that waits for a disk that does not answer is left behind.
const END_TIMEOUT: Duration = Duration::from_secs(2);

/// The threads that forward events.
pub struct Forwarding {
    told: watch::Sender<()>,
    ended: Receiver<()>,
    count: usize,
}

impl Forwarding {
    /// Starts a thread for each target.
    pub fn start(
        portico: &Arc<Portico>,
        targets: &[Target],
        tls: &Arc<ClientConfig>,
    ) -> io::Result<Self> {
        let (told, telling) = watch::channel(());
        let (ending, ended) = mpsc::channel();
        for (number, target) in targets.iter().enumerate() {
            let worker = Worker::new(portico, target, tls, telling.clone())?;
            let ending = ending.clone();
            let named = thread::Builder::new().name(format!("audit-forward-{number}"));
            named.spawn(move || {
                worker.run();
                ending.send(()).ok();
            })?;
        }
        Ok(Self { told, ended, count: targets.len() })
    }

    /// Ends the threads. What a target has not taken is sent after the next start.
    pub fn stop(self) {
        let Self { told, ended, count } = self;
        drop(told);
        let timer = Timer::start();
        for _ in 0..count {
            if ended.recv_timeout(END_TIMEOUT.saturating_sub(timer.elapsed())).is_err() {
                tracing::warn!(
                    "a target of --audit-forward holds its thread up, which is left behind"
                );
                break;
            }
        }
    }
}
