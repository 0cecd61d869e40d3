//! Parsing conditions.

use std::collections::BTreeSet;

use model::fault::Text;

use super::Condition;
use super::comparison::Comparison;
use super::number::Number;
use super::operator::{Kind, Operator};
use super::time;
use crate::json::{Flaw, Node, Value, quoted};
use crate::key::Key;
use crate::pattern::{Form, Pattern, Patterns, Piece, Syntax};

impl Condition {
    /// Reads the element. `variables` tells whether the version of the language has policy variables.
    // AWS: an empty Condition always holds.
    pub(crate) fn parse_all(element: &Node, variables: bool) -> Result<Box<[Self]>, Flaw> {
        let operators = element.members().ok_or_else(|| {
            Flaw::new(element.at, "have an object of condition operators in Condition")
        })?;
        let mut conditions = Vec::new();
        for member in &operators.0 {
            let name = &member.name;
            let operator = Operator::parse(name).ok_or_else(|| {
                let must = format!("have condition operators of IAM, not {}", quoted(name));
                Flaw::new(member.at, must)
            })?;
            let keys =
                member.node.members().filter(|keys| !keys.0.is_empty()).ok_or_else(|| {
                    let must = format!("have an object of at least one condition key in {name}");
                    Flaw::new(member.node.at, must)
                })?;
            let mut seen = BTreeSet::new();
            for member in &keys.0 {
                let key = Key::parse(&member.name, "condition key")
                    .map_err(|must| Flaw::new(member.at, must))?;
                if !seen.insert(key.clone()) {
                    let key = quoted(&member.name);
                    let must = format!("have the condition key {key} only once in {name}");
                    return Err(Flaw::new(member.at, must));
                }
                conditions.push(Self::parse(key, operator, &member.node, variables)?);
            }
        }
        Ok(conditions.into())
    }

    fn parse(key: Key, operator: Operator, node: &Node, variables: bool) -> Result<Self, Flaw> {
        let values = node.items();
        if values.is_empty() {
            let must = format!("have at least one value for the condition key {}", key.as_str());
            return Err(Flaw::new(node.at, must));
        }
        let texts: Vec<(usize, &str)> = values.iter().map(text).collect::<Result<_, _>>()?;
        let mut keys = Vec::new();
        let comparison = match operator.kind {
            Kind::StringEquals => compile(&texts, false, variables, Form::Plain, &mut keys)?,
            Kind::StringLike => compile(&texts, true, variables, Form::Plain, &mut keys)?,
            Kind::StringEqualsIgnoreCase => {
                compile(&texts, false, variables, Form::AnyCase, &mut keys)?
            }
            Kind::Arn => compile(&texts, true, variables, Form::Arn, &mut keys)?,
            // AWS: variables stand in texts and ARNs only.
            Kind::Bool => {
                let is_flag = |text: &str| parse_flag(text).map(drop);
                each(&texts, "true or false", is_flag)?;
                compile(&texts, false, false, Form::AnyCase, &mut keys)?
            }
            Kind::BinaryEquals => {
                each(&texts, "bytes in base64", check_base64)?;
                compile(&texts, false, false, Form::Plain, &mut keys)?
            }
            Kind::Numeric(order) => {
                Comparison::Numbers(order, each(&texts, "numbers", Number::parse)?)
            }
            Kind::Date(order) => {
                let what = "times such as 2026-01-31T12:00:00Z, or seconds since 1970";
                Comparison::Times(order, each(&texts, what, time::parse)?)
            }
            Kind::IpAddress => {
                let what = "IP addresses, or ranges such as 192.0.2.0/24";
                Comparison::Addresses(each(&texts, what, |text| text.parse().ok())?)
            }
            Kind::Null => {
                let flags = each(&texts, "true or false", parse_flag)?;
                Comparison::Presence {
                    missing: flags.contains(&true),
                    present: flags.contains(&false),
                }
            }
        };
        let Operator { quantifier, negated, if_exists, .. } = operator;
        Ok(Self { key, quantifier, if_exists, negated, comparison, variables: keys.into() })
    }
}

// AWS: numbers and booleans may be written without quotation marks.
fn text(node: &Node) -> Result<(usize, &str), Flaw> {
    match &node.value {
        Value::Text(text) | Value::Number(text) => Ok((node.at, text)),
        Value::Flag(true) => Ok((node.at, "true")),
        Value::Flag(false) => Ok((node.at, "false")),
        Value::Null | Value::List(_) | Value::Map(_) => {
            Err(Flaw::new(node.at, "have texts, numbers or booleans as values of a condition key"))
        }
    }
}

/// Reads each value into what the operator compares.
fn each<T>(
    texts: &[(usize, &str)],
    what: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Box<[T]>, Flaw> {
    let parse = |(at, text): &(usize, &str)| {
        parse(text).ok_or_else(|| {
            Flaw::new(*at, format!("compare with {what} here, not {}", quoted(text)))
        })
    };
    texts.iter().map(parse).collect()
}

/// Compiles texts or patterns, and notes the keys of their variables.
fn compile(
    texts: &[(usize, &str)],
    wildcards: bool,
    variables: bool,
    form: Form,
    keys: &mut Vec<Key>,
) -> Result<Comparison, Flaw> {
    let mut patterns = Vec::new();
    for (at, text) in texts {
        let flaw = |must: Text| Flaw::new(*at, must);
        let pattern = Pattern::parse(text, Syntax { wildcards, variables }).map_err(flaw)?;
        // A text that is not an ARN matches none, and in a Deny it would have no effect.
        if form == Form::Arn && !pattern.is_arn() && !pattern.is_run() {
            let must = format!("compare with * or ARNs here, not {}", quoted(text));
            return Err(Flaw::new(*at, must));
        }
        keys.extend(pattern.pieces().iter().filter_map(|piece| match piece {
            Piece::Variable { key, .. } => Some(key.clone()),
            Piece::Text(_) | Piece::Character | Piece::Run => None,
        }));
        patterns.push(pattern);
    }
    Ok(Comparison::Texts(Patterns::compile(patterns, form)))
}

fn parse_flag(text: &str) -> Option<bool> {
    let is = |flag: &str| text.eq_ignore_ascii_case(flag);
    if is("true") { Some(true) } else { is("false").then_some(false) }
}

/// Checks for base64 with its padding. Equal bytes then have equal texts.
fn check_base64(text: &str) -> Option<()> {
    let digits = text.trim_end_matches('=');
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let is_padded = text.len().is_multiple_of(4) && text.len() - digits.len() <= 2;
    (is_padded && digits.bytes().all(is_digit)).then_some(())
}
