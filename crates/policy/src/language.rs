//! Policy documents, read and ready to evaluate.
//!
//! IAM User Guide, "Grammar of the IAM JSON policy language".
//!
//! INVARIANT: a document holds nothing that evaluation passes over. Whatever is not evaluated
//! (an element, an operator, a key) is refused here, with a complaint that names it.

use std::collections::BTreeSet;
use std::fmt;

use model::Fault;
use model::fault::Text;

use crate::action::Actions;
use crate::condition::Condition;
use crate::facts::Request;
use crate::json::{self, Members, Node, quoted};
use crate::resource::Resources;

/// A policy document, parsed and ready to evaluate.
#[derive(Clone, Debug)]
pub struct Policy {
    name: Box<str>,
    statements: Box<[Statement]>,
}

#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) label: Label,
    pub(crate) effect: Effect,
    actions: Polarity<Actions>,
    resources: Polarity<Resources>,
    conditions: Box<[Condition]>,
}

/// What explanations call a statement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Label {
    Sid(Box<str>),
    /// Its place in the document, from 1, if it has no Sid.
    Number(usize),
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// An element or its `Not…` form.
#[derive(Clone, Debug)]
enum Polarity<T> {
    In(T),
    NotIn(T),
}

impl Policy {
    /// Reads a document; `name` is what explanations and complaints call it.
    pub fn parse(name: &str, document: &str) -> Result<Self, Fault> {
        let statements = parse_document(document)
            .map_err(|must| Fault::Invalid { field: name.to_owned().into(), must })?;
        Ok(Self { name: name.into(), statements })
    }

    /// A policy that allows nothing.
    pub(crate) fn nothing(name: &str) -> Self {
        Self { name: name.into(), statements: Box::default() }
    }

    /// What explanations call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn statements(&self) -> &[Statement] {
        &self.statements
    }
}

impl Statement {
    /// Whether the statement is about the request.
    pub(crate) fn applies(&self, request: &Request<'_>) -> bool {
        let actions = match &self.actions {
            Polarity::In(actions) => actions.contain(request),
            Polarity::NotIn(actions) => !actions.contain(request),
        };
        let resources = |resources: &Polarity<Resources>| match resources {
            Polarity::In(resources) => resources.contain(request),
            Polarity::NotIn(resources) => !resources.contain(request),
        };
        actions
            && resources(&self.resources)
            && self.conditions.iter().all(|condition| condition.holds(request))
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

fn parse_document(document: &str) -> Result<Box<[Statement]>, Text> {
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

/// Whether the version of the language has policy variables.
// AWS: without a Version it is the old one.
fn parse_version(version: Option<&Node>) -> Result<bool, Text> {
    match version {
        None => Ok(false),
        Some(Node::Text(version)) if version == "2008-10-17" => Ok(false),
        Some(Node::Text(version)) if version == "2012-10-17" => Ok(true),
        Some(_) => Err("have the Version \"2012-10-17\" or \"2008-10-17\"".into()),
    }
}

/// Reads a statement; `label` learns its Sid, so that complaints can say which one it is.
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

// AWS: letters and digits; an empty Sid is none.
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

/// Reads an element that has a `Not…` form, of which a statement has one or the other.
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

/// The text or texts of an element.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(document: &str) -> String {
        match Policy::parse("InlinePolicy", document) {
            Err(Fault::Invalid { field, must }) => format!("{field} must {must}."),
            other => format!("{other:?}"),
        }
    }

    /// A document with one statement that allows all, with `more` added.
    fn with(more: &str) -> String {
        format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Resource":"*"{more}}}}}"#
        )
    }

    #[test]
    fn a_statement_may_stand_alone_or_in_a_list() {
        assert!(Policy::parse("p", &with("")).is_ok());
        let list = r#"{"Id":"x","Statement":[{"Sid":"","Effect":"Deny","NotAction":["s3:*"],"NotResource":["*"]}]}"#;
        assert!(Policy::parse("p", list).is_ok());
    }

