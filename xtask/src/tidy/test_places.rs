//! Tests live in one of three places: `mod tests` at the end of the file that they test, the
//! `tests.rs` or `tests/` of a folder, and the `tests/` of a crate (conformance, end to end).

use super::source::{TestFiles, Token, attribute, is_of_tests, tokens};
use super::{Complaint, File, Tree};

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let of_tests = TestFiles::of(tree);
    let mut complaints = Vec::new();
    for file in tree.ending(".rs") {
        if file.ends_with("_tests.rs") || file.ends_with("_test.rs") {
            let text = "tests of one file stand at its end, tests of a folder in its `tests`";
            complaints.push(Complaint::of_file(file, text));
        }
        complaints.extend(misplaced(file, of_tests.contains(file)));
    }
    complaints
}

fn misplaced(file: &File, is_of_tests_itself: bool) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let all = tokens(&file.text);
    let mut rest = all.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let Some((words, after_attribute)) = attribute(rest) else {
            rest = after;
            continue;
        };
        rest = after_attribute;
        if words.get(2).is_some_and(|word| word.text == "path") {
            let text = "`#[path]` hides where a module lives";
            complaints.push(Complaint::of_line(file, first.line, text));
        }
        if is_of_tests_itself || !is_of_tests(words) {
            continue;
        }
        if is_inline_module(rest) {
            let inside = rest.get(3..).unwrap_or_default();
            if rest.get(1).is_some_and(|name| name.text != "tests") {
                let text = "a module of tests is called `tests`";
                complaints.push(Complaint::of_line(file, first.line, text));
            }
            rest = after_block(inside);
            if !rest.is_empty() {
                let text = "tests stand at the end of their file";
                complaints.push(Complaint::of_line(file, first.line, text));
            }
        } else if words.iter().map(|word| word.text).eq(["#", "[", "test", "]"]) {
            let text =
                "a test stands in `mod tests` at the end of its file, or in a folder's `tests`";
            complaints.push(Complaint::of_line(file, first.line, text));
        }
    }
    complaints
}

fn is_inline_module(tokens: &[Token]) -> bool {
    let mut texts = tokens.iter().map(|token| token.text);
    texts.next() == Some("mod") && texts.nth(1) == Some("{")
}

/// Returns the tokens after the block whose opening brace was before these.
fn after_block<'a, 'text>(tokens: &'a [Token<'text>]) -> &'a [Token<'text>] {
    let mut depth = 1_usize;
    for (place, token) in tokens.iter().enumerate() {
        match token.text {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return tokens.get(place + 1..).unwrap_or_default();
        }
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|found| found.text).collect()
    }

    const GOOD: &str = "fn f() {}\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn g() {}\n}\n";

    #[test]
    fn tests_at_the_end_of_a_file_and_in_folders_of_tests_are_good() {
        assert!(complaints("crates/a/src/b.rs", GOOD).is_empty());
        let test = "#[test]\nfn g() {}\nfn h() {}";
        assert!(complaints("crates/a/src/b/tests.rs", test).is_empty());
        assert!(complaints("crates/a/src/b/tests/c.rs", test).is_empty());
        assert!(complaints("crates/a/tests/conformance/c.rs", test).is_empty());
        assert!(complaints("crates/a/src/b/mod.rs", "#[cfg(test)]\nmod tests;\nmod c;").is_empty());
        assert!(complaints("a/src/b.rs", "#[cfg(test)]\nimpl A {}\nfn f() {}").is_empty());
    }

    #[test]
    fn tests_elsewhere_are_found() {
        let path = "crates/a/src/b.rs";
        assert_eq!(complaints(path, &format!("{GOOD}fn late() {{}}")).len(), 1);
        assert_eq!(complaints(path, &GOOD.replace("mod tests", "mod checks")).len(), 1);
        assert_eq!(complaints(path, "#[test]\nfn g() {}").len(), 1);
        assert_eq!(complaints("crates/a/src/b_tests.rs", "").len(), 1);
        let declared = "#[cfg(test)]\n#[path = \"x.rs\"]\nmod tests;";
        assert_eq!(complaints(path, declared), ["`#[path]` hides where a module lives"]);
    }
}
