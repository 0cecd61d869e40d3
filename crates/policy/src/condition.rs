//! The element Condition: in which requests a statement counts.
//!
//! IAM User Guide, "Condition operators", "Conditions with multiple context keys or values". All
//! conditions of a statement must hold; of the values of one, any.

use std::collections::BTreeSet;

use model::fault::Text;

use crate::facts::{Held, Request, parse_key};
use crate::glob::{Case, Glob, Syntax};
use crate::json::{Node, quoted};

/// One key under one operator.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    key: Box<str>,
    /// Whether a request without the key will do.
    if_exists: bool,
    values: Box<[Glob]>,
}

/// The operators that are evaluated. Both compare with regard to case.
#[derive(Clone, Copy, Debug)]
enum Operator {
    StringEquals,
    StringLike,
}

impl Operator {
    // INVARIANT: an operator that is not evaluated is refused, never passed over. `IfExists` goes
    // with each of these two; the set operators (`ForAnyValue:` …) go with none.
    fn parse(name: &str) -> Result<(Self, bool), Text> {
        let (base, if_exists) = match name.strip_suffix("IfExists") {
            Some(base) => (base, true),
            None => (name, false),
        };
        match base {
            "StringEquals" => Ok((Self::StringEquals, if_exists)),
            "StringLike" => Ok((Self::StringLike, if_exists)),
            _ => Err(format!(
                "not use the condition operator {}, which Portico does not evaluate yet",
                quoted(name)
            )
            .into()),
        }
    }

    fn syntax(self, variables: bool) -> Syntax {
        let wildcards = match self {
            Self::StringEquals => false,
            Self::StringLike => true,
        };
        Syntax { wildcards, variables }
    }
}

impl Condition {
    /// Reads the element; the complaint finishes "<document> must …".
    // AWS: an empty Condition is no condition.
    pub(crate) fn parse_all(element: &Node, variables: bool) -> Result<Box<[Self]>, Text> {
        let Node::Map(operators) = element else {
            return Err("have an object of condition operators in Condition".into());
        };
        let mut conditions = Vec::new();
        for (name, keys) in operators {
            let (operator, if_exists) = Operator::parse(name)?;
            let Node::Map(keys) = keys else {
                return Err(format!("have an object of condition keys in {name}").into());
            };
            if keys.is_empty() {
                return Err(format!("have at least one condition key in {name}").into());
            }
            let mut seen = BTreeSet::new();
            for (text, values) in keys {
                let key = parse_key(text, "condition key")?;
                if !seen.insert(key.clone()) {
                    let text = quoted(text);
                    return Err(format!("have the condition key {text} only once in {name}").into());
                }
                let values = parse_values(text, values, operator.syntax(variables))?;
                conditions.push(Self { key, if_exists, values });
            }
        }
        Ok(conditions.into())
    }

    // AWS: a key that holds several values needs a set operator; without one nothing matches.
    pub(crate) fn holds(&self, request: &Request<'_>) -> bool {
        match request.held(&self.key) {
            Held::Nothing => self.if_exists,
            Held::One(value) => {
                self.values.iter().any(|glob| glob.matches(&value, Case::Matters, request))
            }
            Held::Several => false,
        }
    }
}

