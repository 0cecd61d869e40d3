//! Hearing what other nodes of the same PostgreSQL database committed.

use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use model::Fault;

use crate::engine::Listener;
use crate::signals::Signals;

/// How long the ear waits before it looks whether anyone still needs it.
const PATIENCE: Duration = Duration::from_secs(1);

/// Passes on notices until the database is closed. While the connection is lost the signals are deaf.
pub(crate) fn listen(url: String, signals: &Arc<Signals>) -> Result<(), Fault> {
    let listener = Listener::connect(&url)?;
    let signals = Arc::downgrade(signals);
    let ear = thread::Builder::new().name("listener".to_owned());
    ear.spawn(move || hear(&url, listener, &Ear(signals)))
        .map_err(|why| Fault::broken_at("starting the thread that listens to PostgreSQL", why))?;
    Ok(())
}

/// Whoever listens. INVARIANT: where nobody listens any more, however that came, nothing is
/// remembered.
struct Ear(Weak<Signals>);

impl Drop for Ear {
    fn drop(&mut self) {
        if let Some(signals) = self.0.upgrade() {
            signals.set_deaf(true);
        }
    }
}

fn hear(url: &str, mut listener: Listener, ear: &Ear) {
    while let Some(signals) = ear.0.upgrade() {
        match listener.next(PATIENCE) {
            Ok(None) => {}
            Ok(Some(channel)) if channel == "portico_job" => signals.job_added(),
            Ok(Some(_)) => signals.authority_changed(),
            Err(fault) => {
                tracing::warn!(?fault, "the notices of other nodes are lost; listening again");
                signals.set_deaf(true);
                match Listener::connect(url) {
                    Ok(next) => {
                        listener = next;
                        signals.set_deaf(false);
                        signals.job_added();
                    }
                    // The wait for jobs is the pause: it ends early when there is work.
                    Err(_) => signals.wait_for_jobs(signals.jobs(), PATIENCE),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nobody_listens_any_more_nothing_is_remembered() {
        let signals = Arc::new(Signals::default());
        let ear = Ear(Arc::downgrade(&signals));
        assert!(signals.authority().is_some());
        // As a panic of its thread drops it.
        drop(ear);
        assert_eq!(signals.authority(), None);
    }
}
