//! Decisions over whole documents.

use std::sync::Arc;

use proptest::prelude::*;

use crate::{Facts, NoFacts, Policies, Policy, PolicyType, Request, Values, evaluate};

fn policy(name: &str, statements: &str) -> Arc<Policy> {
    let document = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    Arc::new(Policy::parse(PolicyType::IdentityBased, name, &document).unwrap())
}

fn decide(policies: &[Arc<Policy>], action: &str, resource: &str) -> (bool, String) {
    let policies = Policies::identity_based(policies.to_vec());
    let request = Request::new(action, resource, &NoFacts);
    let decision = evaluate(&policies, &request);
    (decision.is_allowed(), decision.to_string())
}

#[test]
fn nothing_is_allowed_by_default() {
    let implicit = "no identity-based policy allows the s3:GetObject action";
    assert_eq!(decide(&[], "s3:GetObject", "*"), (false, implicit.to_owned()));
    let other = policy("Other", r#"{"Effect":"Allow","Action":"s3:Put*","Resource":"*"}"#);
    assert_eq!(decide(&[other], "s3:GetObject", "*"), (false, implicit.to_owned()));
}

#[test]
fn an_allow_names_its_policy_and_statement() {
    let read = policy(
        "Read",
        r#"{"Effect":"Allow","Action":"sts:*","Resource":"*"},
           {"Effect":"Allow","Action":"s3:Get*","Resource":"*"}"#,
    );
    let because = "an identity-based policy allows it: Read, statement 2";
    assert_eq!(decide(&[read], "s3:GetObject", "*"), (true, because.to_owned()));
}

#[test]
fn an_explicit_deny_wins_and_is_named() {
    let all = policy("All", r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#);
    let never = policy(
        "InlinePolicy",
        r#"{"Sid":"Never","Effect":"Deny","Action":"s3:Delete*","Resource":"arn:aws:s3:::b/*"}"#,
    );
    let both = [all, never];
    let because =
        "of an explicit deny in an identity-based policy: InlinePolicy, statement Never".to_owned();
    assert_eq!(decide(&both, "s3:DeleteObject", "arn:aws:s3:::b/key"), (false, because));
    assert!(decide(&both, "s3:DeleteObject", "arn:aws:s3:::c/key").0);
    assert!(decide(&both, "s3:GetObject", "arn:aws:s3:::b/key").0);
}

#[test]
fn not_action_and_not_resource_are_about_all_the_others() {
    let not_action =
        [policy("P", r#"{"Effect":"Allow","NotAction":["iam:*","s3:Delete*"],"Resource":"*"}"#)];
    assert!(decide(&not_action, "s3:GetObject", "*").0);
    assert!(!decide(&not_action, "s3:DeleteObject", "*").0);
    assert!(!decide(&not_action, "IAM:CreateUser", "*").0);

    let not_resource = [policy(
        "P",
        r#"{"Effect":"Allow","Action":"s3:*","NotResource":["arn:aws:s3:::secret/*"]}"#,
    )];
    assert!(decide(&not_resource, "s3:GetObject", "arn:aws:s3:::open/key").0);
    assert!(!decide(&not_resource, "s3:GetObject", "arn:aws:s3:::secret/key").0);
    assert!(decide(&not_resource, "s3:ListAllMyBuckets", "*").0);

    let none = [policy("P", r#"{"Effect":"Allow","NotAction":"*","Resource":"*"}"#)];
    assert!(!decide(&none, "s3:GetObject", "*").0);
}

#[test]
fn only_a_star_or_its_service_allows_an_action_that_aws_does_not_have() {
    let statement = |effect: &str, element: &str, value: &str| {
        policy("P", &format!(r#"{{"Effect":"{effect}","{element}":{value},"Resource":"*"}}"#))
    };
    let own = "portico:ResetUserPassword";
    for (element, value) in [
        ("NotAction", r#""iam:*""#),
        ("NotAction", r#""portico:EnableUser""#),
        ("NotAction", r#"["s3:*","sts:*"]"#),
        ("Action", r#""*:*""#),
        ("Action", r#"["*:*","sso:*","portico:EnableUser"]"#),
    ] {
        let allow = [statement("Allow", element, value)];
        assert!(!decide(&allow, own, "*").0, "{element} {value}");
        assert!(!decide(&allow, "Portico:resetUserPassword", "*").0, "{element} {value}");
        assert!(decide(&allow, "sso:CreateInstance", "*").0, "{element} {value}");
    }
    for value in [r#""*""#, r#""portico:*""#, r#""PORTICO:Reset*""#, r#"["*:*","portico:*"]"#] {
        let allow = statement("Allow", "Action", value);
        assert!(decide(std::slice::from_ref(&allow), own, "*").0, "{value}");
        // A Deny reaches every action.
        for (element, but) in [("NotAction", r#""s3:*""#), ("Action", r#""*:*""#)] {
            let both = [allow.clone(), statement("Deny", element, but)];
            assert!(!decide(&both, own, "*").0, "{value} {element}");
        }
        let spared = statement("Deny", "NotAction", r#""portico:Reset*""#);
        assert!(decide(&[allow, spared], own, "*").0, "{value}");
    }
}

#[test]
fn a_resource_with_a_variable_that_has_no_value_is_no_resource() {
    let home = r#""arn:aws:s3:::home/${aws:username}/*""#;
    let resource = "arn:aws:s3:::home//key";
    let allow = format!(r#"{{"Effect":"Allow","Action":"s3:*","Resource":{home}}}"#);
    assert!(!decide(&[policy("P", &allow)], "s3:GetObject", resource).0);
    let allow = format!(r#"{{"Effect":"Allow","Action":"s3:*","NotResource":{home}}}"#);
    assert!(decide(&[policy("P", &allow)], "s3:GetObject", resource).0);
}

#[test]
fn a_person_may_be_kept_to_a_folder_of_their_own() {
    struct Ada(&'static str);
    impl Facts for Ada {
        fn values(&self, key: &str) -> Values<'_> {
            let value = match key {
                "aws:userid" => Some("AROA:ada"),
                "s3:prefix" => Some(self.0),
                _ => None,
            };
            value.into()
        }
    }
    let home = [policy(
        "Home",
        r#"{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::home",
            "Condition":{"StringLike":{"s3:prefix":["","${aws:userid}/*"]}}},
           {"Effect":"Allow","Action":"s3:*Object","Resource":"arn:aws:s3:::home/${aws:userid}/*"}"#,
    )];
    let home = Policies::identity_based(home.to_vec());
    let allowed = |action, resource, prefix| {
        evaluate(&home, &Request::new(action, resource, &Ada(prefix))).is_allowed()
    };
    assert!(allowed("s3:ListBucket", "arn:aws:s3:::home", ""));
    assert!(allowed("s3:ListBucket", "arn:aws:s3:::home", "AROA:ada/notes/"));
    assert!(!allowed("s3:ListBucket", "arn:aws:s3:::home", "AROA:bob/"));
    assert!(allowed("s3:PutObject", "arn:aws:s3:::home/AROA:ada/key", ""));
    assert!(!allowed("s3:PutObject", "arn:aws:s3:::home/AROA:bob/key", ""));
}

/// A statement over few actions and resources, so that statements meet, and its effect.
#[derive(Clone, Debug)]
struct Sense {
    allow: bool,
    not_action: bool,
    action: char,
    not_resource: bool,
    resource: char,
}

impl Sense {
    fn json(&self) -> String {
        let Self { action, resource, .. } = self;
        let effect = if self.allow { "Allow" } else { "Deny" };
        let not_action = if self.not_action { "Not" } else { "" };
        let not_resource = if self.not_resource { "Not" } else { "" };
        format!(
            r#"{{"Effect":"{effect}","{not_action}Action":"s3:{action}*","{not_resource}Resource":"arn:aws:s3:::{resource}*"}}"#
        )
    }

    fn applies(&self, action: char, resource: char) -> bool {
        let is_like = |pattern: char, letter| pattern == '*' || pattern == letter;
        is_like(self.action, action) != self.not_action
            && is_like(self.resource, resource) != self.not_resource
    }
}

fn a_sense() -> impl Strategy<Value = Sense> {
    let letter = prop::sample::select(vec!['a', 'b', '*']);
    (any::<bool>(), any::<bool>(), letter.clone(), any::<bool>(), letter).prop_map(
        |(allow, not_action, action, not_resource, resource)| Sense {
            allow,
            not_action,
            action,
            not_resource,
            resource,
        },
    )
}

/// Any JSON, over the names that documents use.
fn any_json() -> impl Strategy<Value = String> {
    let names = "Version|Id|Statement|Sid|Effect|Action|NotAction|Resource|NotResource|Condition\
        |Principal|StringEquals|StringLikeIfExists|s3:prefix|aws:userid|x";
    let texts = "2012-10-17|Allow|Deny|\\*|s3:Get\\*|arn:aws:s3:::\\$\\{aws:userid\\}/\\*|\
        \\$\\{aws:userid, 'x'\\}|\\$\\{|[a-z:*?${}',]{0,8}";
    let leaf = prop_oneof![
        3 => texts.prop_map(|text| format!("\"{text}\"")),
        1 => prop::sample::select(vec!["null", "true", "7", "-1", "1e9", "0.5"]).prop_map(String::from),
    ];
    leaf.prop_recursive(6, 64, 5, move |inner| {
        let member = (names, inner.clone()).prop_map(|(name, value)| format!("\"{name}\":{value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(member, 0..6)
                .prop_map(|items| format!("{{{}}}", items.join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn a_deny_wins_and_a_deny_is_the_default_in_any_order(
        statements in prop::collection::vec(a_sense(), 0..6),
        cut in 0..6_usize,
        action in prop::sample::select(vec!['a', 'b']),
        resource in prop::sample::select(vec!['a', 'b']),
    ) {
        let (first, second) = statements.split_at(cut.min(statements.len()));
        let policies: Vec<Arc<Policy>> = [first, second]
            .iter()
            .filter(|part| !part.is_empty())
            .map(|part| policy("P", &part.iter().map(Sense::json).collect::<Vec<_>>().join(",")))
            .collect();
        let applies = |allow| {
            statements.iter().any(|one| one.allow == allow && one.applies(action, resource))
        };
        let expected = applies(true) && !applies(false);
        let (action, resource) = (format!("s3:{action}"), format!("arn:aws:s3:::{resource}"));
        prop_assert_eq!(decide(&policies, &action, &resource).0, expected);
    }

    #[test]
    fn any_json_parses_or_is_refused_and_what_parses_can_be_asked(
        document in any_json(),
        (action, resource, values) in (any_json(), any_json(), any_json()),
    ) {
        let nearly = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","NotAction":{action},"NotResource":{resource},
                "Condition":{{"StringLikeIfExists":{{"aws:userid":{values}}}}}}}}}"#
        );
        for document in [document, nearly] {
            if let Ok(policy) = Policy::parse(PolicyType::IdentityBased, "P", &document) {
                decide(&[Arc::new(policy)], "s3:GetObject", "arn:aws:s3:::b/key");
            }
        }
    }

    #[test]
    fn any_text_parses_or_is_refused(document in "\\PC*") {
        let _ = Policy::parse(PolicyType::IdentityBased, "P", &document);
    }
}
