//! `cargo xtask tidy`: the rules of the project that the compiler does not check.
//!
//! Each rule is a file of this folder, or a folder in it: a function from the [`Tree`] to complaints,
//! with its tests. [`source`] reads Rust for them.

mod actions;
mod arrows;
mod authority;
mod circles;
mod complaint;
mod dependencies;
mod documents;
mod errors;
mod headers;
mod language;
mod lengths;
mod migrations;
mod modules;
mod names;
mod parts;
mod source;
mod tables;
mod test_places;
mod tests_that_wait;
mod tree;
mod words;

use std::path::Path;
use std::process::ExitCode;

use crate::Outcome;
use complaint::Complaint;
use tree::{File, Tree};

type Rule = fn(&Tree) -> Vec<Complaint>;

const RULES: &[Rule] = &[
    actions::check,
    arrows::check,
    authority::check,
    circles::check,
    dependencies::check,
    documents::check,
    errors::check,
    headers::check,
    language::check,
    lengths::check,
    migrations::check,
    modules::check,
    names::check,
    parts::check,
    tables::check,
    test_places::check,
    tests_that_wait::check,
    words::check,
];

/// Checks the working tree at `root`, including files that are not committed yet.
pub fn run(root: &Path) -> Outcome {
    let tree = Tree::read(root)?;
    let complaints: Vec<Complaint> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    let (files, median) = (tree.files.len(), lengths::median(&tree));
    println!(
        "tidy: {files} files, median of {median} lines outside tests, {} complaints",
        complaints.len()
    );
    Ok(if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
