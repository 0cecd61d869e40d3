//! Evaluating policies for a request, with the reason of the decision.
//!
//! IAM User Guide, "Policy evaluation logic", identity-based policies. The reasons end the
//! sentence "… is not authorized to perform: … on resource: … because …".

use std::fmt;
use std::sync::Arc;

use crate::facts::Request;
use crate::language::{Effect, Label, Policy, Statement};

/// The decision of policies, with its reason.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Decision<'a> {
    pub allowed: bool,
    pub because: Because<'a>,
}

/// The reason of a decision. Its text ends the sentence "… because …".
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Because<'a> {
    Allowed { policy: &'a str, statement: &'a Label },
    Denied { policy: &'a str, statement: &'a Label },
    NothingAllows { action: &'a str },
}

/// Evaluates the policies: the default is deny, and an explicit Deny overrides every Allow.
// INVARIANT: nothing is allocated unless a condition or a variable is evaluated.
#[must_use]
pub fn evaluate<'a>(policies: &'a [Arc<Policy>], request: &Request<'a>) -> Decision<'a> {
    let find = |effect| find_statement(policies, effect, request);
    if let Some((policy, statement)) = find(Effect::Deny) {
        let because = Because::Denied { policy: policy.name(), statement: &statement.label };
        return Decision { allowed: false, because };
    }
    match find(Effect::Allow) {
        Some((policy, statement)) => {
            let because = Because::Allowed { policy: policy.name(), statement: &statement.label };
            Decision { allowed: true, because }
        }
        None => {
            Decision { allowed: false, because: Because::NothingAllows { action: request.action } }
        }
    }
}

fn find_statement<'a>(
    policies: &'a [Arc<Policy>],
    effect: Effect,
    request: &Request<'_>,
) -> Option<(&'a Policy, &'a Statement)> {
    let all = policies.iter().flat_map(|policy| {
        policy.statements().iter().map(move |statement| (policy.as_ref(), statement))
    });
    let mut of_effect = all.filter(|(_, statement)| statement.effect == effect);
    of_effect.find(|(_, statement)| statement.applies(request))
}

impl fmt::Display for Because<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed { policy, statement } => {
                write!(f, "an identity-based policy allows it: {policy}, {statement}")
            }
            Self::Denied { policy, statement } => {
                write!(f, "of an explicit deny in an identity-based policy: {policy}, {statement}")
            }
            Self::NothingAllows { action } => {
                write!(f, "no identity-based policy allows the {action} action")
            }
        }
    }
}

#[cfg(test)]
mod tests;
