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