    #[test]
    fn what_the_evaluator_does_not_know_is_refused_by_name() {
        assert_eq!(
            complaint(&with(r#","Condition":{"DateLessThan":{"aws:CurrentTime":"2030-01-01"}}"#)),
            "InlinePolicy must not use the condition operator \"DateLessThan\", which Portico does \
            not evaluate yet (statement 1)."
        );
        assert_eq!(
            complaint(&with(
                r#","Sid":"Vpc","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#
            )),
            "InlinePolicy must not use the condition key \"aws:SourceVpc\", which Portico does not \
            evaluate yet (statement Vpc)."
        );
        assert_eq!(
            complaint(&with(r#","Principal":"*""#)),
            "InlinePolicy must not have the element Principal: the policy is about whoever it is \
            attached to (statement 1)."
        );
        assert_eq!(
            complaint(&with(r#","Conditions":{}"#)),
            "InlinePolicy must not have the element \"Conditions\", which the policy language does \
            not know (statement 1)."
        );
        assert_eq!(
            complaint(r#"{"version":"2012-10-17","Statement":[]}"#),
            "InlinePolicy must not have the element \"version\", which the policy language does not \
            know."
        );
    }

    #[test]
    fn what_is_not_of_the_form_is_refused() {
        for (document, names) in [
            ("", "JSON"),
            ("[]", "object"),
            ("{}", "Statement"),
            (r#"{"Statement":[]}"#, "Statement"),
            (r#"{"Statement":"x"}"#, "Statement"),
            (r#"{"Statement":[1]}"#, "statement"),
            (r#"{"Version":"2012-10-18","Statement":[]}"#, "Version"),
            (r#"{"Version":20121017,"Statement":[]}"#, "Version"),
            (r#"{"Id":1,"Statement":[]}"#, "Id"),
            (&with(r#","Effect":"Deny""#), "Effect"),
            (&with(r#","NotAction":"s3:*""#), "NotAction"),
            (&with(r#","NotResource":"*""#), "NotResource"),
            (&with(r#","NotPrincipal":"*""#), "NotPrincipal"),
            (&with(r#","Sid":"a b""#), "Sid"),
            (&with(r#","Sid":7"#), "Sid"),
            (&with(r#","Condition":null"#), "Condition"),
            (r#"{"Statement":{"Effect":"allow","Action":"*","Resource":"*"}}"#, "Effect"),
            (r#"{"Statement":{"Action":"*","Resource":"*"}}"#, "Effect"),
            (r#"{"Statement":{"Effect":"Allow","Resource":"*"}}"#, "Action"),
            (r#"{"Statement":{"Effect":"Allow","Action":"*"}}"#, "Resource"),
            (r#"{"Statement":{"Effect":"Allow","Action":[],"Resource":"*"}}"#, "Action"),
            (r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":[]}}"#, "Resource"),
            (r#"{"Statement":{"Effect":"Allow","Action":["*",1],"Resource":"*"}}"#, "Action"),
            (r#"{"Statement":{"Effect":"Allow","Action":"s3","Resource":"*"}}"#, "action"),
            (r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"b"}}"#, "resource"),
        ] {
            let complaint = complaint(document);
            assert!(complaint.starts_with("InlinePolicy must "), "{document}: {complaint}");
            assert!(complaint.contains(names), "{document}: {complaint}");
        }
    }

    #[test]
    fn a_sid_names_one_statement() {
        let document = r#"{"Statement":[
            {"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"},
            {"Sid":"A","Effect":"Deny","Action":"*","Resource":"*"}]}"#;
        assert_eq!(complaint(document), "InlinePolicy must have each Sid only once, \"A\" too.");
    }

    #[test]
    fn variables_need_the_new_version() {
        let statement = r#"{"Effect":"Deny","Action":"*","Resource":"arn:aws:s3:::${aws:userid}"}"#;
        for version in ["", r#""Version":"2008-10-17","#] {
            let document = format!(r#"{{{version}"Statement":{statement}}}"#);
            assert!(complaint(&document).contains("have the Version \"2012-10-17\""));
        }
        let document = format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
        assert!(Policy::parse("p", &document).is_ok());
    }
}
