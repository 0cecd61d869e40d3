//! What a running server finds wrong with its audit log.

use std::sync::atomic::{AtomicU64, Ordering};

/// Findings of this process, for the operator's metrics.
#[derive(Debug, Default)]
pub struct Watch {
    findings: AtomicU64,
}

impl Watch {
    /// Returns the number of findings since the start of the process.
    #[must_use]
    pub fn findings(&self) -> u64 {
        self.findings.load(Ordering::Relaxed)
    }

    pub(crate) fn add_findings(&self, count: u64) {
        self.findings.fetch_add(count, Ordering::Relaxed);
    }
}
