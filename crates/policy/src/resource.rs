//! The elements Resource and `NotResource`: the resources of a statement.
//!
//! IAM User Guide, "Resource".

use model::fault::Text;

use crate::evaluation::Evaluation;
use crate::json::quoted;
use crate::pattern::{Form, Pattern, Patterns};

/// The resources of a statement.
#[derive(Clone, Debug)]
pub(crate) struct Resources(Patterns);

impl Resources {
    // AWS: a `*` in an ARN matches colons and slashes too.
    pub(crate) fn compile(patterns: Vec<Pattern>) -> Self {
        Self(Patterns::compile(patterns, Form::Plain))
    }

    /// Checks the form of a value. The error ends the sentence `<document> must …`.
    // A pattern that is not an ARN matches no resource; in a Deny it would have no effect.
    pub(crate) fn check(pattern: &Pattern, written: &str) -> Result<(), Text> {
        // AWS: ARNs of anything are matched by `*`, or `**`, alone.
        if pattern.is_run() || pattern.is_arn() {
            return Ok(());
        }
        let written = quoted(written);
        Err(format!(
            "have resources that are * or ARNs of the form \
            arn:partition:service:region:account:resource, not {written}"
        )
        .into())
    }

    pub(crate) fn contain(&self, evaluation: &Evaluation<'_>) -> bool {
        self.0.contain(evaluation.request.resource, evaluation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Syntax;
    use crate::{NoFacts, Request};

    const SYNTAX: Syntax = Syntax { wildcards: true, variables: true };

    fn contain(value: &str, resource: &str) -> bool {
        let pattern = Pattern::parse(value, SYNTAX).unwrap();
        Resources::check(&pattern, value).unwrap();
        let request = Request::new("s3:GetObject", resource, &NoFacts);
        Resources::compile(vec![pattern]).contain(&Evaluation::new(&request))
    }

    #[test]
    fn a_bucket_and_its_objects_are_different_resources() {
        assert!(contain("arn:aws:s3:::b", "arn:aws:s3:::b"));
        assert!(!contain("arn:aws:s3:::b", "arn:aws:s3:::b/key"));
        assert!(!contain("arn:aws:s3:::b/*", "arn:aws:s3:::b"));
        assert!(contain("arn:aws:s3:::b/*", "arn:aws:s3:::b/a/b:c"));
        assert!(contain("arn:*:s3:::b*", "arn:aws:s3:::b/key"));
        assert!(!contain("arn:aws:s3:::b/Key", "arn:aws:s3:::b/key"));
    }

    #[test]
    fn an_action_without_a_resource_needs_a_star() {
        assert!(contain("*", "*"));
        assert!(!contain("arn:aws:s3:::*", "*"));
    }

    #[test]
    fn what_is_no_arn_is_refused() {
        let check = |value: &str| Resources::check(&Pattern::parse(value, SYNTAX).unwrap(), value);
        for value in [
            "",
            "?",
            "bucket/*",
            "*:s3:::b",
            "arn:aws:s3:*",
            "ARN:aws:s3:::b",
            "arn:${aws:userid}",
            "arn:aws:iam::${aws:PrincipalAccount}",
        ] {
            assert!(check(value).is_err(), "{value:?}");
        }
        assert!(check("arn:aws:iam::${aws:PrincipalAccount}:role/*").is_ok());
    }
}
