//! The compiled and the naive evaluator, asked the same.

use std::borrow::Cow;
use std::sync::Arc;

use proptest::prelude::*;

use super::naive::{self, Context, Outcome};
use crate::{Decision, Facts, Policies, Policy, PolicyType, Request, Values, evaluate};

impl Facts for Context {
    fn values(&self, key: &str) -> Values<'_> {
        match self.get(key).map(Vec::as_slice) {
            None => Values::Missing,
            Some([value]) => Values::One(value.into()),
            Some(values) => Values::Several(values.iter().map(Cow::from).collect()),
        }
    }
}

const TYPES: [PolicyType; 4] = [
    PolicyType::IdentityBased,
    PolicyType::PermissionsBoundary,
    PolicyType::Session,
    PolicyType::ServiceControl,
];

fn outcome(documents: &[naive::Document<'_>], request: &Request<'_>) -> Option<Outcome> {
    let mut policies = Policies::default();
    for (policy_type, document) in documents {
        let parsed = Arc::new(Policy::parse(*policy_type, "P", document).ok()?);
        match policy_type {
            PolicyType::IdentityBased => policies.identity_based.push(parsed),
            PolicyType::PermissionsBoundary => policies.permissions_boundary = Some(parsed),
            PolicyType::Session => policies.session.push(parsed),
            PolicyType::ServiceControl => match policies.service_control.first_mut() {
                Some(level) => level.push(parsed),
                None => policies.service_control.push(vec![parsed]),
            },
            PolicyType::ResourceBased | PolicyType::RoleTrust => return None,
        }
    }
    match evaluate(&policies, request) {
        Decision::Allowed(_) => Some(Outcome::Allowed),
        Decision::ExplicitDeny(_) => Some(Outcome::ExplicitDeny),
        Decision::ImplicitDeny { lacking, .. } => Some(Outcome::ImplicitDeny(lacking)),
        Decision::TooMuchWork => None,
    }
}

/// One of the texts, or a list of some of them, as JSON.
fn one_or_more(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    let one = prop::sample::select(texts).prop_map(|text| format!("\"{text}\""));
    prop_oneof![
        one.clone(),
        prop::collection::vec(one, 1..4).prop_map(|some| format!("[{}]", some.join(","))),
    ]
}

fn either(
    name: &'static str,
    value: impl Strategy<Value = String>,
) -> impl Strategy<Value = String> {
    (any::<bool>(), value)
        .prop_map(move |(not, value)| format!("\"{}{name}\":{value}", if not { "Not" } else { "" }))
}

const ACTIONS: &[&str] = &[
    "*",
    "*:*",
    "s3:*",
    "S3:get*",
    "s3:GetObject",
    "s3:*O?ject",
    "portico:*",
    "portico:EnableUser",
];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::a*",
    "arn:aws:s3:::a/?",
    "arn:aws:s3:::*/b",
    "arn:aws:s3:::${aws:userid}/*b",
    "arn:aws:s3:::${aws:userid}",
    "arn:aws:s3:::${aws:tagkeys, 'a'}/b",
    "arn:aws:sso::123456789012:x",
];
const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
];
const TEXTS: &[&str] = &[
    "a",
    "A",
    "a*",
    "?",
    "*b",
    "",
    "${aws:userid}",
    "${aws:tagkeys, 'b'}*",
    "${*}",
    "a${aws:userid, 'x'}b",
];
const NUMBERS: &[&str] = &["1", "2", "2.0", "-1", "10"];
const ARNS: &[&str] = &["*", "arn:aws:s3:::a*", "arn:*:s3:?::a", "arn:aws:s3:::${aws:userid}*"];
const RANGES: &[&str] = &["192.0.2.0/24", "192.0.2.1", "0.0.0.0/0", "2001:db8::/32"];
const FLAGS: &[&str] = &["true", "false"];
const KEYS: &[&str] = &["aws:userid", "AWS:TagKeys", "s3:prefix", "aws:ResourceAccount"];
const VALUES: &[&str] = &[
    "a",
    "A",
    "b",
    "ab",
    "aab",
    "*",
    "",
    "1",
    "2",
    "2.0",
    "true",
    "arn:aws:s3:::a",
    "arn:aws:s3:::ab:c",
    "192.0.2.1",
    "2001:db8::1",
    "123456789012",
];

