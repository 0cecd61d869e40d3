//! Files that only tests compile.

use std::collections::BTreeSet;

use super::lexer::tokens;
use super::product::{attribute, is_of_tests};
use crate::tidy::tree::{File, Tree};

/// The files of a tree that only tests compile.
pub struct TestFiles {
    /// Modules declared under `#[cfg(test)]`: their paths without `.rs` and `/mod.rs`.
    declared: BTreeSet<String>,
}

impl TestFiles {
    pub fn of(tree: &Tree) -> Self {
        Self { declared: tree.ending(".rs").flat_map(declared_in).collect() }
    }

    pub fn contains(&self, file: &File) -> bool {
        let module = module_of(&file.path);
        let mut folders = module.match_indices('/').filter_map(|(place, _)| module.get(..place));
        is_test_path(&file.path)
            || self.declared.contains(module)
            || folders.any(|folder| self.declared.contains(folder))
    }
}

/// The crate of the test kit.
const KIT: &str = "crates/testing/";

/// Tells whether the path shows that the file is of tests.
pub fn is_test_path(path: &str) -> bool {
    path.starts_with(KIT)
        || path.split('/').any(|part| matches!(part, "tests" | "tests.rs"))
        || path.ends_with("_tests.rs")
}

/// The path of a module without its ending: the same for `a.rs` and `a/mod.rs`.
fn module_of(path: &str) -> &str {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    path.strip_suffix("/mod").unwrap_or(path)
}

/// The modules that the file declares under `#[cfg(test)]`.
fn declared_in(file: &File) -> Vec<String> {
    let module = module_of(&file.path);
    let is_root = matches!(file.name(), "lib.rs" | "main.rs");
    let folder =
        if is_root { module.rsplit_once('/').map_or("", |(folder, _)| folder) } else { module };
    let all = tokens(&file.text);
    let mut found = Vec::new();
    let mut rest = all.as_slice();
    let mut is_under_test = false;
    while let Some((_, after)) = rest.split_first() {
        if let Some((words, after)) = attribute(rest) {
            is_under_test |= is_of_tests(words);
            rest = after;
            continue;
        }
        let mut following = rest.iter().map(|token| token.text).skip_while(is_visibility);
        if is_under_test && following.next() == Some("mod") {
            let (name, end) = (following.next(), following.next());
            if let (Some(name), Some(";")) = (name, end) {
                found.push(format!("{folder}/{name}"));
            }
        }
        is_under_test = false;
        rest = after;
    }
    found
}

/// A part of `pub` or `pub(crate)`.
fn is_visibility(text: &&str) -> bool {
    matches!(*text, "pub" | "(" | "crate" | "super" | ")")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_declared_for_tests_is_of_tests_with_all_below_it() {
        let lib = "#[cfg(test)]\nmod testing;\n#[cfg(any(test, feature = \"testing\"))]\npub mod kit;\nmod ctx;\n";
        let tree = Tree::of(&[
            ("crates/a/src/lib.rs", lib),
            ("crates/a/src/testing.rs", ""),
            ("crates/a/src/testing/people.rs", ""),
            ("crates/a/src/kit/mod.rs", ""),
            ("crates/a/src/ctx.rs", ""),
            ("crates/a/src/users/tests.rs", ""),
            ("crates/a/src/users/tests/edits.rs", ""),
            ("crates/a/tests/conformance/main.rs", ""),
            ("crates/testing/src/people.rs", ""),
        ]);
        let of_tests = TestFiles::of(&tree);
        let product = tree.files.iter().filter(|file| !of_tests.contains(file));
        let paths: Vec<&str> = product.map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["crates/a/src/lib.rs", "crates/a/src/ctx.rs"]);
    }
}
