//! The condition keys that requests supply, and the keys of a policy that its actions never do.
//!
//! Service Authorization Reference, the condition keys of each action. `ConditionKeys.json` has those that
//! requests to Portico have: the keys of every request (roles of people have all of them), and those of single
//! actions.
//!
//! A policy may name any key, as at AWS. On a key that is never there a condition without `Not`, `IfExists` or
//! `ForAllValues` does not hold, so a Deny with it has no effect. Who attaches such a policy is told.

mod table;

use std::collections::BTreeSet;
use std::fmt;

pub use table::keys_of;

use crate::action::Actions;
use crate::evaluation::Evaluation;
use crate::key::Key;
use crate::language::{Label, Policy, Statement};
use crate::request::{NoFacts, Request};
use table::{is_served, is_supplied_always, suppliers};

/// A condition key in a statement that names an action whose requests never supply it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnsuppliedKey {
    pub statement: Label,
    /// In lower case.
    pub key: String,
    /// The action as it is written, which may have wildcards.
    pub action: String,
}

/// Maximum number of unsupplied keys that are told of a policy.
const UNSUPPLIED_MAX: usize = 20;

impl Policy {
    /// The keys that the policy asks for in vain, for each action that it names: the first twenty.
    #[must_use]
    pub fn unsupplied_keys(&self) -> Vec<UnsuppliedKey> {
        self.statements().iter().flat_map(of_statement).take(UNSUPPLIED_MAX).collect()
    }
}

fn of_statement(statement: &Statement) -> impl Iterator<Item = UnsuppliedKey> {
    let keys: BTreeSet<&Key> = statement.keys().filter(|key| !is_supplied_always(key)).collect();
    let is_ours = |action: &&str| service_of(action) == "*" || is_served(service_of(action));
    let actions: BTreeSet<&str> = statement.written_actions().filter(is_ours).collect();
    keys.into_iter().flat_map(move |key| {
        let unsupplied = actions.iter().filter(|action| !is_supplied(key, action));
        let told = unsupplied.map(|action| UnsuppliedKey {
            statement: statement.label.clone(),
            key: key.as_str().to_owned(),
            action: (*action).to_owned(),
        });
        told.collect::<Vec<_>>()
    })
}

fn service_of(action: &str) -> &str {
    action.split_once(':').map_or(action, |(service, _)| service)
}

/// Tells whether an action that `written` means supplies the key.
fn is_supplied(key: &Key, written: &str) -> bool {
    // A statement about all services is meant for another where the key belongs to another.
    if service_of(written) == "*" && !is_served(key.service()) {
        return true;
    }
    let Ok(actions) = Actions::parse(&[written]) else { return true };
    suppliers(key).any(|action| {
        let request = Request::new(action, "*", &NoFacts);
        actions.contain(&Evaluation::new(&request))
    })
}

impl fmt::Display for UnsuppliedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { statement, key, action } = self;
        write!(f, "no request for {action} has the condition key {key} ({statement})")
    }
}

#[cfg(test)]
mod tests;
