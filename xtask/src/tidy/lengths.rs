//! Files are short: 40 to 150 lines are good, over 400 need a reason, 800 is the end.

use super::headers::is_source;
use super::{Complaint, Tree};

const LINES_MAX: usize = 800;

/// Above this the header must tell why, with the word "because" or "reason".
const LINES_WITHOUT_REASON_MAX: usize = 400;

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.files.iter().filter(|file| is_source(file)) {
        let lines = file.text.lines().count();
        let header = file.header();
        let has_reason = header.contains("because") || header.contains("reason");
        if lines > LINES_MAX {
            let text = format!("has {lines} lines; {LINES_MAX} is the most");
            complaints.push(Complaint::of_file(file, text));
        } else if lines > LINES_WITHOUT_REASON_MAX && !has_reason {
            let text = format!(
                "has {lines} lines, and its header does not say why it is one file (\"because …\")"
            );
            complaints.push(Complaint::of_file(file, text));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(lines: usize, header: &str) -> usize {
        let text = format!("{header}\n{}", "x\n".repeat(lines - 1));
        check(&Tree::of(&[("a.rs", &text)])).len()
    }

    #[test]
    fn a_long_file_needs_a_reason_and_a_very_long_one_has_none() {
        assert_eq!(complaints(400, "//! A."), 0);
        assert_eq!(complaints(401, "//! A."), 1);
        assert_eq!(complaints(401, "//! A. One file because the table is one."), 0);
        assert_eq!(complaints(800, "//! A. One file because the table is one."), 0);
        assert_eq!(complaints(801, "//! A. One file because the table is one."), 1);
    }

    #[test]
    fn data_may_be_long() {
        assert_eq!(check(&Tree::of(&[("a.json", &"x\n".repeat(2000))])), []);
    }
}
