//! Each dependency of the workspace has a line with its reason in `docs/dependencies.md`.

use toml::Table;

use super::{Complaint, Tree};

const REASONS: &str = "docs/dependencies.md";

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let whole = |path: &str, text: &str| {
        vec![Complaint { path: path.to_owned(), line: 0, text: text.to_owned() }]
    };
    let Some(manifest) = tree.find("Cargo.toml") else {
        return whole("Cargo.toml", "is missing");
    };
    let Some(reasons) = tree.find(REASONS) else { return whole(REASONS, "is missing") };
    let Ok(table) = manifest.text.parse::<Table>() else {
        return whole("Cargo.toml", "is not TOML");
    };
    let dependencies = table.get("workspace").and_then(|it| it.get("dependencies")?.as_table());
    let foreign: Vec<&str> = dependencies
        .into_iter()
        .flatten()
        .filter(|(_, entry)| entry.get("path").is_none())
        .map(|(name, _)| name.as_str())
        .collect();
    let listed: Vec<(usize, &str)> =
        reasons.text.lines().enumerate().filter_map(|(n, line)| Some((n, entry(line)?))).collect();
    let mut complaints = Vec::new();
    for name in &foreign {
        if !listed.iter().any(|(_, entry)| entry == name) {
            let text = format!("`{name}` has no line in {REASONS}");
            complaints.push(Complaint::of_file(manifest, text));
        }
        if !is_used(tree, name) {
            complaints.push(Complaint::of_file(manifest, format!("no crate uses `{name}`")));
        }
    }
    for (number, name) in listed {
        if !foreign.contains(&name) {
            let text = format!("`{name}` is no dependency of the workspace");
            complaints.push(Complaint::of_line(reasons, number, text));
        }
    }
    complaints
}

/// The crate that a line of the list describes: "| `name` | …" or "- `name`: …".
fn entry(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("| `").or_else(|| line.strip_prefix("- `"))?;
    rest.split('`').next()
}

fn is_used(tree: &Tree, name: &str) -> bool {
    tree.ending("/Cargo.toml").any(|file| {
        file.text.lines().any(|line| {
            line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(dependencies: &str, reasons: &str) -> Vec<String> {
        let manifest = format!("[workspace.dependencies]\n{dependencies}");
        let tree = Tree::of(&[
            ("Cargo.toml", &manifest),
            ("crates/a/Cargo.toml", "[dependencies]\nserde.workspace = true\n"),
            (REASONS, reasons),
        ]);
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_dependency_has_its_line_and_each_line_its_dependency() {
        let ours = "model = { path = \"crates/model\" }\nserde = \"1\"\n";
        assert!(complaints(ours, "# Why\n| `serde` | replies |\n").is_empty());
        assert_eq!(
            complaints(ours, ""),
            [format!("Cargo.toml:0: `serde` has no line in {REASONS}")]
        );
        assert_eq!(
            complaints(ours, "- `serde`: replies\n- `rand`: dice\n"),
            [format!("{REASONS}:2: `rand` is no dependency of the workspace")]
        );
    }

    #[test]
    fn a_dependency_that_nobody_uses_is_found() {
        let found = complaints("serde_json = \"1\"\n", "| `serde_json` | replies |\n");
        assert_eq!(found, ["Cargo.toml:0: no crate uses `serde_json`"]);
    }
}
