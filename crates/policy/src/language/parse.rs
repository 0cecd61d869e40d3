//! Parsing policy documents. The errors end the sentence `<document> must …`.

use std::collections::BTreeSet;

use model::fault::Text;

use super::statement::{Effect, Label, Polarity, Statement};
use crate::action::Actions;
use crate::condition::Condition;
use crate::json::{self, Members, Node, quoted};
use crate::resource::Resources;

pub(super) fn parse_document(document: &str) -> Result<Box<[Statement]>, Text> {
    let Node::Map(members) = json::read(document)? else {
        return Err("be a JSON object".into());
    };
    for (name, element) in &members {
        match (name.as_str(), element) {
            ("Version" | "Statement", _) | ("Id", Node::Text(_)) => {}
            ("Id", _) => return Err("have text in Id".into()),
            _ => return Err(unknown_element(name)),
        }
    }
    let variables = parse_version(members.get("Version"))?;
    let statements = match members.get("Statement") {
        Some(Node::List(statements)) => statements.as_slice(),
        Some(statement @ Node::Map(_)) => std::slice::from_ref(statement),
        Some(_) => return Err("have an object or a list of objects in Statement".into()),
        None => return Err("have a Statement".into()),
    };
    if statements.is_empty() {
        return Err("have at least one statement in Statement".into());
    }
    let mut sids = BTreeSet::new();
    let parse = |(number, statement): (usize, &Node)| {
        let mut label = Label::Number(number);
        let parsed = parse_statement(statement, &mut label, variables);
        let parsed = parsed.map_err(|must| Text::from(format!("{must} ({label})")))?;
        match &parsed.label {
            Label::Sid(sid) if !sids.insert(sid.clone()) => {
                Err(format!("have each Sid only once, {} too", quoted(sid)).into())
            }
            Label::Sid(_) | Label::Number(_) => Ok(parsed),
        }
    };
    (1..).zip(statements).map(parse).collect()
}

/// Tells whether the version of the language has policy variables.
// AWS: the default of Version is the old version.
fn parse_version(version: Option<&Node>) -> Result<bool, Text> {
    match version {
        None => Ok(false),
        Some(Node::Text(version)) if version == "2008-10-17" => Ok(false),
        Some(Node::Text(version)) if version == "2012-10-17" => Ok(true),
        Some(_) => Err("have the Version \"2012-10-17\" or \"2008-10-17\"".into()),
    }
}

/// Reads a statement and sets `label` to its Sid, which names the statement in errors.
fn parse_statement(node: &Node, label: &mut Label, variables: bool) -> Result<Statement, Text> {
    let Node::Map(members) = node else {
        return Err("have an object for each statement".into());
    };
    if let Some(sid) = parse_sid(members.get("Sid"))? {
        *label = Label::Sid(sid);
    }
    for name in members.keys() {
        match name.as_str() {
            "Sid" | "Effect" | "Action" | "NotAction" | "Resource" | "NotResource"
            | "Condition" => {}
            "Principal" | "NotPrincipal" => {
                return Err(format!(
                    "not have the element {name}: the policy is about whoever it is attached to"
                )
                .into());
            }
            _ => return Err(unknown_element(name)),
        }
    }
    let effect = match members.get("Effect") {
        Some(Node::Text(effect)) if effect == "Allow" => Effect::Allow,
        Some(Node::Text(effect)) if effect == "Deny" => Effect::Deny,
        Some(_) | None => return Err("have the Effect \"Allow\" or \"Deny\"".into()),
    };
    let actions = parse_either(members, ["Action", "NotAction"], Actions::parse)?;
    let resources = parse_either(members, ["Resource", "NotResource"], |values| {
        Resources::parse(values, variables)
    })?;
    let conditions = match members.get("Condition") {
        Some(element) => Condition::parse_all(element, variables)?,
        None => Box::default(),
    };
    Ok(Statement { label: label.clone(), effect, actions, resources, conditions })
}

// AWS: a Sid has letters and digits; an empty Sid counts as absent.
fn parse_sid(sid: Option<&Node>) -> Result<Option<Box<str>>, Text> {
    match sid {
        None => Ok(None),
        Some(Node::Text(sid)) if sid.is_empty() => Ok(None),
        Some(Node::Text(sid)) if sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            Ok(Some(sid.as_str().into()))
        }
        Some(_) => Err("have only letters and digits in Sid".into()),
    }
}

/// Reads an element that has a `Not…` form. A statement has exactly one of the two.
fn parse_either<T>(
    members: &Members,
    [name, not_name]: [&'static str; 2],
    parse: impl Fn(&[&str]) -> Result<T, Text>,
) -> Result<Polarity<T>, Text> {
    match (members.get(name), members.get(not_name)) {
        (Some(element), None) => Ok(Polarity::In(parse(&texts(name, element)?)?)),
        (None, Some(element)) => Ok(Polarity::NotIn(parse(&texts(not_name, element)?)?)),
        (Some(_), Some(_)) => Err(format!("have {name} or {not_name}, not both").into()),
        (None, None) => Err(format!("have {name} or {not_name}").into()),
    }
}

/// The text of an element, or its list of texts.
fn texts<'n>(name: &str, element: &'n Node) -> Result<Vec<&'n str>, Text> {
    let text = |node: &'n Node| match node {
        Node::Text(text) => Ok(text.as_str()),
        Node::Null
        | Node::Flag(_)
        | Node::Whole(_)
        | Node::Fraction
        | Node::List(_)
        | Node::Map(_) => Err(Text::from(format!("have text, or a list of texts, in {name}"))),
    };
    match element {
        Node::List(list) if list.is_empty() => {
            Err(format!("have at least one value in {name}").into())
        }
        Node::List(list) => list.iter().map(text).collect(),
        Node::Null
        | Node::Flag(_)
        | Node::Whole(_)
        | Node::Fraction
        | Node::Text(_)
        | Node::Map(_) => Ok(vec![text(element)?]),
    }
}

fn unknown_element(name: &str) -> Text {
    format!("not have the element {}, which the policy language does not know", quoted(name)).into()
}
