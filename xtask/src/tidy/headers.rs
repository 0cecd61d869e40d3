//! Every source file begins with a header comment.

use super::{Complaint, File, Tree};

const ENDINGS: &[&str] = &[".rs", ".sql", ".sh", ".py", ".mjs", ".js", ".css"];

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let sources = tree.files.iter().filter(|file| is_source(file));
    let without = sources.filter(|file| {
        let header = file.header();
        header.is_empty() || (file.ends_with(".rs") && !header.starts_with("//!"))
    });
    without
        .map(|file| Complaint::of_file(file, "begins without a header comment (`//!` in Rust)"))
        .collect()
}

/// Tells whether the file is written by hand in a language that has comments.
pub fn is_source(file: &File) -> bool {
    ENDINGS.iter().any(|ending| file.ends_with(ending)) || file.is_script()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_without_a_header_is_found() {
        let tree = Tree::of(&[
            ("a.rs", "//! Good.\n"),
            ("b.rs", "// Not of the module.\nfn b() {}\n"),
            ("c.sql", "CREATE TABLE c (id TEXT)"),
            ("d.sql", "-- Good.\nCREATE"),
            ("test", "#!/bin/sh\nset -e\n"),
            ("e.json", "{}"),
        ]);
        let paths: Vec<String> = check(&tree).into_iter().map(|found| found.path).collect();
        assert_eq!(paths, ["b.rs", "c.sql", "test"]);
    }
}
