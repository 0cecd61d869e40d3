//! Result of a verification.

use super::super::finding::Finding;
use crate::watch::Head;

/// Maximum number of findings that a report holds. Later ones are only counted.
const FINDINGS_MAX: usize = 100;

/// Result of a verification.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub digests: i64,
    /// Number of sealed events that were checked.
    pub events: i64,
    /// Number of those that are in files of the archive.
    pub archived: i64,
    /// The last digest that was removed for its age; 0 if none was.
    pub removed_until: i64,
    /// Number of events that no digest seals yet.
    pub unsealed: i64,
    /// Age of the oldest of them in milliseconds.
    pub oldest_unsealed_ms: i64,
    /// Empty if the log is unchanged. Holds at most the first hundred findings.
    pub findings: Vec<Finding>,
    /// Number of findings beyond those.
    pub more_findings: u64,
    pub head: Option<Head>,
    /// Differences from the head that the node keeps, beyond `findings`.
    pub head_findings: Vec<Finding>,
    /// True if the log was compared with such a head.
    pub has_kept_head: bool,
}

impl Report {
    /// Tells whether nothing was found.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty() && self.head_findings.is_empty()
    }

    pub(super) fn add(&mut self, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        } else {
            self.more_findings += 1;
        }
    }
}
