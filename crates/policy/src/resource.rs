//! The element Resource: the resources of a statement.
//!
//! IAM User Guide, "Resource".

use model::fault::Text;

use crate::facts::Request;
use crate::glob::{Case, Glob, Syntax};
use crate::json::quoted;

/// The resources of a statement.
#[derive(Clone, Debug)]
pub(crate) enum Resources {
    Every,
    Listed(Box<[Glob]>),
}

impl Resources {
    /// Reads the values of the element. The error ends the sentence `<document> must …`.
    pub(crate) fn parse(values: &[&str], variables: bool) -> Result<Self, Text> {
        let syntax = Syntax { wildcards: true, variables };
        let mut globs = Vec::new();
        let mut every = false;
        for &value in values {
            if value == "*" {
                every = true;
                continue;
            }
            let glob = Glob::parse(value, syntax)?;
            // A pattern that is not an ARN matches no resource; in a Deny it would have no effect.
            if !glob.is_arn() {
                let value = quoted(value);
                return Err(format!(
                    "have resources that are * or ARNs of the form \
                    arn:partition:service:region:account:resource, not {value}"
                )
                .into());
            }
            globs.push(glob);
        }
        Ok(if every { Self::Every } else { Self::Listed(globs.into()) })
    }

    // AWS: a `*` in an ARN matches colons and slashes too.
    pub(crate) fn contain(&self, request: &Request<'_>) -> bool {
        match self {
            Self::Every => true,
            Self::Listed(globs) => {
                globs.iter().any(|glob| glob.matches(request.resource, Case::Matters, request))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NoFacts;

    fn contain(value: &str, resource: &str) -> bool {
        let request = Request { action: "s3:GetObject", resource, facts: &NoFacts };
        Resources::parse(&[value], true).unwrap().contain(&request)
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
        for value in [
            "",
            "?",
            "**",
            "bucket/*",
            "*:s3:::b",
            "arn:aws:s3:*",
            "ARN:aws:s3:::b",
            "arn:${aws:userid}",
            "arn:aws:iam::${aws:PrincipalAccount}",
        ] {
            assert!(Resources::parse(&[value], true).is_err(), "{value:?}");
        }
        assert!(Resources::parse(&["arn:aws:iam::${aws:PrincipalAccount}:role/*"], true).is_ok());
    }
}
