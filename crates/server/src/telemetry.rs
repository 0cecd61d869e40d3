//! The log: one JSON line an event, on standard error. Standard output is for what the operator reads.

use tracing_subscriber::EnvFilter;

/// Starts the log. `PORTICO_LOG` says what is logged, as `tracing` filters do; `info` without it.
#[expect(clippy::disallowed_methods, reason = "configuration is read here")]
pub fn start_log() {
    let filter = std::env::var("PORTICO_LOG").unwrap_or_else(|_| "info".to_owned());
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    // `s3s` logs whatever clients get wrong, with their bodies. What it answers is logged here.
    let silence = "s3s=off".parse().ok();
    let filter = silence.into_iter().fold(filter, EnvFilter::add_directive);
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .finish();
    // Only a second start in one process could fail, and then a log is there already.
    tracing::subscriber::set_global_default(subscriber).ok();
}

/// The longest path in the log. A key of S3 fits.
const PATH_BYTES_MAX: usize = 2048;

/// A path as the log has it: strangers choose paths, and a head may be 64 KiB.
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
