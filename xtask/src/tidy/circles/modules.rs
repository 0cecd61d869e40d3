//! The modules of one crate, and which of them a path leads to.

use std::collections::BTreeMap;

use super::imports::{Import, imports};
use crate::tidy::source::{Token, product_tokens, tokens};
use crate::tidy::tree::File;

/// Maximum number of re-exports in a path.
const REEXPORTS_MAX: usize = 8;

/// A crate: its modules by name, from the root, which has no name.
pub struct Modules<'tree> {
    by_name: BTreeMap<Vec<&'tree str>, Module<'tree>>,
}

pub struct Module<'tree> {
    pub file: &'tree File,
    pub imports: Vec<Import<'tree>>,
}

impl<'tree> Modules<'tree> {
    /// The modules in `folder`, made of these files of it. A crate of tests is read whole.
    pub fn of(folder: &str, files: &[&'tree File], is_of_tests: bool) -> Self {
        let read: fn(&str) -> Vec<Token<'_>> = if is_of_tests { tokens } else { product_tokens };
        let module = |file: &&'tree File| {
            let path = file.path.strip_prefix(folder)?.strip_prefix('/')?;
            Some((name_of(path), Module { file, imports: imports(&read(&file.text)) }))
        };
        Self { by_name: files.iter().filter_map(module).collect() }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Vec<&'tree str>, &Module<'tree>)> {
        self.by_name.iter()
    }

    /// The module that `path` leads to when the module `from` names it, through re-exports.
    /// None for what is of another crate.
    pub fn find(&self, from: &[&'tree str], path: &[&'tree str]) -> Option<Vec<&'tree str>> {
        self.find_through(from, path, REEXPORTS_MAX)
    }

    fn find_through(
        &self,
        from: &[&'tree str],
        path: &[&'tree str],
        reexports_left: usize,
    ) -> Option<Vec<&'tree str>> {
        let whole = self.whole_path(from, path)?;
        let length = (0..=whole.len()).rev().find(|length| {
            whole.get(..*length).is_some_and(|name| self.by_name.contains_key(name))
        })?;
        let (name, rest) = whole.split_at_checked(length)?;
        let module = self.by_name.get(name)?;
        let bound = rest.split_first().and_then(|(first, rest)| {
            let import = module.imports.iter().find(|import| import.binds == Some(first))?;
            let path: Vec<&str> = import.path.iter().chain(rest).copied().collect();
            self.find_through(name, &path, reexports_left.checked_sub(1)?)
        });
        Some(bound.unwrap_or_else(|| name.to_vec()))
    }

    /// The path from the crate's root; none if it begins with another crate.
    fn whole_path(&self, from: &[&'tree str], path: &[&'tree str]) -> Option<Vec<&'tree str>> {
        let (first, mut rest) = path.split_first()?;
        let mut base = match *first {
            "crate" => Vec::new(),
            "self" => from.to_vec(),
            "super" => from.split_last()?.1.to_vec(),
            child => {
                let name: Vec<&str> = from.iter().copied().chain([child]).collect();
                return self
                    .by_name
                    .contains_key(&name)
                    .then(|| name.into_iter().chain(rest.iter().copied()).collect());
            }
        };
        while let Some((&"super", after)) = rest.split_first() {
            base.pop()?;
            rest = after;
        }
        base.extend(rest);
        Some(base)
    }
}

/// `a/b.rs` and `a/b/mod.rs` are `a::b`; `lib.rs` and `main.rs` are the root.
fn name_of(path: &str) -> Vec<&str> {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let mut name: Vec<&str> = path.split('/').collect();
    if name.last() == Some(&"mod") || matches!(name.as_slice(), ["lib" | "main"]) {
        name.pop();
    }
    name
}
