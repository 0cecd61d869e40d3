//! `cargo xtask tidy`: the rules of the house that no compiler knows.
//!
//! Each file beside this one is one rule with its tests: a function from the [`Tree`] to complaints.

mod arrows;
mod authority;
mod dependencies;
mod documents;
mod headers;
mod lengths;
mod migrations;
mod names;
mod tables;
mod tests_that_wait;
mod tree;
mod words;

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use crate::Outcome;
use tree::{File, Tree};

/// Where a rule is broken, and how.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Complaint {
    path: String,
    /// Counted from 1; 0 for the file as a whole.
    line: usize,
    text: String,
}

impl Complaint {
    fn of_file(file: &File, text: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line: 0, text: text.into() }
    }

    /// `number` counts from 0, as `enumerate` does.
    fn of_line(file: &File, number: usize, text: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line: number + 1, text: text.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.text)
    }
}

const RULES: &[fn(&Tree) -> Vec<Complaint>] = &[
    arrows::check,
    authority::check,
    dependencies::check,
    documents::check,
    headers::check,
    lengths::check,
    migrations::check,
    names::check,
    tables::check,
    tests_that_wait::check,
    words::check,
];

/// Checks the working tree at `root`, new files included.
pub fn run(root: &Path) -> Outcome {
    let tree = Tree::read(root)?;
    let complaints: Vec<Complaint> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    println!("tidy: {} files, {} complaints", tree.files.len(), complaints.len());
    Ok(if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
