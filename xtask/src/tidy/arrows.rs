//! Allowed dependencies between our crates. A dependency that is not listed is forbidden.

use toml::Table;

use super::{Complaint, Tree};

/// The crates below the services.
const GROUND: &[&str] = &["model", "protocol", "policy", "store"];

/// The crates that a service of the wire may use. No service uses another.
const OF_SERVICES: &[&str] = &["model", "protocol", "policy", "store", "kernel"];

const ARROWS: &[(&str, &[&str])] = &[
    ("examples", &[]),
    ("model", &[]),
    ("protocol", &["model"]),
    ("policy", &["model"]),
    ("store", &["model", "policy"]),
    ("webauthn", &[]),
    ("kernel", GROUND),
    ("mail", &["model", "policy", "store", "kernel"]),
    ("identitystore", OF_SERVICES),
    ("oauth", OF_SERVICES),
    ("organizations", OF_SERVICES),
    ("portal", OF_SERVICES),
    ("portico_admin", &["model", "protocol", "policy", "store", "kernel", "mail"]),
    ("sign_in", &["model", "protocol", "policy", "store", "kernel", "mail", "webauthn"]),
    ("sso_admin", OF_SERVICES),
    ("sts", OF_SERVICES),
    (
        "console",
        &[
            "model",
            "policy",
            "store",
            "kernel",
            "identitystore",
            "organizations",
            "sso_admin",
            "sts",
        ],
    ),
    (
        "service",
        &[
            "model",
            "protocol",
            "policy",
            "store",
            "kernel",
            "mail",
            "identitystore",
            "oauth",
            "organizations",
            "portal",
            "portico_admin",
            "sign_in",
            "sso_admin",
            "sts",
        ],
    ),
    (
        "testing",
        &["model", "protocol", "policy", "store", "kernel", "sign_in", "sso_admin", "service"],
    ),
    ("federation", OF_SERVICES),
    ("connectors", OF_SERVICES),
    ("objects", OF_SERVICES),
    (
        "web",
        &[
            "model",
            "protocol",
            "kernel",
            "console",
            "identitystore",
            "oauth",
            "organizations",
            "portal",
            "portico_admin",
            "sign_in",
            "sso_admin",
        ],
    ),
    (
        "server",
        &[
            "model",
            "protocol",
            "policy",
            "store",
            "kernel",
            "mail",
            "sso_admin",
            "service",
            "federation",
            "connectors",
            "objects",
            "web",
        ],
    ),
    ("fuzz", &["model", "protocol", "policy", "webauthn"]),
    ("xtask", &["examples", "model", "protocol", "policy", "webauthn", "kernel", "service"]),
];

/// Crates that every crate may have among its dev-dependencies. Tests sign people in.
const FOR_TESTS: &[&str] = &["examples", "sign_in", "testing"];

const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.ending("Cargo.toml").filter(|file| file.path != "Cargo.toml") {
        let Ok(manifest) = file.text.parse::<Table>() else {
            complaints.push(Complaint::of_file(file, "is not TOML"));
            continue;
        };
        let folder = file.path.rsplit('/').nth(1).unwrap_or_default();
        let name = manifest.get("package").and_then(|package| package.get("name")?.as_str());
        if name != Some(folder) {
            complaints.push(Complaint::of_file(file, "a crate is named like its folder"));
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| *from == folder) else {
            let text = "this crate has no place in the house: give it one in xtask's `ARROWS`";
            complaints.push(Complaint::of_file(file, text));
            continue;
        };
        for kind in KINDS {
            let table = manifest.get(kind).and_then(|table| table.as_table());
            let ours = table.into_iter().flat_map(Table::keys).filter(|to| is_ours(to));
            let is_allowed = |to: &str| {
                allowed.contains(&to) || kind == "dev-dependencies" && FOR_TESTS.contains(&to)
            };
            let forbidden = ours.filter(|to| !is_allowed(to));
            complaints.extend(
                forbidden.map(|to| {
                    Complaint::of_file(file, format!("{folder} must not depend on {to}"))
                }),
            );
        }
    }
    complaints
}

fn is_ours(name: &str) -> bool {
    ARROWS.iter().any(|(ours, _)| *ours == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(name: &str, rest: &str) -> Vec<String> {
        let manifest = format!("[package]\nname = \"{name}\"\n{rest}");
        let path = format!("crates/{name}/Cargo.toml");
        let tree = Tree::of(&[(&path, &manifest)]);
        check(&tree).into_iter().map(|found| found.text).collect()
    }

    #[test]
    fn an_arrow_that_is_not_drawn_is_found_whatever_kind_it_is() {
        assert!(complaints("web", "[dependencies]\nkernel.workspace = true\n").is_empty());
        for kind in KINDS {
            let found = complaints("web", &format!("[{kind}]\nstore.workspace = true\n"));
            assert_eq!(found, ["web must not depend on store"], "{kind}");
        }
    }

    #[test]
    fn the_test_kit_is_for_tests_only() {
        let testing = |kind: &str| {
            complaints("kernel", &format!("[{kind}]\ntesting.workspace = true\n")).len()
        };
        assert_eq!(testing("dev-dependencies"), 0);
        assert_eq!(testing("dependencies"), 1);
    }

    #[test]
    fn only_the_server_depends_on_objects() {
        for (name, _) in ARROWS.iter().filter(|(name, _)| *name != "server") {
            let found = complaints(name, "[dependencies]\nobjects.workspace = true\n");
            assert_eq!(found, [format!("{name} must not depend on objects")]);
        }
        assert!(complaints("server", "[dependencies]\nobjects.workspace = true\n").is_empty());
    }

    #[test]
    fn no_circle_is_drawn() {
        for (number, (name, to)) in ARROWS.iter().enumerate() {
            let earlier: Vec<&str> = ARROWS[..number].iter().map(|(name, _)| *name).collect();
            assert!(to.iter().all(|to| earlier.contains(to)), "{name} points forward");
        }
    }

    #[test]
    fn a_crate_without_a_place_or_with_another_name_is_found() {
        assert_eq!(complaints("stray", "").len(), 1);
        let tree = Tree::of(&[("crates/web/Cargo.toml", "[package]\nname = \"pages\"\n")]);
        assert_eq!(check(&tree).len(), 1);
    }
}
