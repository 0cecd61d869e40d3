//! The module of a folder is its `mod.rs`, never a file beside the folder.

use std::collections::BTreeSet;

use super::{Complaint, Tree};

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let folders: BTreeSet<&str> =
        tree.ending(".rs").filter_map(|file| Some(file.path.rsplit_once('/')?.0)).collect();
    let mut complaints = Vec::new();
    for file in tree.ending(".rs") {
        let folder = file.path.strip_suffix(".rs").unwrap_or_default();
        if folders.contains(folder) {
            let text = format!("is the module of a folder: call it {folder}/mod.rs");
            complaints.push(Complaint::of_file(file, text));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_beside_its_folder_is_found() {
        let tree = Tree::of(&[
            ("crates/a/src/users.rs", ""),
            ("crates/a/src/users/list.rs", ""),
            ("crates/a/src/groups/mod.rs", ""),
            ("crates/a/src/groups/list.rs", ""),
            ("crates/a/src/managed.rs", ""),
            ("crates/a/src/managed/Billing.json", ""),
        ]);
        let found: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        let text = "is the module of a folder: call it crates/a/src/users/mod.rs";
        assert_eq!(found, [format!("crates/a/src/users.rs:0: {text}")]);
    }
}
