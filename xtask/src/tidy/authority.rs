//! A function of `store` that can end or narrow authority says so, and each table is deleted with its
//! instance or has a reason not to be.
//!
//! Cached authority is trusted until a commit says that it changed. Therefore a statement
//! that updates or deletes rows which `authority.rs` reads stands in a function that calls
//! `change_authority`, or beside a comment that says why nothing changes.

use std::collections::BTreeSet;

use regex::Regex;

use super::migrations::is_dropped;
use super::{Complaint, File, Tree};

const FOLDER: &str = "crates/store/src/";
const READER: &str = "crates/store/src/authority.rs";
const MIGRATIONS: &str = "crates/store/migrations/";
const CONTENTS: &str = "crates/store/src/instance_contents.rs";

/// Comments that explain why a function or a constant does not call `change_authority` itself.
const REASONS: [&str; 2] = ["// AUTHORITY: unchanged, because ", "// AUTHORITY: told by "];

/// Tables whose rows `instance_contents` does not delete, and why.
const KEPT: &[(&str, &str)] = &[
    ("account", "belongs to the organisation"),
    ("audit_archive", "is kept as long as its file"),
    ("audit_beginning", "is kept for good"),
    ("audit_digest", "is kept for as long as the log is"),
    ("audit_event", "is kept for as long as the log is"),
    ("audit_forward", "belongs to the server"),
    ("bucket", "belongs to an account"),
    ("instance", "is deleted when it is empty"),
    ("master_key", "belongs to the server"),
    ("multipart_upload", "belongs to an account"),
    ("node", "belongs to a server"),
    ("object", "belongs to an account"),
    ("object_part", "belongs to an account"),
    ("organization", "has instances"),
    ("organization_tag", "belongs to the organisation"),
    ("removed_upload", "belongs to an account"),
    ("setup_link", "belongs to the server"),
    ("sign_in_attempt", "is a hash without an owner, and is swept"),
    ("unlinked_file", "its object is gone; it goes by age"),
];

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let (Some(reader), Some(contents)) = (tree.find(READER), tree.find(CONTENTS)) else {
        let text = "is where this rule looks: move the rule with it".to_owned();
        return vec![Complaint { path: READER.to_owned(), line: 0, text }];
    };
    let Ok(rule) = Rule::new(reader, tree) else {
        return vec![Complaint::of_file(reader, "the rule's own expressions are broken")];
    };
    let mut complaints = unowned_tables(&rule, contents, tree);
    let sources = tree.ending(".rs").filter(|file| file.path.starts_with(FOLDER));
    for file in sources.filter(|file| !file.path.contains("tests")) {
        for chunk in chunks(&file.text) {
            complaints.extend(rule.complaint(file, &chunk));
        }
    }
    complaints
}

struct Rule {
    /// Tables that `authority.rs` reads.
    read: BTreeSet<String>,
    /// Tables whose deleted rows take rows of `read` along.
    deleted: BTreeSet<String>,
    statement: Regex,
    upsert: Regex,
    created: Regex,
}

impl Rule {
    fn new(reader: &File, tree: &Tree) -> Result<Self, regex::Error> {
        let source = Regex::new(r"\b(?:FROM|JOIN)\s+(\w+)")?;
        let code = without_comments(&reader.text);
        let names = source.captures_iter(&code).filter_map(|found| found.get(1));
        let read: BTreeSet<String> = names.map(|name| name.as_str().to_owned()).collect();
        let mut deleted = read.clone();
        let cascades = super::parts::cascades(tree)?;
        let mut grown = true;
        while grown {
            let parents = cascades.iter().filter(|(_, child, _)| deleted.contains(child));
            let parents: Vec<String> = parents.map(|(_, _, parent)| parent.clone()).collect();
            let before = deleted.len();
            deleted.extend(parents);
            grown = deleted.len() > before;
        }
        Ok(Self {
            read,
            deleted,
            statement: Regex::new(r"\b(UPDATE|DELETE FROM)\s+(\w+)")?,
            upsert: Regex::new(r"(?s)\bINSERT INTO\s+(\w+)[^;]*?\bDO UPDATE\b")?,
            created: Regex::new(r"(?m)^CREATE TABLE (\w+)")?,
        })
    }

    fn complaint(&self, file: &File, chunk: &Chunk<'_>) -> Option<Complaint> {
        let code = without_comments(chunk.text);
        let table = self.narrowed(&code)?;
        let told = code.contains("change_authority()");
        if told || REASONS.iter().any(|reason| chunk.text.contains(reason)) {
            return None;
        }
        let text = format!(
            "changes rows of `{table}`, which authority rests on: call `change_authority()`, or say \
             `{}…`",
            REASONS[0]
        );
        Some(Complaint::of_line(file, chunk.line, text))
    }

    /// The first table that authority rests on and a statement of the code changes.
    fn narrowed(&self, code: &str) -> Option<String> {
        let statements = self.statement.captures_iter(code).find_map(|found| {
            let (verb, table) = (found.get(1)?.as_str(), found.get(2)?.as_str());
            let tables = if verb == "UPDATE" { &self.read } else { &self.deleted };
            tables.get(table)
        });
        let upserts = || {
            let mut tables = self.upsert.captures_iter(code).filter_map(|found| found.get(1));
            tables.find_map(|table| self.read.get(table.as_str()))
        };
        statements.or_else(upserts).cloned()
    }
}

