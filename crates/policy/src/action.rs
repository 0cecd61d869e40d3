//! The element Action: the operations of a statement.
//!
//! IAM User Guide, "Action". Some bundled policies list three thousand actions, so actions are grouped
//! by service, and a request is compared only with those of its own service.

use std::collections::BTreeMap;

use model::fault::Text;
use model::service::SERVICES;

use crate::facts::Request;
use crate::glob::{Case, Glob, Syntax};
use crate::json::quoted;

const NAMES: Syntax = Syntax { wildcards: true, variables: false };

/// The actions of a statement.
#[derive(Clone, Debug, Default)]
pub(crate) struct Actions {
    /// `*`.
    every: bool,
    /// `*:*`, which names services, and so only those of AWS.
    every_service: bool,
    /// The names of actions by service. The service is in lower case.
    listed: BTreeMap<Box<str>, Vec<Glob>>,
}

impl Actions {
    /// Reads the values of the element. The error ends the sentence `<document> must …`.
    pub(crate) fn parse(values: &[&str]) -> Result<Self, Text> {
        let mut actions = Self::default();
        for &value in values {
            match value {
                "*" => actions.every = true,
                "*:*" => actions.every_service = true,
                _ => actions.list(value)?,
            }
        }
        Ok(actions)
    }

    fn list(&mut self, value: &str) -> Result<(), Text> {
        let (service, name) = split(value).ok_or_else(|| {
            let value = quoted(value);
            Text::from(format!(
                "have actions of the form service:Name, in which only the name may have \
                wildcards, not {value}"
            ))
        })?;
        let names = self.listed.entry(service.to_ascii_lowercase().into()).or_default();
        names.push(Glob::parse(name, NAMES)?);
        Ok(())
    }

    /// Tells whether the request's action is among them.
    pub(crate) fn contain(&self, request: &Request<'_>) -> bool {
        self.every_service || self.mean(request)
    }

    /// Tells whether the request's action is among them, if it may be one that AWS does not have: by `*`
    /// or by the name of its service.
    // AWS: the case of an action does not matter.
    pub(crate) fn mean(&self, request: &Request<'_>) -> bool {
        if self.every {
            return true;
        }
        let names = &self.listed;
        let Some((service, name)) = request.action.split_once(':') else { return false };
        // The service is nearly always in lower case, and then nothing is allocated.
        let globs = names.get(service).or_else(|| {
            let is_upper = service.bytes().any(|byte| byte.is_ascii_uppercase());
            is_upper.then(|| names.get(service.to_ascii_lowercase().as_str())).flatten()
        });
        globs.is_some_and(|globs| {
            globs.iter().any(|glob| glob.matches(name, Case::Ignored, request))
        })
    }
}

/// Tells whether the action belongs to an API that AWS does not have.
pub(crate) fn is_own(action: &str) -> bool {
    let Some((prefix, _)) = action.split_once(':') else { return false };
    let mut own = SERVICES.iter().filter(|service| service.model.is_none());
    own.any(|service| service.action_prefix.eq_ignore_ascii_case(prefix))
}

fn split(value: &str) -> Option<(&str, &str)> {
    let (service, name) = value.split_once(':')?;
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let well_formed = !service.is_empty()
        && service.bytes().all(is_word)
        && !name.is_empty()
        && name.bytes().all(|byte| is_word(byte) || matches!(byte, b'*' | b'?'));
    well_formed.then_some((service, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NoFacts;

    fn contain(values: &[&str], action: &str) -> bool {
        let request = Request { action, resource: "*", facts: &NoFacts };
        Actions::parse(values).unwrap().contain(&request)
    }

    #[test]
    fn case_does_not_matter() {
        assert!(contain(&["S3:getOBJECT"], "s3:GetObject"));
        assert!(contain(&["s3:get*"], "S3:GetObject"));
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
        let mean = |values: &[&str]| {
            let request = Request { action: "portico:EnableUser", resource: "*", facts: &NoFacts };
            Actions::parse(values).unwrap().mean(&request)
        };
        assert!(!mean(&["*:*"]) && !mean(&["*:*", "s3:*"]));
        assert!(mean(&["*:*", "portico:Enable*"]) && mean(&["*:*", "*"]));
    }

    #[test]
    fn only_an_api_without_a_model_of_aws_is_our_own() {
        assert!(is_own("portico:EnableUser") && is_own("Portico:enableuser"));
        for action in ["sso:CreateInstance", "porticos:EnableUser", "iam:portico", "portico", "*"] {
            assert!(!is_own(action), "{action}");
        }
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
