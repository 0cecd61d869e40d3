//! No foreign key deletes many rows along: the rows below a row are deleted before it, in parts, or are few.

use regex::Regex;

use super::migrations::is_dropped;
use super::{Complaint, File, Tree};

const MIGRATIONS: &str = "crates/store/migrations/";
const PARTS: &str = "crates/store/src/principal_contents.rs";

/// Parent whose rows `instance_contents` deletes last: another rule asks for each table in it.
const INSTANCE: &str = "instance";

/// Tables with few rows below one row, and what bounds them.
const FEW: &[(&str, &str)] = &[
    ("identity_external_id", "EXTERNAL_IDS_MAX"),
    ("mfa_bypass", "a user has one"),
    ("past_password", "REMEMBERED_MAX"),
    ("password_link", "one of each purpose"),
    ("permission_set_managed_policy", "MANAGED_POLICIES_MAX"),
    ("sign_in_code", "a user has one"),
    ("user_email", "a user has one"),
    ("user_password", "a user has one"),
];

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let (Some(parts), Ok(pairs)) = (tree.find(PARTS), cascades(tree)) else {
        let text = "is where this rule looks: move the rule with it".to_owned();
        return vec![Complaint { path: PARTS.to_owned(), line: 0, text }];
    };
    let is_bounded = |child: &str| {
        let is_few = FEW.iter().any(|(few, _)| *few == child);
        is_few || parts.text.contains(&format!("DELETE FROM {child}\n"))
    };
    let complaint = |(file, child, parent): (&File, String, String)| {
        let text = format!(
            "rows of `{child}` go with their row of `{parent}`: delete them before it in parts, in \
             `principal_contents`, or say in xtask's `FEW` what bounds them"
        );
        Complaint::of_file(file, text)
    };
    let unbounded =
        pairs.into_iter().filter(|(_, child, parent)| parent != INSTANCE && !is_bounded(child));
    unbounded.map(complaint).collect()
}

/// Tables whose rows a foreign key deletes, each with its file and the table that it refers to.
pub fn cascades(tree: &Tree) -> Result<Vec<(&File, String, String)>, regex::Error> {
    let table = Regex::new(r"(?s)CREATE TABLE (\w+) \((.*?)\n\);")?;
    let parent = Regex::new(r"REFERENCES\s+(\w+)\s+\([^)]*\)\s+ON DELETE CASCADE")?;
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.starts_with(MIGRATIONS)) {
        for created in table.captures_iter(&file.text) {
            let (_, [child, body]) = created.extract();
            if is_dropped(tree, child) {
                continue;
            }
            let parents = parent.captures_iter(body).map(|one| one.extract());
            found.extend(parents.map(|(_, [parent])| (file, child.to_owned(), parent.to_owned())));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_whose_rows_go_along_is_found() {
        let complaints = |table: &str, parent: &str, contents: &str| {
            let sql = format!(
                "CREATE TABLE {table} (\n    id BIGINT\n        REFERENCES {parent} (id) ON DELETE CASCADE\n);\n"
            );
            let tree = Tree::of(&[(PARTS, contents), ("crates/store/migrations/0001.sql", &sql)]);
            check(&tree).len()
        };
        assert_eq!(complaints("note", "identity_user", ""), 1);
        assert_eq!(complaints("note", "identity_user", "DELETE FROM note\n"), 0);
        assert_eq!(complaints("user_password", "identity_user", ""), 0);
        assert_eq!(complaints("note", "instance", ""), 0);
    }
}
