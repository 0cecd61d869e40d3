//! The thread of one target: sends what is sealed, and waits between attempts.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use kernel::Portico;
use kernel::forwarding::{Forwarder, Step};
use kernel::unwinding::contained;
use model::Fault;
use rustls::ClientConfig;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::time::timeout;

use super::refusal::Refusal;
use super::sink::Sink;
use super::target::Target;
use crate::timer::Timer;

/// Pause between two looks for another digest.
const LOOK_PAUSE: Duration = Duration::from_secs(1);

/// Pause between two looks at a target that another server holds.
const HELD_PAUSE: Duration = Duration::from_secs(5);

/// Longest pause after a failure. The first is a second, and each is twice as long as the one before.
const PAUSE_MAX: Duration = Duration::from_mins(1);

/// Pause between two counts of what a target has not taken.
const COUNT_PAUSE: Duration = Duration::from_secs(5);

/// Pause between two lines in the log about a target that takes nothing.
const TELL_PAUSE: Duration = Duration::from_mins(10);

/// Sender to one target.
pub(super) struct Worker {
    portico: Arc<Portico>,
    target: Target,
    sink: Sink,
    runtime: Runtime,
    telling: watch::Receiver<()>,
}

/// Failures since the last success.
#[derive(Default)]
struct Failures {
    pause: Duration,
    /// Since the last line in the log.
    told: Option<Timer>,
}

impl Worker {
    pub(super) fn new(
        portico: &Arc<Portico>,
        target: &Target,
        tls: &Arc<ClientConfig>,
        telling: watch::Receiver<()>,
    ) -> io::Result<Self> {
        let url: Option<Uri> = portico.settings.public_url.parse().ok();
        let host_name = url.as_ref().and_then(Uri::host).unwrap_or_default().to_owned();
        let sink = Sink::new(target, host_name, tls);
        let (portico, target) = (Arc::clone(portico), target.clone());
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { portico, target, sink, runtime, telling })
    }

    /// Forwards events until the server stops.
    pub(super) fn run(self) {
        let Self { portico, target, mut sink, runtime, telling } = self;
        let mut forwarder = Forwarder::new(&portico, target.as_str(), service::is_read);
        let (mut failures, mut counted) = (Failures::default(), None::<Timer>);
        loop {
            let mut send = |parcel: &_| {
                runtime.block_on(async {
                    tokio::select! {
                        sent = sink.send(parcel) => sent,
                        () = stopped(&telling) => Err(Refusal::new("the server stops")),
                    }
                })
            };
            let step = contained(|| forwarder.step(&mut send));
            let pause = failures.pause_after(step, target.as_str());
            if counted.as_ref().is_none_or(|timer| timer.has_run(COUNT_PAUSE)) {
                counted = Some(Timer::start());
                forwarder.measure().ok();
            }
            if runtime.block_on(async { timeout(pause, stopped(&telling)).await }).is_ok() {
                break;
            }
        }
        forwarder.let_go().ok();
        // The look-up of a name can hang.
        runtime.shutdown_background();
    }
}

/// Waits until the server stops, which ends the channel.
async fn stopped(telling: &watch::Receiver<()>) {
    let mut telling = telling.clone();
    while telling.changed().await.is_ok() {}
}

impl Failures {
    /// Returns the pause before the next step. Tells of failures, and of their end.
    fn pause_after(&mut self, step: Result<Step<Refusal>, Fault>, target: &str) -> Duration {
        let (why, asked) = match step {
            Ok(Step::Taken) => {
                self.end(target);
                return Duration::ZERO;
            }
            Ok(Step::End) => {
                self.end(target);
                return LOOK_PAUSE;
            }
            Ok(Step::HeldElsewhere) => return HELD_PAUSE,
            Ok(Step::Refused(Refusal { why, retry_after })) => (why, retry_after),
            // The store tells of an outage, once.
            Err(Fault::Unavailable(_)) => return LOOK_PAUSE,
            Err(fault) => (crate::words::say(fault), None),
        };
        if self.told.as_ref().is_none_or(|timer| timer.has_run(TELL_PAUSE)) {
            self.told = Some(Timer::start());
            tracing::warn!(
                target_name = target,
                why,
                "audit events are not forwarded, and wait; it is tried again"
            );
        }
        self.pause = (self.pause * 2).clamp(LOOK_PAUSE, PAUSE_MAX);
        asked.unwrap_or(self.pause)
    }

    fn end(&mut self, target: &str) {
        if self.told.take().is_some() {
            tracing::info!(target_name = target, "audit events are forwarded again");
        }
        self.pause = Duration::ZERO;
    }
}
