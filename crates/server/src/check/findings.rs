//! Findings, printed as they are found.

/// Maximum number of findings of a kind that are printed. The rest is counted.
const OF_A_KIND_MAX: u64 = 20;

/// The findings of one run.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    count: u64,
    of_this_kind: u64,
}

impl Findings {
    /// Says what is looked at next.
    pub(super) fn look_at(&mut self, what: &str) {
        self.end_kind();
        eprintln!("{what} …");
    }

    /// Takes a finding: what is wrong, and what to do.
    pub(super) fn add(&mut self, finding: &str) {
        self.count += 1;
        self.of_this_kind += 1;
        if self.of_this_kind <= OF_A_KIND_MAX {
            println!("{finding}");
        }
    }

    /// The number of findings.
    pub(crate) fn end(mut self) -> u64 {
        self.end_kind();
        self.count
    }

    fn end_kind(&mut self) {
        if let Some(more) = self.of_this_kind.checked_sub(OF_A_KIND_MAX).filter(|more| *more > 0) {
            println!("And {more} more of these.");
        }
        self.of_this_kind = 0;
    }
}
