//! Parsing and evaluating conditions.

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
