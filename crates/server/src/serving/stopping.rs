//! The end of a server, told to all its connections.

use tokio::sync::watch;

/// Tells connections that the server stops, and waits for their end.
pub(super) struct Stopping(watch::Sender<bool>);

/// The end of the server, as a connection hears it. The server waits until it is dropped.
pub(super) struct Told(watch::Receiver<bool>);

impl Default for Stopping {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Stopping {
    pub(super) fn told(&self) -> Told {
        Told(self.0.subscribe())
    }

    /// Tells all connections, and waits until they have ended.
    pub(super) async fn stop(&self) {
        self.0.send_replace(true);
        self.0.closed().await;
    }
}

impl Told {
    /// Completes when the server stops.
    pub(super) async fn wait(&mut self) {
        // A server that is gone without a word has stopped too.
        self.0.wait_for(|is_stopping| *is_stopping).await.ok();
    }
}
