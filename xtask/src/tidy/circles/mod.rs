//! No circle of imports: neither of files nor of folders.
//!
//! The rule looks at each folder of a crate: at the files in it, and at each folder in it as one
//! whole with everything below. An import counts where its two ends part. A folder's module
//! (`mod.rs`, or `a.rs` beside `a/`) is the folder itself: it may name what it declares, and files in
//! the folder may take from it. To declare a module and to re-export a name is no import; a name
//! that comes through a re-export is taken from the file that has it.

mod graph;
mod imports;
mod modules;

use std::collections::BTreeMap;

use super::complaint::Complaint;
use super::source::TestFiles;
use super::tree::{File, Tree};
use graph::{Circle, Graph};
use modules::Modules;

/// Crates of tests that the rule reads too.
const TEST_CRATES: &[&str] = &["tests/e2e"];

/// Place of an import.
#[derive(Clone)]
struct Place<'tree> {
    file: &'tree File,
    line: usize,
}

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let of_tests = TestFiles::of(tree);
    let mut complaints = Vec::new();
    for folder in crate_folders(tree) {
        let is_of_tests = TEST_CRATES.contains(&folder);
        let start = format!("{folder}/");
        let is_binary_too = tree.find(&format!("{start}lib.rs")).is_some();
        let is_read = |file: &&File| {
            // A `main.rs` beside `lib.rs` is a crate of its own, which nothing can import.
            let is_other_root = is_binary_too && file.path == format!("{start}main.rs");
            file.path.starts_with(&start)
                && !is_other_root
                && (is_of_tests || !of_tests.contains(file))
        };
        let files: Vec<&File> = tree.ending(".rs").filter(is_read).collect();
        let modules = Modules::of(folder, &files, is_of_tests);
        for (level, graph) in graphs(&modules) {
            let found = graph.circles();
            complaints.extend(found.into_iter().filter_map(|circle| complaint(&level, &circle)));
        }
    }
    complaints
}

/// The folders that hold the root of a crate.
fn crate_folders(tree: &Tree) -> Vec<&str> {
    let mut folders: Vec<&str> = tree
        .ending(".rs")
        .filter(|file| matches!(file.name(), "lib.rs" | "main.rs"))
        .filter_map(|file| Some(file.path.rsplit_once('/')?.0))
        .filter(|folder| folder.ends_with("/src") || TEST_CRATES.contains(folder))
        .collect();
    folders.dedup();
    folders
}

type Level<'tree> = Vec<&'tree str>;

/// The arrows inside of each folder, by the folder's module.
fn graphs<'tree>(
    modules: &Modules<'tree>,
) -> BTreeMap<Level<'tree>, Graph<&'tree str, Place<'tree>>> {
    let mut graphs: BTreeMap<Level, Graph<&str, Place>> = BTreeMap::new();
    for (from, module) in modules.iter() {
        for import in module.imports.iter().filter(|import| !import.is_reexport) {
            let Some(to) = modules.find(from, &import.path) else { continue };
            let parting = from.iter().zip(&to).position(|(one, other)| one != other);
            let Some(parting) = parting else { continue };
            let (Some(here), Some(there)) = (from.get(parting), to.get(parting)) else { continue };
            let level = to.iter().copied().take(parting).collect();
            let place = Place { file: module.file, line: import.line };
            graphs.entry(level).or_default().add(*here, *there, place);
        }
    }
    graphs
}

/// Tells a circle as `a.rs:3 → b.rs:9 → a.rs`: each file imports the next at that line.
fn complaint(level: &Level, circle: &Circle<&str, Place>) -> Option<Complaint> {
    let (node, first) = circle.steps.first()?;
    let steps: Vec<String> = circle
        .steps
        .iter()
        .map(|(_, place)| format!("{}:{}", path_inside(level, place.file), place.line + 1))
        .collect();
    let start = path_inside(level, first.file);
    let end = if start.contains('/') { format!("{node}/") } else { start };
    let others = circle.tangled - circle.steps.len();
    let more =
        if others > 0 { format!(" ({others} more are tangled with it)") } else { String::new() };
    let text = format!("imports form a circle: {} → {end}{more}", steps.join(" → "));
    Some(Complaint::of_line(first.file, first.line, text))
}

