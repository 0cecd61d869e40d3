//! Names: no catch-all modules such as `utils`, and no `get_`.

use super::{Complaint, File, Tree};

const CATCH_ALLS: &[&str] = &["utils", "util", "helpers", "helper", "common", "manager", "misc"];

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let catch_alls = tree.files.iter().filter(|file| is_catch_all(file));
    let text = "is named like a drawer for the rest: say what is in it";
    let mut complaints: Vec<Complaint> =
        catch_alls.map(|file| Complaint::of_file(file, text)).collect();
    for file in tree.ending(".rs") {
        let lines = file.text.lines().enumerate();
        let found = lines.filter(|(_, line)| getter(line).is_some_and(|name| !is_aws(file, name)));
        complaints.extend(found.map(|(number, _)| {
            Complaint::of_line(file, number, "`get_` says nothing: `find`, `require`, `read` …")
        }));
    }
    complaints
}

fn is_catch_all(file: &File) -> bool {
    let mut parts = file.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    parts.any(|part| CATCH_ALLS.contains(&part))
}

/// The name after `get_` if the line begins a function of such a name.
fn getter(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("fn get_")?;
    let is_start = before
        .split_whitespace()
        .all(|word| matches!(word, "pub" | "const" | "async") || word.starts_with("pub("));
    let name = rest.split(['(', '<']).next()?;
    is_start.then_some(name)
}

/// Tells whether the function is an operation of AWS, such as `GetUserId`.
fn is_aws(file: &File, name: &str) -> bool {
    let is_operation = file.name() == format!("get_{name}.rs");
    // Operations of S3 share files, and `s3s` defines their names.
    let is_of_s3 = file.path.starts_with("crates/objects/src/operations/");
    is_of_s3 || file.path.starts_with("crates/") && is_operation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawer_is_found_as_file_and_as_folder() {
        for path in ["crates/a/src/utils.rs", "crates/a/src/common/x.rs", "tests/helpers.sh"] {
            assert_eq!(check(&Tree::of(&[(path, "")])).len(), 1, "{path}");
        }
        assert_eq!(check(&Tree::of(&[("crates/a/src/commonplace.rs", "")])), []);
    }

    #[test]
    fn a_getter_is_found_unless_it_is_an_operation_of_aws() {
        let text = concat!("pub fn ge", "t_user_id() {}\n");
        let path = "crates/service/src/identitystore/get_user_id.rs";
        assert_eq!(check(&Tree::of(&[(path, text)])), []);
        assert_eq!(check(&Tree::of(&[("crates/store/src/user.rs", text)])).len(), 1);
        assert_eq!(check(&Tree::of(&[("a.rs", "let x = map.get_mut(1);")])), []);
    }
}
