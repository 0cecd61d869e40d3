//! Parsing policy documents.

use std::collections::BTreeSet;

use model::fault::Text;

use super::policy_type::PolicyType;
use super::statement::{Effect, Label, Polarity, Statement, Written};
use crate::action::Actions;
use crate::condition::Condition;
use crate::json::{self, Flaw, Members, Node, quoted};
use crate::key::Key;
use crate::pattern::{Pattern, Piece, Syntax};
use crate::principal::Principals;
use crate::resource::Resources;

pub(super) fn parse_document(
    policy_type: PolicyType,
    document: &str,
) -> Result<Box<[Statement]>, Flaw> {
    let whole = json::read(document)?;
    let members = whole.members().ok_or_else(|| Flaw::new(whole.at, "be a JSON object"))?;
    for member in &members.0 {
        match member.name.as_str() {
            "Version" | "Statement" => {}
            "Id" if member.node.text().is_some() => {}
            "Id" => return Err(Flaw::new(member.node.at, "have text in Id")),
            name => return Err(unknown_element(member.at, name)),
        }
    }
    let variables = parse_version(members.find("Version"))?;
    let statement =
        members.find("Statement").ok_or_else(|| Flaw::new(whole.at, "have a Statement"))?;
    if statement.items().is_empty() {
        return Err(Flaw::new(statement.at, "have at least one statement in Statement"));
    }
    let mut sids = BTreeSet::new();
    let parse = |(number, node): (usize, &Node)| {
        let parser = Parser { policy_type, variables };
        let label = parser.label(node, number)?;
        if let Label::Sid(sid) = &label
            && !sids.insert(sid.clone())
        {
            let must = format!("have each Sid only once, {} too", quoted(sid));
            return Err(Flaw::new(node.at, must));
        }
        parser.statement(node, &label).map_err(|flaw| flaw.within(&label))
    };
    (1..).zip(statement.items()).map(parse).collect()
}

/// Tells whether the version of the language has policy variables.
// AWS: the default of Version is the old version.
fn parse_version(version: Option<&Node>) -> Result<bool, Flaw> {
    let Some(version) = version else { return Ok(false) };
    match version.text() {
        Some("2008-10-17") => Ok(false),
        Some("2012-10-17") => Ok(true),
        Some(_) | None => {
            let must = "have the Version \"2012-10-17\" or \"2008-10-17\"";
            Err(Flaw::new(version.at, must))
        }
    }
}

fn unknown_element(at: usize, name: &str) -> Flaw {
    let name = quoted(name);
    Flaw::new(at, format!("not have the element {name}, which the policy language does not know"))
}

/// The rules of a document.
#[derive(Clone, Copy)]
struct Parser {
    policy_type: PolicyType,
    variables: bool,
}

impl Parser {
    /// Reads the name of a statement.
    // AWS: a Sid of IAM has letters and digits; other services take more. An empty Sid counts as absent.
    fn label(self, node: &Node, number: usize) -> Result<Label, Flaw> {
        let Some(sid) = members_of(node)?.find("Sid") else { return Ok(Label::Number(number)) };
        let is_good = |sid: &&str| match self.policy_type {
            PolicyType::ResourceBased => !sid.contains(char::is_control),
            PolicyType::IdentityBased
            | PolicyType::PermissionsBoundary
            | PolicyType::Session
            | PolicyType::RoleTrust
            | PolicyType::ServiceControl => sid.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        };
        match sid.text().filter(is_good) {
            Some("") => Ok(Label::Number(number)),
            Some(sid) => Ok(Label::Sid(sid.into())),
            None => Err(Flaw::new(sid.at, "have only letters and digits in Sid")
                .within(&Label::Number(number))),
        }
    }

    fn statement(self, node: &Node, label: &Label) -> Result<Statement, Flaw> {
        let members = members_of(node)?;
        for member in &members.0 {
            match member.name.as_str() {
                "Sid" | "Effect" | "Action" | "NotAction" | "Condition" => {}
                "Resource" | "NotResource" => self.check_resource(member.at, &member.name)?,
                "Principal" | "NotPrincipal" => self.check_principal(member.at, &member.name)?,
                name => return Err(unknown_element(member.at, name)),
            }
        }
        let effect = match members.find("Effect") {
            Some(effect) => parse_effect(effect)?,
            None => return Err(Flaw::new(node.at, "have the Effect \"Allow\" or \"Deny\"")),
        };
        let mut written = Written::default();
        let actions = either(node, members, ["Action", "NotAction"], |name, element| {
            let texts = texts(name, element)?;
            let values: Vec<&str> = texts.iter().map(|(_, text)| *text).collect();
            let named: &[&str] = if name == "Action" { &values } else { &["*"] };
            written.actions = named.iter().map(|action| Box::from(*action)).collect();
            for (at, text) in &texts {
                self.check_action(text).map_err(|must| Flaw::new(*at, must))?;
            }
            Actions::parse(&values).map_err(|must| Flaw::new(element.at, must))
        })?;
        let principals = if self.policy_type.has_principals() {
            Some(either(node, members, ["Principal", "NotPrincipal"], Principals::parse)?)
        } else {
            None
        };
        // AWS: NotPrincipal is supported with Deny only.
        if let (Some(Polarity::NotIn(_)), Effect::Allow) = (&principals, effect) {
            return Err(Flaw::new(node.at, "have NotPrincipal only with the Effect \"Deny\""));
        }
        let resources = if self.policy_type == PolicyType::RoleTrust {
            None
        } else {
            let parse = |name: &str, element: &Node| self.resources(name, element, &mut written);
            Some(either(node, members, ["Resource", "NotResource"], parse)?)
        };
        let conditions = match members.find("Condition") {
            Some(element) => Condition::parse_all(element, self.variables)?,
            None => Box::default(),
        };
        let label = label.clone();
        Ok(Statement { label, effect, principals, actions, resources, conditions, written })
    }

