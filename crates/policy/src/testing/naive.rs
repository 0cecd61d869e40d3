//! A second evaluator, written from the documentation as plainly as can be: it interprets the JSON of policies that
//! parse, compares texts letter by letter, and shares no code with the first. Tests and the fuzzer compare the two.
//!
//! IAM User Guide, "Policy evaluation logic", "Condition operators", "Single-valued vs. multivalued context keys".

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{PolicyType, Request};

/// A policy as it was written.
pub type Document<'a> = (PolicyType, &'a str);

/// The outcome of an evaluation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    Allowed,
    ExplicitDeny,
    ImplicitDeny(PolicyType),
}

/// The condition keys of a request, in lower case, with their values. No value is an empty list.
pub type Context = BTreeMap<String, Vec<String>>;

/// Evaluates documents that parse. Service control policies are of one level.
#[must_use]
pub fn evaluate(documents: &[Document<'_>], request: &Request<'_>, context: &Context) -> Outcome {
    let applies = |policy_type: PolicyType, effect: &str| {
        let mut own = documents.iter().filter(|(of_type, _)| *of_type == policy_type);
        own.any(|(_, document)| document_applies(document, effect, request, context))
    };
    let exists = |policy_type| documents.iter().any(|(of_type, _)| *of_type == policy_type);
    if documents.iter().any(|(policy_type, _)| applies(*policy_type, "Deny")) {
        return Outcome::ExplicitDeny;
    }
    for (policy_type, is_limit_only) in [
        (PolicyType::ServiceControl, true),
        (PolicyType::IdentityBased, false),
        (PolicyType::PermissionsBoundary, true),
        (PolicyType::Session, true),
    ] {
        let is_asked = exists(policy_type) || !is_limit_only;
        if is_asked && !applies(policy_type, "Allow") {
            return Outcome::ImplicitDeny(policy_type);
        }
    }
    Outcome::Allowed
}

fn document_applies(
    document: &str,
    effect: &str,
    request: &Request<'_>,
    context: &Context,
) -> bool {
    let Ok(policy) = serde_json::from_str::<Value>(document) else { return false };
    let has_variables = at(&policy, "Version") == "2012-10-17";
    let statements = items(at(&policy, "Statement"));
    let naive = Naive { request, context, has_variables };
    statements
        .iter()
        .any(|one| at(one, "Effect") == effect && naive.applies(one, effect == "Allow"))
}

struct Naive<'a> {
    request: &'a Request<'a>,
    context: &'a Context,
    has_variables: bool,
}

