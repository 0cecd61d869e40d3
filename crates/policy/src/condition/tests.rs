//! Parsing conditions. `tests/cases/conditions.json` has what each operator means.

use super::*;
use crate::json;

fn complaint(element: &str) -> String {
    let flaw = Condition::parse_all(&json::read(element).unwrap(), true).unwrap_err();
    flaw.located(element).into_owned()
}

#[test]
fn what_is_no_condition_is_refused_at_its_place() {
    for (element, expected) in [
        ("[]", "have an object of condition operators in Condition (line 1, column 1)"),
        (
            r#"{"StringEqual":{"s3:prefix":"x"}}"#,
            "have condition operators of IAM, not \"StringEqual\" (line 1, column 2)",
        ),
        (
            r#"{"StringEquals":{}}"#,
            "have an object of at least one condition key in StringEquals (line 1, column 17)",
        ),
        (
            r#"{"StringEquals":{"prefix":"x"}}"#,
            "have a condition key of the form service:name, not \"prefix\" (line 1, column 18)",
        ),
        (
            r#"{"StringEquals":{"s3:prefix":"x","S3:Prefix":"y"}}"#,
            "have the condition key \"S3:Prefix\" only once in StringEquals (line 1, column 34)",
        ),
        (
            r#"{"StringEquals":{"s3:prefix":[]}}"#,
            "have at least one value for the condition key s3:prefix (line 1, column 30)",
        ),
        (
            r#"{"StringEquals":{"s3:prefix":["x",null]}}"#,
            "have texts, numbers or booleans as values of a condition key (line 1, column 35)",
        ),
        (
            r#"{"NumericEquals":{"s3:max-keys":"ten"}}"#,
            "compare with numbers here, not \"ten\" (line 1, column 33)",
        ),
        (
            r#"{"DateEquals":{"aws:CurrentTime":"now"}}"#,
            "compare with times such as 2026-01-31T12:00:00Z, or seconds since 1970 here, not \
            \"now\" (line 1, column 34)",
        ),
        (
            r#"{"IpAddress":{"aws:SourceIp":"::1/129"}}"#,
            "compare with IP addresses, or ranges such as 192.0.2.0/24 here, not \"::1/129\" \
            (line 1, column 30)",
        ),
        (
            r#"{"Bool":{"aws:SecureTransport":"yes"}}"#,
            "compare with true or false here, not \"yes\" (line 1, column 32)",
        ),
        (
            r#"{"BinaryEquals":{"a:b":"AA"}}"#,
            "compare with bytes in base64 here, not \"AA\" (line 1, column 24)",
        ),
        (
            r#"{"ArnLike":{"aws:SourceArn":"bucket"}}"#,
            "compare with * or ARNs here, not \"bucket\" (line 1, column 29)",
        ),
        (
            r#"{"StringLike":{"s3:prefix":"${aws:userid"}}"#,
            "close the brace of the policy variable in \"${aws:userid\" (line 1, column 28)",
        ),
    ] {
        assert_eq!(complaint(element), expected, "{element}");
    }
}

#[test]
fn a_condition_knows_the_keys_of_its_variables() {
    let element = r#"{"StringLike":{"s3:prefix":["${aws:userid}/*","${a:B, 'x'}","${*}"]}}"#;
    let [condition] = &*Condition::parse_all(&json::read(element).unwrap(), true).unwrap() else {
        panic!("one condition");
    };
    let variables: Vec<&str> = condition.variables.iter().map(Key::as_str).collect();
    assert_eq!((condition.key.as_str(), variables), ("s3:prefix", vec!["aws:userid", "a:b"]));
}