/// The path of a file from the folder that the circle is in.
fn path_inside(level: &Level, file: &File) -> String {
    let parts = file.path.split('/').skip_while(|part| !matches!(*part, "src" | "e2e"));
    parts.skip(1 + level.len()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(files: &[(&str, &str)]) -> Vec<String> {
        let paths: Vec<String> =
            files.iter().map(|(path, _)| format!("crates/a/src/{path}")).collect();
        let files: Vec<(&str, &str)> =
            paths.iter().zip(files).map(|(path, (_, text))| (path.as_str(), *text)).collect();
        check(&Tree::of(&files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_circle_of_files_is_told_with_its_lines() {
        let found = complaints(&[
            ("lib.rs", "mod one;\nmod two;\nmod three;"),
            ("one.rs", "//! One.\nuse crate::two::Two;"),
            ("two.rs", "fn f() {\n    let x = super::three::x();\n}"),
            ("three.rs", "use crate::{one::One, other::X};"),
        ]);
        assert_eq!(
            found,
            [
                "crates/a/src/one.rs:2: imports form a circle: one.rs:2 → two.rs:2 → three.rs:1 → one.rs"
            ]
        );
    }

    #[test]
    fn a_circle_of_folders_is_found_where_no_circle_of_files_is() {
        let found = complaints(&[
            ("lib.rs", "mod jobs;\nmod dispatch;"),
            ("dispatch.rs", "mod table;\npub fn call() {}"),
            ("dispatch/table.rs", "use crate::jobs::queue::Queue;"),
            ("jobs/mod.rs", "mod queue;\nmod runner;"),
            ("jobs/queue.rs", ""),
            ("jobs/runner.rs", "use crate::dispatch::call;"),
        ]);
        let text = "crates/a/src/dispatch/table.rs:1: imports form a circle: dispatch/table.rs:1 → jobs/runner.rs:1 → dispatch/";
        assert_eq!(found, [text]);
    }

    #[test]
    fn a_folder_and_its_module_are_one() {
        let found = complaints(&[
            ("lib.rs", "mod sso;"),
            ("sso/mod.rs", "mod create;\nconst ALL: &[u8] = &[self::create::OPERATION];"),
            ("sso/create.rs", "use super::reply;\nuse crate::Ctx;"),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_reexport_is_no_import_and_leads_to_the_file_that_has_the_name() {
        let lib = ("lib.rs", "mod ctx;\nmod page;\npub use ctx::Ctx;\npub use page::Page;");
        let found = complaints(&[lib, ("ctx.rs", "use crate::Page;"), ("page.rs", "")]);
        assert!(found.is_empty(), "{found:?}");
        let found =
            complaints(&[lib, ("ctx.rs", "use crate::Page;"), ("page.rs", "use super::Ctx as C;")]);
        let text = "crates/a/src/ctx.rs:1: imports form a circle: ctx.rs:1 → page.rs:1 → ctx.rs";
        assert_eq!(found, [text]);
        let handed = ("page.rs", "pub use crate::ctx::Ctx;");
        assert!(complaints(&[lib, ("ctx.rs", "use crate::Page;"), handed]).is_empty());
    }

    #[test]
    fn what_only_tests_compile_does_not_count() {
        let lib = ("lib.rs", "mod one;\nmod two;\n#[cfg(test)]\nmod testing;");
        let one = "use crate::two::x;\n#[cfg(test)]\nmod tests {\n    use crate::testing::y;\n}";
        let two = "#[cfg(test)]\nmod tests {\n    use crate::one::z;\n}";
        let kit = ("testing.rs", "use crate::one::z;");
        assert!(complaints(&[lib, ("one.rs", one), ("two.rs", two), kit]).is_empty());
    }
}
