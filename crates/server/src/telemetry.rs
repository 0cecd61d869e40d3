//! The log: one JSON line per event, on standard error. Standard output is for the operator.

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::log_line::{Line, Members};

/// Starts the log. `PORTICO_LOG` is a filter of `tracing`; the default is `info`.
#[expect(clippy::disallowed_methods, reason = "configuration is read here")]
pub fn start_log() {
    let filter = std::env::var("PORTICO_LOG").unwrap_or_else(|_| "info".to_owned());
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    // `s3s` logs the mistakes of clients with their bodies. Its answers are logged by the router.
    let silence = "s3s=off".parse().ok();
    let filter = silence.into_iter().fold(filter, EnvFilter::add_directive);
    let subscriber = subscriber(filter, std::io::stderr);
    // Only a second start in one process can fail, and then the log is there already.
    tracing::subscriber::set_global_default(subscriber).ok();
}

/// A subscriber that writes a JSON line per event.
pub(crate) fn subscriber<W>(filter: EnvFilter, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .event_format(Line)
        .fmt_fields(Members)
        .with_env_filter(filter)
        .with_writer(writer)
        .finish()
}

/// Maximum length of a path in the log. A key of S3 fits.
const PATH_BYTES_MAX: usize = 2048;

/// A path cut for the log: strangers choose paths, and a head may be 64 KiB.
pub(crate) fn logged(path: &str) -> &str {
    path.get(..path.floor_char_boundary(PATH_BYTES_MAX)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_has_the_start_of_a_long_path() {
        assert_eq!(logged("/start"), "/start");
        let long = format!("/{}", "ä".repeat(40_000));
        assert_eq!(logged(&long), format!("/{}", "ä".repeat(1023)));
    }
}
