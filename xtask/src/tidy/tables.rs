//! Each protocol spells every fault: its tables have no catch-all arm.
//!
//! Clippy denies `_ =>` on an enum, but it accepts an arm that binds a name.

use super::{Complaint, File, Tree};

/// Beginnings of the paths of the protocols' files. Each protocol has at least one table.
const PROTOCOLS: &[&str] = &["aws_json", "query", "rest_json", "rest_xml"];

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for protocol in PROTOCOLS {
        let start = format!("crates/protocol/src/{protocol}");
        let is_of = |file: &&File| {
            file.path == format!("{start}.rs") || file.path.starts_with(&format!("{start}/"))
        };
        let files: Vec<&File> = tree.files.iter().filter(is_of).collect();
        if !files.iter().any(|file| file.text.contains("fn spelling")) {
            let text = "has no table `fn spelling` of faults".to_owned();
            complaints.push(Complaint { path: start, line: 0, text });
        }
        for file in files {
            let lines = table_lines(&file.text).into_iter();
            let found = lines.filter(|(_, line)| catches_the_rest(line));
            complaints.extend(found.map(|(number, _)| {
                Complaint::of_line(file, number, "a table of faults catches the rest in one arm")
            }));
        }
    }
    complaints
}

/// The lines of every `fn spelling` with their numbers, from its head to its closing brace.
fn table_lines(text: &str) -> Vec<(usize, &str)> {
    let mut inside = false;
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        inside = (inside && line != "}") || line.contains("fn spelling");
        if inside {
            lines.push((number, line));
        }
    }
    lines
}

/// Tells whether an arm on this line matches everything: `_`, or a name that it binds.
fn catches_the_rest(line: &str) -> bool {
    let line = line.split("//").next().unwrap_or(line);
    let pieces: Vec<&str> = line.split("=>").collect();
    let arms = pieces.len() - 1;
    pieces.into_iter().take(arms).any(|before| {
        let pattern = before.rsplit(['{', ',', '|']).next().unwrap_or(before);
        let pattern = pattern.split(" if ").next().unwrap_or(pattern).trim();
        let mut letters = pattern.chars();
        letters.next().is_some_and(|first| first == '_' || first.is_ascii_lowercase())
            && letters.all(|letter| letter == '_' || letter.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Number of complaints about a table with this arm, beside correct tables of other protocols.
    fn complaints(arm: &str) -> usize {
        let good = "fn spelling() {\n    match fault {\n        Fault::Busy => 1,\n    }\n}\n";
        let tested = format!("fn spelling() {{\n    match fault {{\n        {arm}\n    }}\n}}\n");
        check(&Tree::of(&[
            ("crates/protocol/src/aws_json.rs", &tested),
            ("crates/protocol/src/query/reply.rs", good),
            ("crates/protocol/src/rest_json/oidc.rs", good),
            ("crates/protocol/src/rest_xml.rs", good),
        ]))
        .len()
    }

    #[test]
    fn arms_that_catch_the_rest_are_found() {
        for arm in ["_ => 1,", "other => 1,", "_ if x => 1,", "Fault::Busy | _ => 1,"] {
            assert_eq!(complaints(arm), 1, "{arm}");
        }
    }

    #[test]
    fn arms_that_say_what_they_match_are_good() {
        for arm in [
            "Fault::Busy => 1,",
            "Fault::Invalid { field, must } => 1,",
            "Fault::Broken(_) => 1, // _ => would be bad",
            "Fault::NotFound { entity, .. } if entity == x => 1,",
        ] {
            assert_eq!(complaints(arm), 0, "{arm}");
        }
    }

    #[test]
    fn a_protocol_without_a_table_is_found() {
        assert_eq!(check(&Tree::of(&[])).len(), PROTOCOLS.len());
    }
}
