//! The table of the condition keys that requests supply.

use std::sync::LazyLock;

use model::service::SERVICES;

use crate::json::{self, Node};
use crate::key::Key;

/// Prefixes of actions and keys that requests have here besides those of the services of the wire: global keys,
/// instances in resource policies, sign-in, and S3.
const OTHERS_SERVED: [&str; 4] = ["aws", "identitycenter", "s3", "signin"];

#[derive(Debug, Default)]
struct Table {
    every: Vec<Key>,
    /// Actions with the keys of their own, as they are written.
    actions: Vec<(String, Vec<String>)>,
}

// INVARIANT: a table that does not parse is empty. Tests prove that it parses.
static TABLE: LazyLock<Table> =
    LazyLock::new(|| read(include_str!("ConditionKeys.json")).unwrap_or_default());

fn read(document: &str) -> Option<Table> {
    let node = json::read(document).ok()?;
    let texts = |node: &Node| {
        node.items().iter().map(|item| item.text().map(str::to_owned)).collect::<Option<Vec<_>>>()
    };
    let key = |text: &String| Key::parse(text, "condition key").ok();
    let every = texts(node.members()?.find("Every")?)?.iter().map(key).collect::<Option<_>>()?;
    let actions = node.members()?.find("Actions")?.members()?;
    let actions = actions.0.iter().map(|member| Some((member.name.clone(), texts(&member.node)?)));
    Some(Table { every, actions: actions.collect::<Option<_>>()? })
}

/// The condition keys that requests for the action supply besides those of every request. The key of a tag follows
/// a key that ends in `/`.
#[must_use]
pub fn keys_of(action: &str) -> &'static [String] {
    let found = TABLE.actions.iter().find(|(name, _)| name.eq_ignore_ascii_case(action));
    found.map_or(&[], |(_, keys)| keys)
}

/// Tells whether every request supplies the key.
pub(super) fn is_supplied_always(key: &Key) -> bool {
    TABLE.every.contains(key)
}

/// The actions whose requests supply the key.
pub(super) fn suppliers(key: &Key) -> impl Iterator<Item = &'static str> {
    let has = |own: &String| {
        let own = own.to_ascii_lowercase();
        own == key.as_str() || own.ends_with('/') && key.as_str().starts_with(&own)
    };
    let supplies = move |(_, keys): &&(String, Vec<String>)| keys.iter().any(has);
    TABLE.actions.iter().filter(supplies).map(|(action, _)| action.as_str())
}

/// Tells whether requests of this service arrive here.
pub(super) fn is_served(prefix: &str) -> bool {
    let is = |other: &str| prefix.eq_ignore_ascii_case(other);
    OTHERS_SERVED.into_iter().any(is) || SERVICES.iter().any(|service| is(service.action_prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_parses() {
        let table = read(include_str!("ConditionKeys.json")).unwrap();
        assert!(table.every.len() > 10 && table.actions.len() > 1);
        for (action, keys) in &table.actions {
            assert!(is_served(action.split_once(':').unwrap().0), "{action}");
            for key in keys {
                let family = key.trim_end_matches('/');
                assert!(Key::parse(family, "condition key").is_ok(), "{action} {key}");
            }
        }
    }

    #[test]
    fn a_list_has_the_keys_of_its_parameters() {
        for action in ["s3:ListBucket", "S3:listBucketVersions"] {
            assert_eq!(keys_of(action), ["s3:delimiter", "s3:max-keys", "s3:prefix"], "{action}");
        }
        assert!(keys_of("s3:GetObject").is_empty());
    }
}
