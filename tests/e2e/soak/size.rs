//! How large a running server is, and by how much it may grow.

use std::fmt;
use std::fs;
use std::path::Path;

use crate::support::{Installation, Portico};

const KB: u64 = 1000;
const MB: u64 = 1000 * KB;

/// Growth of the resident memory beyond which something is kept that should not be, in bytes. Allocators and SQLite's
/// caches take their share during the first minutes.
const MEMORY_MAX: u64 = 24 * MB;

/// Number of descriptors by which two moments of a server at rest differ at most: connections to the database that a
/// busy moment opened.
const DESCRIPTORS_MAX: u64 = 40;

/// Threads that come and go: those that look up addresses and read files wait ten seconds for more work.
const THREADS_MAX: u64 = 8;

/// Growth of the database for each request, in bytes: its audit event with its indexes (0.7 kB), 1.1 of them on average,
/// and what else it leaves.
const DATABASE_MAX_PER_REQUEST: u64 = 1500;

/// Growth of the database that no request accounts for: the write-ahead log, and rows that PostgreSQL has not vacuumed.
const DATABASE_MAX: u64 = 16 * MB;

/// What a server takes.
pub struct Size {
    memory: u64,
    descriptors: u64,
    threads: u64,
    database: u64,
    requests: u64,
}

impl Size {
    pub fn of(installation: &Installation, portico: &Portico) -> Self {
        let process = Path::new("/proc").join(portico.id().to_string());
        let status = fs::read_to_string(process.join("status")).unwrap();
        let of_status = |name: &str| -> u64 {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse().unwrap()
        };
        Self {
            memory: of_status("VmRSS:") * 1024,
            descriptors: fs::read_dir(process.join("fd")).unwrap().count() as u64,
            threads: of_status("Threads:"),
            database: installation.database_bytes(),
            requests: requests(portico),
        }
    }

    /// Fails if the server grew by more than requests account for.
    pub fn assert_flat_since(&self, before: &Self) {
        let requests = self.requests - before.requests;
        assert!(requests > 0, "no request was answered");
        let database_max = DATABASE_MAX + requests * DATABASE_MAX_PER_REQUEST;
        for (what, before, after, growth_max) in [
            ("memory", before.memory, self.memory, MEMORY_MAX),
            ("descriptors", before.descriptors, self.descriptors, DESCRIPTORS_MAX),
            ("threads", before.threads, self.threads, THREADS_MAX),
            ("database", before.database, self.database, database_max),
        ] {
            let growth = after.saturating_sub(before);
            assert!(
                growth <= growth_max,
                "{what} grew by {growth} from {before} with {requests} requests, at most {growth_max} expected"
            );
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { memory, descriptors, threads, database, requests } = self;
        let [memory, database] = [memory / KB, database / KB];
        write!(
            f,
            "memory {memory} kB, {descriptors} descriptors, {threads} threads, database {database} kB, {requests} requests"
        )
    }
}

/// The number of requests that a server has answered, as its metrics tell.
fn requests(portico: &Portico) -> u64 {
    let metrics = portico.get("/metrics").text();
    let lines = metrics.lines().filter(|line| line.starts_with("portico_requests_total{"));
    lines.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
}
