//! Listener for commits of other nodes of the same PostgreSQL database.

use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use model::Fault;

use crate::engine::Listener;
use crate::signals::Signals;

/// Maximum wait for a notification before the listener checks whether the database was closed.
const PATIENCE: Duration = Duration::from_secs(1);

/// Starts a thread that forwards notifications until the database is closed. While its connection
/// is lost, the signals are disconnected.
pub(crate) fn listen(url: String, signals: &Arc<Signals>) -> Result<(), Fault> {
    let listener = Listener::connect(&url)?;
    let signals = Arc::downgrade(signals);
    let ear = thread::Builder::new().name("listener".to_owned());
    ear.spawn(move || hear(&url, listener, &Ear(signals)))
        .map_err(|why| Fault::broken_at("starting the thread that listens to PostgreSQL", why))?;
    Ok(())
}

/// Handle of the listener thread. INVARIANT: when the thread ends, for whatever reason, the signals
/// are disconnected, so nothing is cached.
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
                    // The wait for jobs is the pause between attempts. It ends early when there is
                    // work.
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
        // A panic of the thread drops the handle like this.
        drop(ear);
        assert_eq!(signals.authority(), None);
    }
}
