//! Files are short: 40 to 150 lines are good, and half of them have fewer than 80.
//!
//! 400 lines is the end outside of tests. A longer file of tests needs a reason in its header.

use super::headers::is_source;
use super::source::TestFiles;
use super::{Complaint, File, Tree};

const LINES_MAX: usize = 400;

/// Maximum of a file of tests whose header tells why, with the word "because" or "reason".
const TEST_LINES_MAX: usize = 800;

/// The median of all files outside of tests stays below this.
const MEDIAN_END: usize = 80;

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let of_tests = TestFiles::of(tree);
    let sources = tree.files.iter().filter(|file| is_source(file));
    let mut complaints: Vec<Complaint> =
        sources.filter_map(|file| too_long(file, of_tests.contains(file))).collect();
    let median = median(tree);
    if median >= MEDIAN_END {
        let text = format!("the median file has {median} lines; it must have under {MEDIAN_END}");
        complaints.push(Complaint { path: ".".to_owned(), line: 0, text });
    }
    complaints
}

fn too_long(file: &File, is_of_tests: bool) -> Option<Complaint> {
    let lines = file.text.lines().count();
    let max = if is_of_tests { TEST_LINES_MAX } else { LINES_MAX };
    let header = file.header();
    let has_reason = header.contains("because") || header.contains("reason");
    let text = if lines > max {
        format!("has {lines} lines; {max} is the most")
    } else if lines > LINES_MAX && !has_reason {
        format!("has {lines} lines, and its header does not say why it is one file (\"because …\")")
    } else {
        return None;
    };
    Some(Complaint::of_file(file, text))
}

/// The median number of lines of a source file outside of tests.
pub fn median(tree: &Tree) -> usize {
    let of_tests = TestFiles::of(tree);
    let product = tree.files.iter().filter(|file| is_source(file) && !of_tests.contains(file));
    let mut lengths: Vec<usize> = product.map(|file| file.text.lines().count()).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The complaints about a file of so many lines among short ones.
    fn complaints(path: &str, lines: usize, header: &str) -> usize {
        let text = format!("{header}\n{}", "x\n".repeat(lines - 1));
        check(&Tree::of(&[(path, &text), ("b.rs", ""), ("c.rs", "")])).len()
    }

    #[test]
    fn a_long_file_is_found_whatever_its_header_says() {
        assert_eq!(complaints("a.rs", 400, "//! A."), 0);
        assert_eq!(complaints("a.rs", 401, "//! A."), 1);
        assert_eq!(complaints("a.rs", 401, "//! A. One file because the table is one."), 1);
    }

    #[test]
    fn a_long_file_of_tests_needs_a_reason_and_a_very_long_one_has_none() {
        let path = "tests/e2e/a.rs";
        assert_eq!(complaints(path, 400, "//! A."), 0);
        assert_eq!(complaints(path, 401, "//! A."), 1);
        assert_eq!(complaints(path, 401, "//! A. One file because the table is one."), 0);
        assert_eq!(complaints(path, 800, "//! A. One file because the table is one."), 0);
        assert_eq!(complaints(path, 801, "//! A. One file because the table is one."), 1);
    }

    #[test]
    fn data_may_be_long() {
        assert_eq!(check(&Tree::of(&[("a.json", &"x\n".repeat(2000))])), []);
    }

    #[test]
    fn the_median_is_of_sources_outside_of_tests() {
        let (short, long) = ("x\n".repeat(10), "x\n".repeat(90));
        let files = [("a.rs", &*short), ("b.rs", &*long), ("c.rs", &*long), ("d.json", &*short)];
        let tree = Tree::of(&files);
        assert_eq!(median(&tree), 90);
        assert_eq!(check(&tree).len(), 1);
        assert_eq!(
            median(&Tree::of(&[("a.rs", &short), ("tests/b.rs", &long), ("tests/c.rs", &long)])),
            10
        );
    }
}