// AWS: numbers and booleans may go without quotation marks.
fn parse_values(key: &str, node: &Node, syntax: Syntax) -> Result<Box<[Glob]>, Text> {
    let values = match node {
        Node::List(values) => values.as_slice(),
        Node::Null
        | Node::Flag(_)
        | Node::Whole(_)
        | Node::Fraction
        | Node::Text(_)
        | Node::Map(_) => std::slice::from_ref(node),
    };
    if values.is_empty() {
        let key = quoted(key);
        return Err(format!("have at least one value for the condition key {key}").into());
    }
    let parse = |value: &Node| match value {
        Node::Text(text) | Node::Whole(text) => Glob::parse(text, syntax),
        Node::Flag(flag) => Glob::parse(if *flag { "true" } else { "false" }, syntax),
        Node::Null | Node::Fraction | Node::List(_) | Node::Map(_) => {
            Err(format!("have text for the condition key {}", quoted(key)).into())
        }
    };
    values.iter().map(parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Facts;

    struct Pairs(&'static [(&'static str, &'static [&'static str])]);

    impl Facts for Pairs {
        fn values(&self, key: &str) -> Option<Vec<String>> {
            let (_, values) = self.0.iter().find(|(name, _)| *name == key)?;
            Some(values.iter().map(|&value| value.to_owned()).collect())
        }
    }

    const NOTHING: Pairs = Pairs(&[]);
    const HOME: Pairs = Pairs(&[("s3:prefix", &["home/"]), ("aws:userid", &["AROA:ada"])]);
    const EMPTY: Pairs = Pairs(&[("s3:prefix", &[""])]);
    const SEVERAL: Pairs = Pairs(&[("s3:prefix", &["home/", "etc/"])]);
    const NO_VALUE: Pairs = Pairs(&[("s3:prefix", &[])]);

    fn parse(element: &str) -> Result<Box<[Condition]>, Text> {
        Condition::parse_all(&crate::json::read(element).unwrap(), true)
    }

    fn holds(element: &str, facts: &Pairs) -> bool {
        let request = Request { action: "s3:ListBucket", resource: "arn:aws:s3:::b", facts };
        parse(element).unwrap().iter().all(|condition| condition.holds(&request))
    }

    fn complaint(element: &str) -> String {
        parse(element).unwrap_err().into_owned()
    }

    #[test]
    fn string_equals_takes_any_of_its_values_and_no_wildcard() {
        assert!(holds(r#"{"StringEquals":{"s3:prefix":["etc/","home/"]}}"#, &HOME));
        assert!(holds(r#"{"StringEquals":{"S3:PREFIX":"home/"}}"#, &HOME));
        assert!(holds(r#"{"StringEquals":{"s3:prefix":""}}"#, &EMPTY));
        assert!(!holds(r#"{"StringEquals":{"s3:prefix":"Home/"}}"#, &HOME));
        assert!(!holds(r#"{"StringEquals":{"s3:prefix":"*"}}"#, &HOME));
        assert!(!holds(r#"{"StringEquals":{"s3:prefix":""}}"#, &NOTHING));
    }

    #[test]
    fn string_like_takes_wildcards() {
        assert!(holds(r#"{"StringLike":{"s3:prefix":"ho?e/*"}}"#, &HOME));
        assert!(!holds(r#"{"StringLike":{"s3:prefix":"HOME/*"}}"#, &HOME));
        assert!(!holds(r#"{"StringLike":{"s3:prefix":"*"}}"#, &NOTHING));
    }

    #[test]
    fn if_exists_excuses_a_missing_key_and_nothing_else() {
        for operator in ["StringEquals", "StringLike"] {
            let element = format!(r#"{{"{operator}IfExists":{{"s3:prefix":"etc/"}}}}"#);
            assert!(holds(&element, &NOTHING));
            assert!(holds(&element, &NO_VALUE));
            assert!(!holds(&element, &HOME));
            assert!(!holds(&element, &EMPTY));
            assert!(!holds(&element, &SEVERAL));
        }
    }

    #[test]
    fn every_operator_and_every_key_must_hold() {
        let both = r#"{"StringEquals":{"s3:prefix":"home/","aws:userid":"AROA:ada"}}"#;
        assert!(holds(both, &HOME));
        let one = r#"{"StringEquals":{"s3:prefix":"home/","aws:userid":"AROA:bob"}}"#;
        assert!(!holds(one, &HOME));
        let two = r#"{"StringEquals":{"s3:prefix":"home/"},"StringLike":{"aws:userid":"*:bob"}}"#;
        assert!(!holds(two, &HOME));
        assert!(holds("{}", &NOTHING));
    }

    #[test]
    fn a_key_that_holds_several_values_matches_nothing_without_a_set_operator() {
        assert!(!holds(r#"{"StringEquals":{"s3:prefix":"home/"}}"#, &SEVERAL));
        assert!(!holds(r#"{"StringLike":{"s3:prefix":"*"}}"#, &SEVERAL));
    }

    #[test]
    fn values_may_have_variables() {
        let element = r#"{"StringLike":{"aws:userid":"*:${s3:prefix, 'ada'}"}}"#;
        assert!(holds(element, &Pairs(&[("aws:userid", &["AROA:ada"])])));
        assert!(!holds(element, &HOME));
        assert!(!holds(r#"{"StringEqualsIfExists":{"s3:prefix":"${aws:username}"}}"#, &HOME));
    }

    #[test]
    fn numbers_and_booleans_may_go_without_quotation_marks() {
        let max = Pairs(&[("s3:max-keys", &["10"]), ("aws:securetransport", &["true"])]);
        let element = r#"{"StringEquals":{"s3:max-keys":[10],"aws:SecureTransport":true}}"#;
        assert!(holds(element, &max));
    }

    #[test]
    fn an_operator_that_is_not_evaluated_is_refused_by_name() {
        assert_eq!(
            complaint(r#"{"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}"#),
            "not use the condition operator \"DateLessThan\", which Portico does not evaluate yet"
        );
        for name in [
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "ForAnyValue:StringEquals",
            "ForAllValues:StringLike",
            "StringEqualsIfExistsIfExists",
            "stringequals",
            "IfExists",
            "Null",
            "",
        ] {
            let element = format!(r#"{{"{name}":{{"s3:prefix":"x"}}}}"#);
            assert!(complaint(&element).contains(&format!("operator \"{name}\"")), "{name}");
        }
    }

    #[test]
    fn what_is_not_of_the_form_is_refused() {
        for element in [
            "[]",
            "null",
            r#"{"StringEquals":[]}"#,
            r#"{"StringEquals":{}}"#,
            r#"{"StringEquals":{"s3:prefix":[]}}"#,
            r#"{"StringEquals":{"s3:prefix":null}}"#,
            r#"{"StringEquals":{"s3:prefix":1.5}}"#,
            r#"{"StringEquals":{"s3:prefix":[["x"]]}}"#,
            r#"{"StringEquals":{"s3:prefix":{}}}"#,
            r#"{"StringEquals":{"prefix":"x"}}"#,
            r#"{"StringEquals":{"s3:prefix":"x","S3:Prefix":"y"}}"#,
            r#"{"StringEquals":{"aws:SourceVpc":"x"}}"#,
            r#"{"StringEquals":{"s3:prefix":"${aws:SourceVpc}"}}"#,
        ] {
            assert!(parse(element).is_err(), "{element}");
        }
    }
}
