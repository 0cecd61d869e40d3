//! Banned words: paths of one machine, and marks of unfinished work.

use super::{Complaint, Tree};

// Each word is written in two halves, so that this file passes its own rule.
const BANNED: &[(&str, &str)] = &[
    (concat!("/ro", "ot/"), "is a path of one machine"),
    (concat!("/wo", "rk/"), "is a path of one machine"),
    (concat!("/ho", "me/"), "is a path of one machine"),
    (concat!("/tm", "p/w/"), "is a path of one machine"),
    (concat!("TO", "DO"), "is work undone: do it, or file an issue"),
    (concat!("FIX", "ME"), "is work undone: do it, or file an issue"),
    (concat!("todo", "!("), "is work undone: do it, or file an issue"),
    (concat!("unimplemented", "!("), "is work undone: do it, or file an issue"),
    (concat!("dbg", "!("), "is for the eyes of whoever debugs"),
];

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.files.iter().filter(|file| file.path != "Cargo.lock") {
        for (number, line) in file.text.lines().enumerate() {
            for (word, why) in BANNED.iter().filter(|(word, _)| stands_in(line, word)) {
                complaints.push(Complaint::of_line(file, number, format!("`{word}` {why}")));
            }
        }
    }
    complaints
}

/// Tells whether the line has the word, but not inside a longer path or word.
fn stands_in(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(place, _)| {
        let before = line.get(..place).and_then(|text| text.chars().next_back());
        !before.is_some_and(|letter| letter.is_alphanumeric() || "._-}".contains(letter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_banned_word_is_found_with_its_line() {
        for (word, why) in BANNED {
            let tree = Tree::of(&[("a.md", &format!("good\nsee {word}x\n"))]);
            let [found] = check(&tree).try_into().unwrap();
            assert_eq!(found.to_string(), format!("a.md:2: `{word}` {why}"));
        }
    }

    #[test]
    fn the_end_of_another_path_is_no_such_word() {
        let path = concat!("https://example.com/wo", "rk/");
        assert_eq!(check(&Tree::of(&[("a.md", path)])), []);
    }
}
