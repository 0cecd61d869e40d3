//! The number of connections, in total and for each network.

use model::network_shares::NetworkLimits;

use crate::shares::shares_of;

/// Maximum number of open connections. The process's limit of open files may lower it.
pub const CONNECTIONS_MAX: usize = 4096;

/// Minimum number of connections, whatever the limit of open files is.
const CONNECTIONS_MIN: usize = 16;

/// Number of open files reserved for the database, the log and the listeners: about 20, and two files of
/// SQLite for each of the 32 workers and the few other threads that use the database.
const OTHER_FILES: usize = 128;

/// Number of open files reserved for each core, whose thread reads the database too.
const FILES_PER_CORE: usize = 2;

/// Number of open files of a connection: its socket, and the file of an S3 object that it sends or receives.
const FILES_PER_CONNECTION: usize = 2;

/// The shares of the connections that the process's limit of open files allows.
#[must_use]
pub fn limits_for_open_files() -> NetworkLimits {
    let fitting = |files| connections_for(files, cores());
    shares_of(open_files_max().map_or(CONNECTIONS_MAX, fitting))
}

/// Warns in the log if the limit of open files allows fewer connections than the server could serve.
pub fn warn_of_few(total_max: usize) {
    if total_max < CONNECTIONS_MAX {
        tracing::warn!(
            connections_max = total_max,
            "the limit of open files is low, so few connections are accepted: raise it to {} (LimitNOFILE= \
             of systemd, `ulimit -n` of a shell)",
            other_files(cores()) + FILES_PER_CONNECTION * CONNECTIONS_MAX
        );
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn other_files(cores: usize) -> usize {
    OTHER_FILES + FILES_PER_CORE * cores
}

fn connections_for(open_files_max: usize, cores: usize) -> usize {
    let free = open_files_max.saturating_sub(other_files(cores));
    (free / FILES_PER_CONNECTION).clamp(CONNECTIONS_MIN, CONNECTIONS_MAX)
}

/// The soft limit of open files, where the system tells it. See proc(5).
fn open_files_max() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let files = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    files.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_fit_the_limit_of_open_files() {
        for (files, connections) in [
            (0, 16),
            (160, 16),
            (324, 96),
            (1024, 446),
            (8323, 4095),
            (8324, 4096),
            (1 << 20, 4096),
            (usize::MAX, 4096),
        ] {
            assert_eq!(connections_for(files, 2), connections, "{files}");
        }
        assert_eq!(connections_for(1024, 64), 384);
        assert!(open_files_max().is_some_and(|files| files > 0));
    }
}
