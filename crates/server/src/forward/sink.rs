//! What all kinds of targets have in common.

use std::sync::Arc;
use std::time::Duration;

use kernel::forwarding::Parcel;
use rustls::ClientConfig;
use tokio::time::timeout;

use super::file::FileSink;
use super::otlp::OtlpSink;
use super::refusal::Refusal;
use super::syslog::SyslogSink;
use super::target::{Target, TargetKind};

/// Maximum time in which a target takes a part of a digest.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// Sender to a target.
pub(super) enum Sink {
    File(FileSink),
    Syslog(SyslogSink),
    Otlp(OtlpSink),
}

impl Sink {
    pub(super) fn new(target: &Target, host_name: String, tls: &Arc<ClientConfig>) -> Self {
        match target.kind().clone() {
            TargetKind::File(path) => Self::File(FileSink::new(path)),
            TargetKind::Syslog(place) => {
                Self::Syslog(SyslogSink { place, tls: Arc::clone(tls), host_name })
            }
            TargetKind::Otlp { place, path } => {
                Self::Otlp(OtlpSink { place, path, tls: Arc::clone(tls), host_name })
            }
        }
    }

    /// Sends events. Returns the number of those that the target does not keep.
    pub(super) async fn send(&mut self, parcel: &Parcel) -> Result<u64, Refusal> {
        let sending = async {
            match self {
                Self::File(file) => file.append(parcel).map(|()| 0).map_err(Refusal::new),
                Self::Syslog(syslog) => syslog.send(parcel).await.map(|()| 0),
                Self::Otlp(otlp) => otlp.send(parcel).await,
            }
        };
        let late = || {
            let seconds = SEND_TIMEOUT.as_secs();
            Err(Refusal::new(format!("it did not take the events within {seconds} s")))
        };
        timeout(SEND_TIMEOUT, sending).await.unwrap_or_else(|_| late())
    }
}
