//! A statement of a policy, parsed.

use std::fmt;

use crate::action::Actions;
use crate::condition::Condition;
use crate::evaluation::Evaluation;
use crate::key::Key;
use crate::principal::{Principals, Reach};
use crate::resource::Resources;

/// A statement of a policy.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) label: Label,
    pub(crate) effect: Effect,
    /// Absent where the policy is about whoever it is attached to.
    pub(super) principals: Option<Polarity<Principals>>,
    pub(super) actions: Polarity<Actions>,
    /// Absent where the policy is about what it is attached to.
    pub(super) resources: Option<Polarity<Resources>>,
    pub(super) conditions: Box<[Condition]>,
    /// For explanations.
    pub(super) written: Written,
}

/// Parts of a statement as they were written.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    /// The values of Action, or `*` for a statement with `NotAction`.
    pub(super) actions: Box<[Box<str>]>,
    /// The keys of policy variables in the resources.
    pub(super) keys: Box<[Key]>,
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
    /// Tells whether the statement applies to the request, and how it includes the requester.
    pub(crate) fn applies(&self, evaluation: &Evaluation<'_>) -> Option<Reach> {
        let is_meant = match &self.actions {
            Polarity::In(actions) => {
                actions.mean(evaluation)
                    || (actions.contain(evaluation) && !self.spares(evaluation))
            }
            Polarity::NotIn(actions) => !actions.contain(evaluation) && !self.spares(evaluation),
        };
        is_meant.then_some(())?;
        let has_resource = match &self.resources {
            Some(Polarity::In(resources)) => resources.contain(evaluation),
            Some(Polarity::NotIn(resources)) => !resources.contain(evaluation),
            None => true,
        };
        has_resource.then_some(())?;
        let requester = &evaluation.request.requester;
        let reach = match &self.principals {
            Some(Polarity::In(principals)) => principals.reach(requester)?,
            Some(Polarity::NotIn(principals)) => {
                (!principals.spare(requester)).then_some(Reach::Direct)?
            }
            None => Reach::Direct,
        };
        self.conditions.iter().all(|condition| condition.holds(evaluation)).then_some(reach)
    }

    /// Tells whether the statement is an Allow, and the request's action one of Portico's own.
    // `NotAction` and `*:*` were written for the services of AWS. The actions that AWS does not have are
    // allowed by `*` or by name.
    fn spares(&self, evaluation: &Evaluation<'_>) -> bool {
        self.effect == Effect::Allow && evaluation.is_own
    }

    /// The condition keys that the statement asks for, also in policy variables.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Key> {
        let of_conditions = self.conditions.iter();
        let of_conditions = of_conditions
            .flat_map(|condition| std::iter::once(&condition.key).chain(&condition.variables));
        self.written.keys.iter().chain(of_conditions)
    }

    /// The values of Action, or `*` for a statement with `NotAction`.
    pub(crate) fn written_actions(&self) -> impl Iterator<Item = &str> {
        self.written.actions.iter().map(|action| &**action)
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
