//! The element Condition: the requests to which a statement applies.
//!
//! IAM User Guide, "Condition operators", "Conditions with multiple context keys or values". All
//! conditions of a statement must hold, and each by any of its values.

use std::collections::BTreeSet;

use model::fault::Text;

use crate::facts::{Held, Request, parse_key};
use crate::glob::{Case, Glob, Syntax};
use crate::json::{Node, quoted};

/// A key under an operator, with its values.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    key: Box<str>,
    /// True if the condition holds for a request without the key.
    if_exists: bool,
    values: Box<[Glob]>,
}

/// The supported operators. Both are case-sensitive.
#[derive(Clone, Copy, Debug)]
enum Operator {
    StringEquals,
    StringLike,
}

impl Operator {
    // INVARIANT: an unsupported operator is refused, never ignored. `IfExists` is supported with each
    // operator; the set operators (`ForAnyValue:` …) are not supported.
    fn parse(name: &str) -> Result<(Self, bool), Text> {
        let (base, if_exists) = match name.strip_suffix("IfExists") {
            Some(base) => (base, true),
            None => (name, false),
        };
        match base {
            "StringEquals" => Ok((Self::StringEquals, if_exists)),
            "StringLike" => Ok((Self::StringLike, if_exists)),
            _ => Err(format!(
                "not use the condition operator {}, which Portico does not evaluate yet",
                quoted(name)
            )
            .into()),
        }
    }

    fn syntax(self, variables: bool) -> Syntax {
        let wildcards = match self {
            Self::StringEquals => false,
            Self::StringLike => true,
        };
        Syntax { wildcards, variables }
    }
}

impl Condition {
    /// Reads the element. The error ends the sentence `<document> must …`.
    // AWS: an empty Condition always holds.
    pub(crate) fn parse_all(element: &Node, variables: bool) -> Result<Box<[Self]>, Text> {
        let Node::Map(operators) = element else {
            return Err("have an object of condition operators in Condition".into());
        };
        let mut conditions = Vec::new();
        for (name, keys) in operators {
            let (operator, if_exists) = Operator::parse(name)?;
            let Node::Map(keys) = keys else {
                return Err(format!("have an object of condition keys in {name}").into());
            };
            if keys.is_empty() {
                return Err(format!("have at least one condition key in {name}").into());
            }
            let mut seen = BTreeSet::new();
            for (text, values) in keys {
                let key = parse_key(text, "condition key")?;
                if !seen.insert(key.clone()) {
                    let text = quoted(text);
                    return Err(format!("have the condition key {text} only once in {name}").into());
                }
                let values = parse_values(text, values, operator.syntax(variables))?;
                conditions.push(Self { key, if_exists, values });
            }
        }
        Ok(conditions.into())
    }

    // AWS: a key with several values matches only under a set operator.
    pub(crate) fn holds(&self, request: &Request<'_>) -> bool {
        match request.held(&self.key) {
            Held::Nothing => self.if_exists,
            Held::One(value) => {
                self.values.iter().any(|glob| glob.matches(&value, Case::Matters, request))
            }
            Held::Several => false,
        }
    }
}

// AWS: numbers and booleans may be written without quotation marks.
fn parse_values(key: &str, node: &Node, syntax: Syntax) -> Result<Box<[Glob]>, Text> {
    let values = match node {
        Node::List(values) => values.as_slice(),
        Node::Null
        | Node::Flag(_)
        | Node::Whole(_)
        | Node::Fraction
        | Node::Text(_)
        | Node::Map(_) => std::slice::from_ref(node),
    };
    if values.is_empty() {
        let key = quoted(key);
        return Err(format!("have at least one value for the condition key {key}").into());
    }
    let parse = |value: &Node| match value {
        Node::Text(text) | Node::Whole(text) => Glob::parse(text, syntax),
        Node::Flag(flag) => Glob::parse(if *flag { "true" } else { "false" }, syntax),
        Node::Null | Node::Fraction | Node::List(_) | Node::Map(_) => {
            Err(format!("have text for the condition key {}", quoted(key)).into())
        }
    };
    values.iter().map(parse).collect()
}

#[cfg(test)]
mod tests;