    // AWS: a role trust policy has actions of sts only.
    fn check_action(self, text: &str) -> Result<(), Text> {
        Actions::check(text)?;
        let is_of_sts = || text.to_ascii_lowercase().starts_with("sts:");
        if self.policy_type == PolicyType::RoleTrust && !is_of_sts() {
            return Err(format!("have only actions of sts, not {}", quoted(text)).into());
        }
        Ok(())
    }

    fn check_resource(self, at: usize, name: &str) -> Result<(), Flaw> {
        if self.policy_type != PolicyType::RoleTrust {
            return Ok(());
        }
        Err(Flaw::new(at, format!("not have the element {name}: the policy is about its role")))
    }

    fn check_principal(self, at: usize, name: &str) -> Result<(), Flaw> {
        // AWS: a role trust policy has no NotPrincipal.
        if self.policy_type == PolicyType::RoleTrust && name == "NotPrincipal" {
            return Err(Flaw::new(at, "have Principal, not NotPrincipal"));
        }
        if self.policy_type.has_principals() {
            return Ok(());
        }
        let must =
            format!("not have the element {name}: the policy is about whoever it is attached to");
        Err(Flaw::new(at, must))
    }

    fn resources(
        self,
        name: &str,
        element: &Node,
        written: &mut Written,
    ) -> Result<Resources, Flaw> {
        let syntax = Syntax { wildcards: true, variables: self.variables };
        let mut patterns = Vec::new();
        for (at, text) in texts(name, element)? {
            let flaw = |must: Text| Flaw::new(at, must);
            let pattern = Pattern::parse(text, syntax).map_err(flaw)?;
            Resources::check(&pattern, text).map_err(flaw)?;
            patterns.push(pattern);
        }
        let keys = patterns.iter().flat_map(Pattern::pieces).filter_map(key);
        written.keys = keys.cloned().collect();
        Ok(Resources::compile(patterns))
    }
}

/// The key of a variable.
fn key(piece: &Piece) -> Option<&Key> {
    match piece {
        Piece::Variable { key, .. } => Some(key),
        Piece::Text(_) | Piece::Character | Piece::Run => None,
    }
}

fn members_of(statement: &Node) -> Result<&Members, Flaw> {
    let flaw = || Flaw::new(statement.at, "have an object, or a list of objects, in Statement");
    statement.members().ok_or_else(flaw)
}

fn parse_effect(effect: &Node) -> Result<Effect, Flaw> {
    match effect.text() {
        Some("Allow") => Ok(Effect::Allow),
        Some("Deny") => Ok(Effect::Deny),
        Some(_) | None => Err(Flaw::new(effect.at, "have the Effect \"Allow\" or \"Deny\"")),
    }
}

/// Reads an element that has a `Not…` form. A statement has exactly one of the two.
fn either<T>(
    statement: &Node,
    members: &Members,
    [name, not_name]: [&str; 2],
    parse: impl FnOnce(&str, &Node) -> Result<T, Flaw>,
) -> Result<Polarity<T>, Flaw> {
    match (members.find(name), members.find(not_name)) {
        (Some(element), None) => Ok(Polarity::In(parse(name, element)?)),
        (None, Some(element)) => Ok(Polarity::NotIn(parse(not_name, element)?)),
        (Some(_), Some(element)) => {
            Err(Flaw::new(element.at, format!("have {name} or {not_name}, not both")))
        }
        (None, None) => Err(Flaw::new(statement.at, format!("have {name} or {not_name}"))),
    }
}

/// The text of an element, or its list of texts, with their places.
fn texts<'n>(name: &str, element: &'n Node) -> Result<Vec<(usize, &'n str)>, Flaw> {
    if element.items().is_empty() {
        return Err(Flaw::new(element.at, format!("have at least one value in {name}")));
    }
    let text = |node: &'n Node| match node.text() {
        Some(text) => Ok((node.at, text)),
        None => Err(Flaw::new(node.at, format!("have text, or a list of texts, in {name}"))),
    };
    element.items().iter().map(text).collect()
}
