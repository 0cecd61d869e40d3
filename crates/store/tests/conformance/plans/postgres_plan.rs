//! What PostgreSQL reads for a statement, by the plan that it keeps for all values.

use postgres::{Client, SimpleQueryMessage};
use regex::Regex;
use serde_json::Value;

use super::TableRead;

pub fn reads(client: &mut Client, sql: &str) -> Vec<TableRead> {
    let parameter = Regex::new(r"\$(\d+)").unwrap();
    let numbers = parameter.captures_iter(sql).map(|found| found[1].parse::<usize>().unwrap());
    let count = numbers.max().unwrap_or(0);
    let values =
        if count == 0 { String::new() } else { format!("({})", vec!["NULL"; count].join(", ")) };
    client
        .batch_execute(&format!("PREPARE p AS {sql}"))
        .unwrap_or_else(|why| panic!("{sql}: {why:?}"));
    let rows = client.simple_query(&format!("EXPLAIN (FORMAT JSON) EXECUTE p{values}")).unwrap();
    client.batch_execute("DEALLOCATE p").unwrap();
    let texts = rows.iter().filter_map(|message| {
        if let SimpleQueryMessage::Row(row) = message { row.get(0) } else { None }
    });
    let plan: Value = serde_json::from_str(&texts.collect::<String>()).unwrap();
    let mut reads = Vec::new();
    walk(&plan[0]["Plan"], None, false, &mut reads);
    reads
}

/// Collects the reads of a node and of the nodes below. `is_cut`: a LIMIT above ends them early.
fn walk(node: &Value, table: Option<&str>, is_cut: bool, reads: &mut Vec<TableRead>) {
    let kind = node["Node Type"].as_str().unwrap();
    let table = node["Relation Name"].as_str().or(table);
    let is_part = matches!(node["Parent Relationship"].as_str(), Some("SubPlan" | "InitPlan"));
    let is_cut = is_cut && !is_part && node.get("Filter").is_none();
    if matches!(kind, "Seq Scan" | "Index Scan" | "Index Only Scan" | "Bitmap Index Scan") {
        let condition = node["Index Cond"].as_str().unwrap_or_default();
        let equal = Regex::new(r"\((\w+) = ").unwrap();
        let mut by: Vec<String> = Vec::new();
        for column in equal.captures_iter(condition).map(|found| found[1].to_owned()) {
            if !by.contains(&column) {
                by.push(column);
            }
        }
        reads.push(TableRead { table: table.unwrap().to_owned(), by, is_cut });
    }
    let is_cut = match kind {
        "Limit" => true,
        "Sort" | "Incremental Sort" | "Aggregate" | "Hash" | "Bitmap Heap Scan" | "SetOp" => false,
        _ => is_cut,
    };
    for below in node["Plans"].as_array().into_iter().flatten() {
        walk(below, table, is_cut, reads);
    }
}
