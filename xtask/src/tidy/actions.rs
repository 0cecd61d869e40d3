//! The name of an action, `"sso:CreateInstance"`, stands once: where its operation is declared.

use std::collections::BTreeMap;

use super::source::{TestFiles, product_tokens};
use super::{Complaint, File, Tree};

/// Data of the policy language that names actions of all services.
const DATA: &str = "crates/policy/src/builtin";

/// Prefixes of condition keys, which look like actions.
const KEY_PREFIXES: &[&str] = &["aws"];

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let of_tests = TestFiles::of(tree);
    let is_read = |file: &&File| {
        file.path.contains("/src/") && !file.path.starts_with(DATA) && !of_tests.contains(file)
    };
    let mut first_places: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    let mut complaints = Vec::new();
    for file in tree.ending(".rs").filter(is_read) {
        for token in product_tokens(&file.text) {
            let Some(action) = action(token.text) else { continue };
            if let Some((path, line)) = first_places.get(action) {
                let text =
                    format!("`{action}` stands at {path}:{line} already: take it from there");
                complaints.push(Complaint::of_line(file, token.line, text));
            } else {
                first_places.insert(action, (&file.path, token.line + 1));
            }
        }
    }
    complaints
}

/// The action that a string literal is: the prefix of a service and a name in upper camel case.
fn action(literal: &str) -> Option<&str> {
    let text = literal.strip_prefix('"')?.strip_suffix('"')?;
    let (prefix, name) = text.split_once(':')?;
    let is_prefix = !prefix.is_empty()
        && !KEY_PREFIXES.contains(&prefix)
        && prefix.chars().all(|letter| letter == '-' || letter.is_ascii_lowercase());
    let is_name = name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric());
    (is_prefix && is_name).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_action_that_stands_twice_is_found() {
        let declared = ("crates/service/src/a.rs", "const A: &str = \"sso:CreateInstance\";");
        assert!(complaints(&[declared]).is_empty());
        let found = complaints(&[declared, ("crates/web/src/b.rs", "\nf(\"sso:CreateInstance\")")]);
        let text = "`sso:CreateInstance` stands at crates/service/src/a.rs:1 already";
        assert_eq!(found, [format!("crates/web/src/b.rs:2: {text}: take it from there")]);
    }

    #[test]
    fn tests_policies_and_other_texts_may_repeat() {
        for (path, text) in [
            ("crates/a/src/tests.rs", "f(\"sso:CreateInstance\")"),
            ("crates/a/src/b.rs", "#[cfg(test)]\nmod tests { f(\"sso:CreateInstance\") }"),
            ("crates/policy/src/builtin.rs", "f(\"sso:CreateInstance\")"),
            ("crates/a/src/c.rs", "// \"sso:CreateInstance\"\nf(\"sso:Create*\")"),
        ] {
            let declared = ("crates/a/src/a.rs", "f(\"sso:CreateInstance\"), f(\"sso:Create*\")");
            assert!(complaints(&[declared, (path, text)]).is_empty(), "{path}");
        }
        assert!(
            complaints(&[("crates/a/src/a.rs", "[\"aws:UserName\", \"aws:UserName\"]")]).is_empty()
        );
    }
}