fn a_condition() -> impl Strategy<Value = String> {
    let numeric = &[
        "NumericEquals",
        "NumericNotEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
    ][..];
    let arn = &["ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEquals"][..];
    let of = |operators: &'static [&'static str], values: &'static [&'static str]| {
        (prop::sample::select(operators), one_or_more(values))
    };
    let compared = prop_oneof![
        3 => of(OPERATORS, TEXTS),
        1 => of(numeric, NUMBERS),
        1 => of(arn, ARNS),
        1 => of(&["IpAddress", "NotIpAddress"], RANGES),
        1 => of(&["Bool"], FLAGS),
    ];
    let before = prop::sample::select(vec!["", "", "ForAllValues:", "ForAnyValue:"]);
    let behind = prop::sample::select(vec!["", "IfExists"]);
    let compared = (before, compared, behind).prop_map(|(before, (operator, values), behind)| {
        (format!("{before}{operator}{behind}"), values)
    });
    let presence = one_or_more(FLAGS).prop_map(|flags| ("Null".to_owned(), flags));
    (prop_oneof![6 => compared, 1 => presence], prop::sample::select(KEYS))
        .prop_map(|((operator, values), key)| format!("\"{operator}\":{{\"{key}\":{values}}}"))
}

fn a_statement() -> impl Strategy<Value = String> {
    let effect = prop::sample::select(vec!["Allow", "Allow", "Deny"]);
    let condition = prop_oneof![
        1 => Just(String::new()),
        2 => a_condition().prop_map(|condition| format!(",\"Condition\":{{{condition}}}")),
    ];
    let actions = either("Action", one_or_more(ACTIONS));
    let resources = either("Resource", one_or_more(RESOURCES));
    (effect, actions, resources, condition).prop_map(|(effect, actions, resources, condition)| {
        format!("{{\"Effect\":\"{effect}\",{actions},{resources}{condition}}}")
    })
}

fn a_document() -> impl Strategy<Value = (PolicyType, String)> {
    let version = prop::sample::select(vec![r#""Version":"2012-10-17","#, ""]);
    let statements = prop::collection::vec(a_statement(), 1..4);
    (prop::sample::select(&TYPES[..]), version, statements).prop_map(
        |(policy_type, version, statements)| {
            (policy_type, format!("{{{version}\"Statement\":[{}]}}", statements.join(",")))
        },
    )
}

fn a_context() -> impl Strategy<Value = Context> {
    let values = prop::collection::vec(prop::sample::select(VALUES).prop_map(str::to_owned), 0..3);
    let key = prop::sample::select(KEYS).prop_map(str::to_lowercase);
    prop::collection::btree_map(key, values, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_compiled_and_the_naive_evaluator_agree(
        documents in prop::collection::vec(a_document(), 0..4),
        context in a_context(),
        action in prop::sample::select(vec!["s3:GetObject", "S3:GetBucketAcl", "portico:EnableUser"]),
        resource in prop::sample::select(vec![
            "*", "arn:aws:s3:::a", "arn:aws:s3:::a/b", "arn:aws:s3:::b/ab", "arn:aws:sso::123456789012:x",
        ]),
    ) {
        // A boundary is one document.
        let mut has_boundary = false;
        let documents: Vec<naive::Document<'_>> = documents
            .iter()
            .map(|(policy_type, document)| (*policy_type, document.as_str()))
            .filter(|(policy_type, _)| {
                let is_boundary = *policy_type == PolicyType::PermissionsBoundary;
                let is_first = !is_boundary || !has_boundary;
                has_boundary |= is_boundary;
                is_first
            })
            .collect();
        let request = Request::new(action, resource, &context);
        let expected = naive::evaluate(&documents, &request, &context);
        prop_assert_eq!(outcome(&documents, &request), Some(expected), "{:#?}", documents);
    }
}
