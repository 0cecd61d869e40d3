//! Condition keys.
//!
//! IAM User Guide, "AWS global condition context keys".

use model::fault::Text;

use crate::json::quoted;

/// The name of a condition key, in lower case: `service:name`.
// AWS: the names of keys are case-insensitive, including the keys of tags in them.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Key(Box<str>);

impl Key {
    /// Reads a key; `what` is its name in the error.
    pub(crate) fn parse(text: &str, what: &str) -> Result<Self, Text> {
        let (service, name) = text.split_once(':').unwrap_or_default();
        let is_clean = text.trim() == text && !text.contains(char::is_control);
        // The key of a tag is not empty either.
        if service.is_empty() || name.is_empty() || name.ends_with('/') || !is_clean {
            let text = quoted(text);
            return Err(format!("have a {what} of the form service:name, not {text}").into());
        }
        Ok(Self(text.to_ascii_lowercase().into()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the colon.
    pub(crate) fn service(&self) -> &str {
        self.0.split_once(':').map_or(&self.0, |(service, _)| service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<String, Text> {
        Key::parse(text, "condition key").map(|key| key.as_str().to_owned())
    }

    #[test]
    fn case_does_not_matter() {
        assert_eq!(parse("AWS:UserID").unwrap(), "aws:userid");
        let tag = "aws:PrincipalTag/Cost Center";
        assert_eq!(parse(tag).unwrap(), "aws:principaltag/cost center");
    }

    #[test]
    fn a_key_belongs_to_a_service() {
        let key = Key::parse("S3:RequestObjectTag/a:b", "condition key").unwrap();
        assert_eq!(key.service(), "s3");
    }

    #[test]
    fn what_is_no_key_is_refused_by_name() {
        assert_eq!(
            parse("username").unwrap_err(),
            "have a condition key of the form service:name, not \"username\""
        );
        for text in
            ["", ":", "aws:", ":username", " aws:userid", "aws:userid\n", "aws:PrincipalTag/"]
        {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }
}