impl Naive<'_> {
    fn applies(&self, statement: &Value, is_allow: bool) -> bool {
        let action = self.request.action.to_lowercase();
        let is_own = action.starts_with("portico:");
        let texts_of = |element: &str| -> Option<Vec<String>> {
            let texts = items(statement.get(element)?);
            Some(texts.iter().filter_map(Value::as_str).map(str::to_lowercase).collect())
        };
        let is_named = |names: &[String]| {
            names.iter().any(|name| match name.as_str() {
                "*" => true,
                "*:*" => !(is_allow && is_own),
                _ => like(&letters(name), &letters(&action)),
            })
        };
        let is_meant = match (texts_of("Action"), texts_of("NotAction")) {
            (Some(names), _) => is_named(&names),
            (None, Some(names)) => {
                let everything = names.iter().any(|name| name == "*:*");
                !(everything || is_named(&names) || is_allow && is_own)
            }
            (None, None) => false,
        };
        let has_resource = |element: &str| {
            let patterns = items(statement.get(element)?);
            let mut patterns = patterns.iter().filter_map(Value::as_str);
            let resource = letters(self.request.resource);
            Some(patterns.any(|pattern| {
                self.pattern(pattern, true).is_some_and(|pattern| like(&pattern, &resource))
            }))
        };
        let is_there = has_resource("Resource")
            .or_else(|| has_resource("NotResource").map(|is_there| !is_there));
        is_meant && is_there.unwrap_or(false) && self.conditions_hold(at(statement, "Condition"))
    }

    fn conditions_hold(&self, condition: &Value) -> bool {
        let operators = condition.as_object().into_iter().flatten();
        let mut all = operators.flat_map(|(operator, keys)| {
            let keys = keys.as_object().into_iter().flatten();
            keys.map(move |(key, values)| (operator, key, values))
        });
        all.all(|(operator, key, values)| self.holds(operator, &key.to_lowercase(), values))
    }

    fn holds(&self, operator: &str, key: &str, values: &Value) -> bool {
        let written: Vec<String> = items(values).iter().map(text).collect();
        let own = self.values(key);
        let (quantifier, operator) = operator.split_once(':').unwrap_or(("", operator));
        let (operator, if_exists) = match operator.strip_suffix("IfExists") {
            Some(operator) => (operator, true),
            None => (operator, false),
        };
        if operator == "Null" {
            return written.iter().any(|flag| flag.eq_ignore_ascii_case("true") == own.is_empty());
        }
        let is_negated = operator.contains("Not");
        let base = operator.replacen("Not", "", 1);
        let one_holds = |value: &str| {
            written.iter().any(|written| self.compare(&base, value, written)) != is_negated
        };
        match (quantifier, own.as_slice()) {
            ("", []) => if_exists || is_negated,
            ("", [value]) => one_holds(value),
            ("ForAllValues", own) => {
                own.iter().filter(|value| !value.is_empty()).all(|value| one_holds(value))
            }
            ("ForAnyValue", []) => if_exists,
            ("ForAnyValue", own) => {
                own.iter().filter(|value| !value.is_empty()).any(|value| one_holds(value))
            }
            _ => false,
        }
    }

    fn values(&self, key: &str) -> Vec<String> {
        let own = self.context.get(key).cloned().unwrap_or_default();
        let account = self.request.resource.split(':').nth(4).unwrap_or_default();
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        if own.is_empty() && key == "aws:resourceaccount" && is_account {
            return vec![account.to_owned()];
        }
        own
    }

    fn compare(&self, operator: &str, value: &str, written: &str) -> bool {
        let order = |order: std::cmp::Ordering| match operator {
            _ if operator.ends_with("LessThanEquals") => order.is_le(),
            _ if operator.ends_with("GreaterThanEquals") => order.is_ge(),
            _ if operator.ends_with("LessThan") => order.is_lt(),
            _ if operator.ends_with("GreaterThan") => order.is_gt(),
            _ => order.is_eq(),
        };
        let pattern = |wildcards| self.pattern(written, wildcards);
        match operator {
            "StringEquals" => pattern(false).is_some_and(|pattern| like(&pattern, &letters(value))),
            "StringEqualsIgnoreCase" => pattern(false).is_some_and(|pattern| {
                let lower: Vec<Letter> =
                    pattern.iter().map(|letter| letter.to_lower_case()).collect();
                like(&lower, &letters(&value.to_ascii_lowercase()))
            }),
            "StringLike" => pattern(true).is_some_and(|pattern| like(&pattern, &letters(value))),
            "ArnEquals" | "ArnLike" => {
                pattern(true).is_some_and(|pattern| arn_like(&pattern, value))
            }
            "Bool" => value.eq_ignore_ascii_case(written),
            "BinaryEquals" => value == written,
            "IpAddress" => in_range(value, written).unwrap_or(false),
            _ if operator.starts_with("Numeric") => {
                let both = number(value).zip(number(written));
                both.is_some_and(|(value, written)| order(value.total_cmp(&written)))
            }
            _ => false,
        }
    }

    /// A pattern with its variables replaced. `None` if one of them has no single value.
    fn pattern(&self, text: &str, wildcards: bool) -> Option<Vec<Letter>> {
        let mut pattern = Vec::new();
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("${").filter(|_| self.has_variables) {
                let (inside, after) = after.split_once('}')?;
                let value = match inside {
                    "*" | "?" | "$" => inside.to_owned(),
                    _ => self.variable(inside)?,
                };
                pattern.extend(value.chars().map(Letter::Plain));
                rest = after;
                continue;
            }
            pattern.push(match letter {
                '*' if wildcards => Letter::Run,
                '?' if wildcards => Letter::Any,
                _ => Letter::Plain(letter),
            });
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
        }
        Some(pattern)
    }

    fn variable(&self, inside: &str) -> Option<String> {
        let (key, default) = match inside.split_once(", '") {
            Some((key, default)) => (key, default.strip_suffix('\'')),
            None => (inside, None),
        };
        match self.values(&key.to_lowercase()).as_slice() {
            [] => default.map(str::to_owned),
            [value] => Some(value.clone()),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Letter {
    Plain(char),
    Any,
    Run,
}

impl Letter {
    fn to_lower_case(self) -> Self {
        match self {
            Self::Plain(letter) => Self::Plain(letter.to_ascii_lowercase()),
            Self::Any | Self::Run => self,
        }
    }
}

/// A text as a pattern, with its wildcards.
fn letters(text: &str) -> Vec<Letter> {
    let letter = |letter| match letter {
        '*' => Letter::Run,
        '?' => Letter::Any,
        _ => Letter::Plain(letter),
    };
    text.chars().map(letter).collect()
}

/// Tells whether the text matches. In the text a wildcard is a letter as any other.
fn like(pattern: &[Letter], text: &[Letter]) -> bool {
    // `reached[n]`: the pattern so far matches the first n letters.
    let mut reached: Vec<bool> = (0..=text.len()).map(|length| length == 0).collect();
    for letter in pattern {
        let mut next = vec![false; reached.len()];
        let mut is_run = false;
        for (place, (now, before)) in next.iter_mut().zip(&reached).enumerate() {
            is_run |= *before;
            let last = place.checked_sub(1);
            let follows = last.and_then(|last| reached.get(last)).copied().unwrap_or(false);
            let own = last.and_then(|last| text.get(last));
            *now = match letter {
                Letter::Run => is_run,
                Letter::Any => follows,
                Letter::Plain(letter) => follows && own.is_some_and(|own| own.is(*letter)),
            };
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

impl Letter {
    /// Tells whether a letter of a text is this one.
    fn is(self, letter: char) -> bool {
        match self {
            Self::Plain(own) => own == letter,
            Self::Any => letter == '?',
            Self::Run => letter == '*',
        }
    }
}

/// Compares the six components of an ARN one by one.
fn arn_like(pattern: &[Letter], value: &str) -> bool {
    if pattern.iter().all(|letter| *letter == Letter::Run) {
        return true;
    }
    let is_colon = |letter: &Letter| *letter == Letter::Plain(':');
    let patterns: Vec<&[Letter]> = pattern.splitn(6, is_colon).collect();
    let values: Vec<&str> = value.splitn(6, ':').collect();
    let mut pairs = patterns.iter().zip(&values);
    patterns.len() == values.len() && pairs.all(|(pattern, value)| like(pattern, &letters(value)))
}

fn in_range(value: &str, range: &str) -> Option<bool> {
    let bits = |text: &str| match text.parse::<std::net::IpAddr>().ok()?.to_canonical() {
        std::net::IpAddr::V4(address) => Some(format!("{:032b}", address.to_bits())),
        std::net::IpAddr::V6(address) => Some(format!("{:0128b}", address.to_bits())),
    };
    let (network, length) = range.split_once('/').unwrap_or((range, "128"));
    let (value, network) = (bits(value)?, bits(network)?);
    let length = length.parse::<usize>().ok()?.min(network.len());
    Some(value.len() == network.len() && value.get(..length) == network.get(..length))
}

fn number(text: &str) -> Option<f64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    let is_written = is_number && !text.starts_with('.') && !text.ends_with('.');
    // A zero has no sign.
    text.parse::<f64>().ok().filter(|_| is_written).map(|number| number + 0.0)
}

fn at<'v>(value: &'v Value, name: &str) -> &'v Value {
    value.get(name).unwrap_or(&Value::Null)
}

fn items(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_else(|| vec![value.clone()])
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