/// Tables that no instance's deletion names and no reason keeps, and reasons without a table.
fn unowned_tables(rule: &Rule, contents: &File, tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut tables = BTreeSet::new();
    for file in tree.files.iter().filter(|file| file.path.starts_with(MIGRATIONS)) {
        for found in rule.created.captures_iter(&file.text) {
            let (_, [table]) = found.extract();
            if is_dropped(tree, table) {
                continue;
            }
            tables.insert(table.to_owned());
            let is_deleted = contents.text.contains(&format!("DELETE FROM {table}\n"));
            let is_kept = KEPT.iter().any(|(kept, _)| *kept == table);
            if is_deleted == is_kept {
                let text = format!(
                    "`{table}` must be either emptied by `instance_contents` or kept for a reason in \
                     xtask's `KEPT`"
                );
                complaints.push(Complaint::of_file(file, text));
            }
        }
    }
    for (kept, _) in KEPT.iter().filter(|(kept, _)| !tables.contains(*kept)) {
        let text = format!("xtask's `KEPT` names `{kept}`, which no migration creates");
        complaints.push(Complaint::of_file(contents, text));
    }
    complaints
}

/// A function or a constant, with the comments above it.
struct Chunk<'a> {
    /// Counted from 0.
    line: usize,
    text: &'a str,
}

/// Splits a file before each function and each constant outside functions.
fn chunks(text: &str) -> Vec<Chunk<'_>> {
    let mut starts = Vec::new();
    let (mut place, mut above) = (0, None);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let code = line.trim_start();
        if code.starts_with("//") || code.starts_with("#[") {
            above = above.or(Some((number, place)));
        } else {
            if begins_item(line) {
                starts.push((number, above.map_or(place, |(_, place)| place)));
            }
            above = None;
        }
        place += line.len();
    }
    let ends = starts.iter().skip(1).map(|(_, place)| *place).chain([text.len()]);
    let chunk = |(&(line, start), end)| Chunk { line, text: text.get(start..end).unwrap_or("") };
    starts.iter().zip(ends).map(chunk).collect()
}

fn begins_item(line: &str) -> bool {
    let is_outside = !line.starts_with(' ');
    let line = line.trim_start();
    let line = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub ")).unwrap_or(line);
    line.starts_with("fn ") || (is_outside && line.starts_with("const "))
}

fn without_comments(text: &str) -> String {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const READS: &str = "fn find() { let sql = \"SELECT 1 FROM role r JOIN membership m\"; }\n";
    const TABLES: &str = "CREATE TABLE membership (
    id BIGINT,
    FOREIGN KEY (id)
        REFERENCES company (id) ON DELETE CASCADE
);\n";

    /// Complaints about a file of `store`, the tables apart.
    fn complaints(code: &str) -> Vec<String> {
        let tree = Tree::of(&[
            (READER, READS),
            (CONTENTS, ""),
            ("crates/store/migrations/0001.sql", TABLES),
            ("crates/store/src/x.rs", code),
        ]);
        let found = check(&tree).into_iter().filter(|found| found.path.ends_with("x.rs"));
        found.map(|found| found.to_string()).collect()
    }

    #[test]
    fn a_function_that_narrows_authority_and_says_nothing_is_found() {
        for sql in [
            "UPDATE role SET x = 1",
            "DELETE FROM role",
            "DELETE FROM\n            membership",
            "INSERT INTO role (x)\n VALUES ($1) ON CONFLICT (x) DO UPDATE SET x = $1",
            // Its rows take memberships along.
            "DELETE FROM company",
        ] {
            let code = format!("use x;\n\n/// Doc.\npub fn narrow() {{\n    run(\"{sql}\");\n}}\n");
            let found = complaints(&code);
            assert_eq!(found.len(), 1, "{sql}");
            assert!(found[0].starts_with("crates/store/src/x.rs:4: "), "{found:?}");
        }
    }

    #[test]
    fn a_call_or_a_reason_is_enough_and_belongs_to_its_own_function() {
        let narrow = "run(\"DELETE FROM role\");";
        let reason = "// AUTHORITY: unchanged, because it is an example.";
        let silent = format!("fn silent() {{ {narrow} }}\n");
        for good in [
            format!("fn a() {{ tx.change_authority();\n {narrow} }}\n"),
            format!("fn a() {{\n    {reason}\n    {narrow}\n}}\n"),
            format!("/// Doc.\n{reason}\nfn a() {{ {narrow} }}\n"),
            "// AUTHORITY: told by `b`.\nconst A: &str = \"DELETE FROM role\";\n".to_owned(),
        ] {
            assert_eq!(complaints(&good), Vec::<String>::new(), "{good}");
            assert_eq!(complaints(&format!("{good}{silent}")).len(), 1, "{good}");
            assert_eq!(complaints(&format!("{silent}{good}")).len(), 1, "{good}");
        }
    }

    #[test]
    fn other_tables_and_other_statements_are_free() {
        for sql in [
            "UPDATE company SET x = 1",
            "DELETE FROM tag",
            "INSERT INTO role (x) VALUES ($1)",
            "SELECT 1 FROM role",
        ] {
            assert_eq!(complaints(&format!("fn a() {{ run(\"{sql}\"); }}\n")).len(), 0, "{sql}");
        }
    }

    #[test]
    fn a_table_without_an_owner_is_found() {
        let complaints = |table: &str, contents: &str| {
            let sql = format!("CREATE TABLE {table} (\n    id BIGINT\n);\n");
            let path = "crates/store/migrations/0001.sql";
            let tree = Tree::of(&[(READER, READS), (CONTENTS, contents), (path, &sql)]);
            check(&tree).into_iter().filter(|found| found.path == path).count()
        };
        assert_eq!(complaints("stray", ""), 1);
        assert_eq!(complaints("stray", "DELETE FROM stray_other\n"), 1);
        assert_eq!(complaints("stray", "DELETE FROM stray\n"), 0);
        assert_eq!(complaints("account", ""), 0);
        assert_eq!(complaints("account", "DELETE FROM account\n"), 1);
    }
}
