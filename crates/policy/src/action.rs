//! The elements Action and `NotAction`: the operations of a statement.
//!
//! IAM User Guide, "Action". Some bundled policies list three thousand actions, so actions are grouped
//! by service, and a request is compared only with those of its own service.

use std::collections::BTreeMap;

use model::fault::Text;

use crate::evaluation::Evaluation;
use crate::json::quoted;
use crate::pattern::{Form, Pattern, Patterns, Syntax};

const NAMES: Syntax = Syntax { wildcards: true, variables: false };

/// The actions of a statement.
#[derive(Clone, Debug, Default)]
pub(crate) struct Actions {
    /// `*`.
    every: bool,
    /// `*:*`, which names services, and so only those of AWS.
    every_service: bool,
    /// The names of actions by service, sorted. All are in lower case.
    // AWS: the case of an action does not matter.
    listed: Box<[(Box<str>, Patterns)]>,
}

impl Actions {
    /// Reads the values of the element. The error ends the sentence `<document> must …`.
    pub(crate) fn parse(values: &[&str]) -> Result<Self, Text> {
        let mut actions = Self::default();
        let mut names: BTreeMap<String, Vec<Pattern>> = BTreeMap::new();
        for &value in values {
            match value {
                "*" => actions.every = true,
                "*:*" => actions.every_service = true,
                _ => {
                    let (service, name) = parse_action(value)?;
                    names.entry(service).or_default().push(Pattern::parse(&name, NAMES)?);
                }
            }
        }
        let compile = |(service, names): (String, Vec<Pattern>)| {
            (service.into(), Patterns::compile(names, Form::Plain))
        };
        actions.listed = names.into_iter().map(compile).collect();
        Ok(actions)
    }

    /// Checks the form of a value.
    pub(crate) fn check(value: &str) -> Result<(), Text> {
        if matches!(value, "*" | "*:*") { Ok(()) } else { parse_action(value).map(drop) }
    }

    /// Tells whether the request's action is among them.
    pub(crate) fn contain(&self, evaluation: &Evaluation<'_>) -> bool {
        self.every_service || self.mean(evaluation)
    }

    /// Tells whether the request's action is among them, if it may be one that AWS does not have: by `*`
    /// or by the name of its service.
    pub(crate) fn mean(&self, evaluation: &Evaluation<'_>) -> bool {
        if self.every {
            return true;
        }
        let Some((service, name)) = evaluation.action() else { return false };
        let found = self.listed.binary_search_by(|(listed, _)| (**listed).cmp(service));
        let names = found.ok().and_then(|found| self.listed.get(found));
        names.is_some_and(|(_, names)| names.contain(name, evaluation))
    }
}

/// Reads service and name of an action into lower case.
fn parse_action(value: &str) -> Result<(String, String), Text> {
    let (service, name) = value.split_once(':').unwrap_or_default();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_action = !service.is_empty()
        && service.bytes().all(is_word)
        && !name.is_empty()
        && name.bytes().all(|byte| is_word(byte) || matches!(byte, b'*' | b'?'));
    if !is_action {
        let value = quoted(value);
        return Err(format!(
            "have actions of the form service:Name, in which only the name may have wildcards, not \
            {value}"
        )
        .into());
    }
    Ok((service.to_ascii_lowercase(), name.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NoFacts, Request};

    fn ask(values: &[&str], action: &str, ask: fn(&Actions, &Evaluation<'_>) -> bool) -> bool {
        let request = Request::new(action, "*", &NoFacts);
        ask(&Actions::parse(values).unwrap(), &Evaluation::new(&request))
    }

    fn contain(values: &[&str], action: &str) -> bool {
        ask(values, action, Actions::contain)
    }

    #[test]
    fn case_does_not_matter() {
        assert!(contain(&["S3:getOBJECT"], "s3:GetObject"));
        assert!(contain(&["s3:get*"], "S3:GetObject"));
        assert!(contain(&["s3:*O?ject"], "s3:GetObject"));
    }

    #[test]
    fn a_wildcard_stays_in_its_service() {
        assert!(contain(&["s3:*"], "s3:GetObject"));
        assert!(!contain(&["s3:*"], "s3express:CreateSession"));
        assert!(!contain(&["sso:*"], "sso-oauth:CreateToken"));
        assert!(contain(&["s3:List?uckets", "sts:*"], "s3:ListBuckets"));
        assert!(!contain(&["s3:Get"], "s3:GetObject"));
    }

    #[test]
    fn a_star_is_every_action() {
        assert!(contain(&["*"], "s3:GetObject"));
        assert!(contain(&["*:*"], "s3:GetObject"));
        assert!(contain(&["sts:*", "*"], "s3:GetObject"));
    }

    #[test]
    fn a_star_for_the_service_means_services_of_aws() {
        let mean = |values: &[&str]| ask(values, "portico:EnableUser", Actions::mean);
        assert!(!mean(&["*:*"]) && !mean(&["*:*", "s3:*"]));
        assert!(mean(&["*:*", "portico:Enable*"]) && mean(&["*:*", "*"]));
    }

    #[test]
    fn what_is_no_action_is_refused() {
        for value in
            ["", "s3", ":", "s3:", ":GetObject", "s*:GetObject", "?3:*", "s3:Get Object", "s3:a:b"]
        {
            assert!(Actions::parse(&[value]).is_err(), "{value:?}");
        }
    }
}
