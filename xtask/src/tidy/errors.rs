//! A fault keeps where it happened: `Fault::broken_at("reading …", why)`, not `Fault::broken`.

use super::source::{TestFiles, Token, product_tokens};
use super::{Complaint, Tree};

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let of_tests = TestFiles::of(tree);
    let mut complaints = Vec::new();
    for file in tree.ending(".rs").filter(|file| !of_tests.contains(file)) {
        let tokens = product_tokens(&file.text);
        let calls = tokens
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| pair.iter().map(|token| token.text).eq(["map_err", "("]));
        let bare = calls.filter(|(place, _)| names_broken(tokens.get(place + 2..)));
        complaints.extend(bare.filter_map(|(_, pair)| {
            let text = "loses where it happened: `Fault::broken_at(\"reading …\", why)`";
            Some(Complaint::of_line(file, pair.first()?.line, text))
        }));
    }
    complaints
}

/// Tells whether these tokens are a path to `Fault::broken`, and nothing more.
fn names_broken(tokens: Option<&[Token]>) -> bool {
    let tokens = tokens.unwrap_or_default();
    let path: Vec<&str> = tokens
        .iter()
        .map(|token| token.text)
        .take_while(|text| !matches!(*text, ")" | ","))
        .collect();
    path.ends_with(&["Fault", "::", "broken"]) && !path.contains(&"|")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(text: &str) -> Vec<usize> {
        let found = check(&Tree::of(&[("crates/a/src/b.rs", text)]));
        found.into_iter().map(|complaint| complaint.line).collect()
    }

    #[test]
    fn a_fault_without_its_place_is_found_outside_of_tests() {
        assert_eq!(complaints("x()\n    .map_err(Fault::broken)?"), [2]);
        assert_eq!(complaints("x().map_err(\n    model::Fault::broken,\n)?"), [1]);
        assert_eq!(complaints("x().map_err(model::Fault::broken)?"), [1]);
        let good = "x().map_err(|why| Fault::broken_at(\"reading a key\", why))?";
        assert!(complaints(good).is_empty());
        assert!(complaints("#[cfg(test)]\nmod tests { x().map_err(Fault::broken) }").is_empty());
    }
}
