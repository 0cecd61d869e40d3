//! Migrations are numbered from 0001 without a gap, so that none can slip in between two others.

use super::{Complaint, File, Tree};

const FOLDER: &str = "crates/store/migrations/";

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let files = tree.files.iter().filter(|file| file.path.starts_with(FOLDER));
    let mut files: Vec<&File> = files.collect();
    files.sort_by_key(|file| &file.path);
    let mut complaints = Vec::new();
    if files.is_empty() {
        let path = FOLDER.to_owned();
        complaints.push(Complaint { path, line: 0, text: "holds no migration".to_owned() });
    }
    for (place, file) in files.into_iter().enumerate() {
        let begins = format!("{:04}_", place + 1);
        if !file.name().starts_with(&begins) || !file.ends_with(".sql") {
            let text = format!("is number {} and must be called {begins}<name>.sql", place + 1);
            complaints.push(Complaint::of_file(file, text));
        }
    }
    complaints
}

/// Tells whether a migration drops the table again.
pub fn is_dropped(tree: &Tree, table: &str) -> bool {
    let statement = format!("DROP TABLE {table};");
    let mut files = tree.files.iter().filter(|file| file.path.starts_with(FOLDER));
    files.any(|file| file.text.contains(&statement))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(names: &[&str]) -> usize {
        let paths: Vec<String> = names.iter().map(|name| format!("{FOLDER}{name}")).collect();
        let files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "")).collect();
        check(&Tree::of(&files)).len()
    }

    #[test]
    fn gaps_and_doubles_are_found() {
        assert_eq!(complaints(&["0001_core.sql", "0002_objects.sql"]), 0);
        assert_eq!(complaints(&["0002_objects.sql"]), 1);
        assert_eq!(complaints(&["0001_core.sql", "0003_objects.sql"]), 1);
        assert_eq!(complaints(&["0001_core.sql", "0001_objects.sql"]), 1);
        assert_eq!(complaints(&["0001_core.txt"]), 1);
        assert_eq!(complaints(&[]), 1);
    }

    #[test]
    fn a_dropped_table_is_known_by_its_whole_name() {
        let path = format!("{FOLDER}0002_less.sql");
        let tree = Tree::of(&[(&path, "DROP TABLE note;\n"), ("docs/a.md", "DROP TABLE book;\n")]);
        assert!(is_dropped(&tree, "note"));
        assert!(!is_dropped(&tree, "not") && !is_dropped(&tree, "book"));
    }
}
