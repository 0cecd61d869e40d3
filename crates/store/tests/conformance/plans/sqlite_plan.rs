//! What SQLite reads for a statement, by EXPLAIN QUERY PLAN. Without statistics its plan does not depend on the data.

use regex::Regex;
use rusqlite::Connection;

use super::TableRead;

pub fn reads(seeded: &Connection, sql: &str) -> Vec<TableRead> {
    let mut statement = seeded
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap_or_else(|why| panic!("{sql}: {why}"));
    let mut rows = statement.raw_query();
    let mut lines: Vec<String> = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        lines.push(row.get("detail").unwrap());
    }
    // A sort reads everything before the LIMIT sees its first row.
    let is_cut = sql.contains("LIMIT") && !lines.iter().any(|line| line.contains("TEMP B-TREE"));
    // The result of a WITH is no table. What it reads has lines of its own.
    let is_table =
        |read: &TableRead| !lines.iter().any(|line| *line == format!("MATERIALIZE {}", read.table));
    lines.iter().filter_map(|line| read(line, sql, is_cut)).filter(is_table).collect()
}

/// Reads `SCAN a`, `SEARCH a USING INDEX x (b=? AND c>?)` and their kin.
fn read(line: &str, sql: &str, is_cut: bool) -> Option<TableRead> {
    let form = Regex::new(r"^(SCAN|SEARCH) (\w+)(?: USING (.*?)(?: \((.*)\))?)?(?: LEFT-JOIN)?$");
    let found = form.unwrap().captures(line)?;
    let table = table(found.get(2)?.as_str(), sql)?;
    let conditions = found.get(4).map(|conditions| conditions.as_str());
    // An index that SQLite makes for one run reads the whole table first.
    let is_made = found.get(3).is_some_and(|index| index.as_str().starts_with("AUTOMATIC"));
    let parts = conditions.filter(|_| !is_made).unwrap_or_default().split(" AND ");
    let by = parts.filter_map(|part| part.strip_suffix("=?")).filter(|part| *part != "<expr>");
    // A search without conditions finds the least or the greatest.
    let is_end = found.get(1)?.as_str() == "SEARCH" && conditions.is_none();
    let by = by.map(str::to_owned).collect();
    Some(TableRead { table, by, is_cut: is_end || (is_cut && !is_made) })
}

/// The table of an alias. A subquery has none.
fn table(alias: &str, sql: &str) -> Option<String> {
    let form = Regex::new(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?").unwrap();
    let mut sources = form.captures_iter(sql);
    let has_alias = |found: &regex::Captures<'_>| {
        found.get(1).is_some_and(|table| table.as_str() == alias)
            || found.get(2).is_some_and(|other| other.as_str() == alias)
    };
    sources.find(has_alias).map(|found| found[1].to_owned())
}
