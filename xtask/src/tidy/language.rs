//! Comments are plain English that stands alone: no openings that need the line above, and no
//! clause as the subject of a sentence. `CONTRIBUTING.md` has the rules and their reasons.

use super::source::comments;
use super::{Complaint, Tree};

/// Words that no comment begins with, and what is wrong with them.
const OPENINGS: &[(&str, &str)] = &[
    ("The same", "needs the comment above it: repeat the noun"),
    ("So many", "says a number the long way: \"Maximum number of …\""),
    ("Whoever", "makes a clause the subject: name who acts"),
    ("Whose", "makes a clause the subject: name the thing"),
    ("What is no", "makes a clause the subject: name the thing"),
    ("Nobody", "hides who acts: say what the code does"),
    ("None of", "hides who acts: say what the code does"),
];

/// Words that no comment has anywhere.
const WORDS: &[(&str, &str)] = &[(" anew", "is old: \"again\"")];

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.ending(".rs") {
        for comment in comments(&file.text) {
            let text = comment.text.trim_start_matches(['/', '!', '*']).trim_start();
            let begins = |(word, _): &&(&str, &str)| {
                let after = text.strip_prefix(word).and_then(|rest| rest.chars().next());
                text.starts_with(word) && !after.is_some_and(char::is_alphanumeric)
            };
            let has = |(word, _): &&(&str, &str)| {
                let mut places = text.match_indices(word);
                places.any(|(place, _)| {
                    let rest = text.get(place + word.len()..).unwrap_or_default();
                    !rest.starts_with(char::is_alphanumeric)
                })
            };
            let found = OPENINGS.iter().filter(begins).chain(WORDS.iter().filter(has));
            complaints.extend(found.map(|(word, why)| {
                Complaint::of_line(file, comment.line, format!("\"{}\" {why}", word.trim()))
            }));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(text: &str) -> usize {
        check(&Tree::of(&[("a.rs", text)])).len()
    }

    #[test]
    fn each_opening_is_found_in_each_kind_of_comment() {
        for (word, _) in OPENINGS {
            for mark in ["//", "///", "//!"] {
                assert_eq!(complaints(&format!("{mark} {word} x.\n")), 1, "{mark} {word}");
                assert_eq!(complaints(&format!("{mark} It says {word} x.\n")), 0, "{mark} {word}");
            }
            assert_eq!(complaints(&format!("let text = \"// {word} x\";")), 0, "{word}");
        }
        assert_eq!(complaints("// Sometimes\n// Nobodys\n// nobody\n"), 0);
    }

    #[test]
    fn a_word_is_found_wherever_it_stands() {
        assert_eq!(complaints("fn f() {} // Written anew."), 1);
        assert_eq!(complaints("// It is written anew, each time."), 1);
        assert_eq!(complaints("// An anewer."), 0);
    }
}
