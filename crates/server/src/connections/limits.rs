//! The number of connections, in total and for each network.

use model::network_shares::NetworkLimits;

use crate::shares::shares_of;

/// Maximum number of open connections. The process's limit of open files may lower it.
pub const CONNECTIONS_MAX: usize = 4096;

/// Minimum number of connections, whatever the limit of open files is.
const CONNECTIONS_MIN: usize = 16;

/// Number of open files reserved for the database, the log and the listener. With SQLite, three files of
/// each of 33 database connections; with PostgreSQL, fewer.
const OTHER_FILES: usize = 128;

/// Number of open files of a connection: its socket, and the file of an S3 object that it sends or receives.
const FILES_PER_CONNECTION: usize = 2;

/// The shares of the connections that the process's limit of open files allows.
#[must_use]
pub fn limits_for_open_files() -> NetworkLimits {
    let connections = open_files_max().map_or(CONNECTIONS_MAX, connections_for);
    shares_of(connections)
}

/// Warns in the log if the limit of open files allows fewer connections than the server could serve.
pub fn warn_of_few(total_max: usize) {
    if total_max < CONNECTIONS_MAX {
        tracing::warn!(
            connections_max = total_max,
            "the limit of open files is low, so few connections are accepted: raise it to {} (LimitNOFILE= \
             of systemd, `ulimit -n` of a shell)",
            OTHER_FILES + FILES_PER_CONNECTION * CONNECTIONS_MAX
        );
    }
}

fn connections_for(open_files_max: usize) -> usize {
    let free = open_files_max.saturating_sub(OTHER_FILES);
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
            (320, 96),
            (1024, 448),
            (8320, 4096),
            (1 << 20, 4096),
            (usize::MAX, 4096),
        ] {
            assert_eq!(connections_for(files), connections, "{files}");
        }
        assert!(open_files_max().is_some_and(|files| files > 0));
    }
}
