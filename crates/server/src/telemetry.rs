//! The log: one JSON line per event, on standard error. Standard output is for the operator.

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::{log_level, unknown_variables};
use crate::log_line::{Line, Members};

/// Starts the log with what `PORTICO_LOG` asks for, and tells of variables that are no setting. Fails if
/// `PORTICO_LOG` has no known value.
pub fn start_log() -> Result<(), String> {
    // `s3s` logs the mistakes of clients with their bodies. Its answers are logged by the router.
    let filter = EnvFilter::new(format!("{},s3s=off", log_level()?));
    let subscriber = subscriber(filter, std::io::stderr);
    // Only a second start in one process can fail, and then the log is there already.
    tracing::subscriber::set_global_default(subscriber).ok();
    let unknown = unknown_variables();
    if !unknown.is_empty() {
        tracing::warn!(
            variables = ?unknown,
            "no setting has these variables, so they do nothing; `portico serve --help` lists all"
        );
    }
    Ok(())
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
