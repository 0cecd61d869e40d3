//! No test is ignored, and no test sleeps: tests wait for a signal of the program.

use super::source::is_test_path;
use super::{Complaint, File, Tree};

// Each word is written in two halves, so that this file passes its own rule.
const WAITING: &[&str] = &[
    concat!("thread::sl", "eep"),
    concat!("time::sl", "eep"),
    concat!("time.sl", "eep("),
    concat!("setTime", "out("),
    concat!("waitForTime", "out("),
];

const LEFT_OUT: &[&str] = &[concat!("#[ign", "ore"), concat!("test.sk", "ip(")];

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.files.iter().filter(|file| is_code(file)) {
        let tests_begin = first_line_of_tests(file);
        for (number, line) in file.text.lines().enumerate() {
            let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
            if has(LEFT_OUT) {
                complaints.push(Complaint::of_line(file, number, "leaves a test out"));
            }
            if number >= tests_begin && has(WAITING) {
                let text = "a test waits for the clock, not for what it is told";
                complaints.push(Complaint::of_line(file, number, text));
            }
        }
    }
    complaints
}

fn is_code(file: &File) -> bool {
    [".rs", ".py", ".mjs", ".js"].iter().any(|ending| file.path.ends_with(ending))
}

fn first_line_of_tests(file: &File) -> usize {
    if is_test_path(&file.path) {
        return 0;
    }
    file.text.lines().position(|line| line.trim() == "#[cfg(test)]").unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_found_in_tests_alone() {
        for word in WAITING {
            let code = format!("fn wait() {{\n    {word}\n}}\n");
            let in_tests = format!("fn good() {{}}\n#[cfg(test)]\nmod tests {{\n{code}}}\n");
            assert_eq!(check(&Tree::of(&[("crates/a/src/b.rs", &code)])), [], "{word}");
            assert_eq!(check(&Tree::of(&[("crates/a/src/b.rs", &in_tests)])).len(), 1, "{word}");
            assert_eq!(check(&Tree::of(&[("tests/e2e/b.rs", &code)])).len(), 1, "{word}");
            assert_eq!(check(&Tree::of(&[("crates/a/src/b_tests.rs", &code)])).len(), 1, "{word}");
            assert_eq!(check(&Tree::of(&[("crates/a/src/tests.rs", &code)])).len(), 1, "{word}");
        }
    }

    #[test]
    fn a_test_that_is_left_out_is_found() {
        for word in LEFT_OUT {
            assert_eq!(check(&Tree::of(&[("crates/a/src/b.rs", word)])).len(), 1, "{word}");
        }
    }
}
