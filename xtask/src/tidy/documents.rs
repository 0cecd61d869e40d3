//! Each document in `docs/` is linked from another document, and no link is dead.

use std::collections::BTreeSet;

use super::{Complaint, File, Tree};

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut reached = BTreeSet::new();
    for file in tree.ending(".md") {
        for (number, target) in links(file) {
            let mut paths = tree.files.iter().map(|other| &other.path).chain(&tree.others);
            let is_there =
                paths.any(|path| *path == target || path.starts_with(&format!("{target}/")));
            if !is_there && !target.is_empty() {
                let text = format!("links to {target}, which is not there");
                complaints.push(Complaint::of_line(file, number, text));
            }
            if target != file.path {
                reached.insert(target);
            }
        }
    }
    let paths = tree.files.iter().map(|file| &file.path).chain(&tree.others);
    for path in paths.filter(|path| path.starts_with("docs/")) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !reached.contains(path) && !reached.contains(folder) {
            let text = "no other document links here".to_owned();
            complaints.push(Complaint { path: path.clone(), line: 0, text });
        }
    }
    complaints
}

/// Paths from the root that a document links to, with their line numbers.
fn links(file: &File) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    let mut in_code = false;
    for (number, line) in file.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for rest in line.split("](").skip(1) {
            let target = rest.split([')', '#', ' ']).next().unwrap_or_default();
            if !target.contains("://") && !target.starts_with("mailto:") && !target.is_empty() {
                links.push((number, resolved(&file.path, target)));
            }
        }
    }
    links
}

/// Resolves a link in the document at `path` to a path from the root.
fn resolved(path: &str, target: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_document_that_nobody_links_to_is_found() {
        let readme = ("README.md", "See [why](docs/why.md#first) and [all](docs/decisions/).");
        let deep = ("docs/decisions/0001-x.md", "Back to [why](../why.md).");
        assert!(complaints(&[readme, ("docs/why.md", ""), deep]).is_empty());
        let found = complaints(&[readme, ("docs/why.md", ""), deep, ("docs/lost.md", "")]);
        assert_eq!(found, ["docs/lost.md:0: no other document links here"]);
    }

    #[test]
    fn a_picture_is_a_document_too() {
        let mut tree = Tree::of(&[("README.md", "![The portal](docs/pictures/portal.png)")]);
        assert_eq!(check(&tree).len(), 1);
        tree.others = vec!["docs/pictures/portal.png".to_owned()];
        assert!(check(&tree).is_empty());
        tree.others.push("docs/pictures/lost.png".to_owned());
        let found: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["docs/pictures/lost.png:0: no other document links here"]);
    }

    #[test]
    fn a_document_does_not_reach_itself() {
        assert_eq!(complaints(&[("docs/a.md", "[me](a.md)")]).len(), 1);
    }

    #[test]
    fn a_dead_link_is_found_outside_of_code() {
        let found = complaints(&[("README.md", "\n[x](docs/gone.md) [y](https://example.com)\n")]);
        assert_eq!(found, ["README.md:2: links to docs/gone.md, which is not there"]);
        assert!(complaints(&[("README.md", "```\n[x](docs/gone.md)\n```\n")]).is_empty());
    }
}
