//! A statement of a policy, parsed.

use std::fmt;

use crate::action::{Actions, is_own};
use crate::condition::Condition;
use crate::facts::Request;
use crate::resource::Resources;

/// A statement of a policy.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) label: Label,
    pub(crate) effect: Effect,
    pub(super) actions: Polarity<Actions>,
    pub(super) resources: Polarity<Resources>,
    pub(super) conditions: Box<[Condition]>,
}

/// The name of a statement in explanations.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Label {
    /// The Sid of the statement.
    Sid(Box<str>),
    /// The place in the document, counted from 1, of a statement without a Sid.
    Number(usize),
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// An element, or its `Not…` form.
#[derive(Clone, Debug)]
pub(super) enum Polarity<T> {
    In(T),
    NotIn(T),
}

impl Statement {
    /// Tells whether the statement applies to the request.
    pub(crate) fn applies(&self, request: &Request<'_>) -> bool {
        let actions = match &self.actions {
            Polarity::In(actions) => {
                actions.mean(request) || (actions.contain(request) && !self.spares(request))
            }
            Polarity::NotIn(actions) => !actions.contain(request) && !self.spares(request),
        };
        let resources = |resources: &Polarity<Resources>| match resources {
            Polarity::In(resources) => resources.contain(request),
            Polarity::NotIn(resources) => !resources.contain(request),
        };
        actions
            && resources(&self.resources)
            && self.conditions.iter().all(|condition| condition.holds(request))
    }

    /// Tells whether the statement is an Allow, and the request's action one of Portico's own.
    // `NotAction` and `*:*` were written for the services of AWS. The actions that AWS does not have are
    // allowed by `*` or by name.
    fn spares(&self, request: &Request<'_>) -> bool {
        self.effect == Effect::Allow && is_own(request.action)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sid(sid) => write!(f, "statement {sid}"),
            Self::Number(number) => write!(f, "statement {number}"),
        }
    }
}
