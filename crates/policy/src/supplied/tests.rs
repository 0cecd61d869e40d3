//! Keys that a policy asks for in vain.

use crate::{Policy, PolicyType};

fn told(statements: &str) -> Vec<String> {
    let document = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    let policy = Policy::parse(PolicyType::IdentityBased, "P", &document).unwrap();
    policy.unsupplied_keys().iter().map(ToString::to_string).collect()
}

fn told_of(actions: &str, condition: &str) -> Vec<String> {
    told(&format!(
        r#"{{"Effect":"Deny","Action":{actions},"Resource":"*","Condition":{{{condition}}}}}"#
    ))
}

const PREFIX: &str = r#""StringLike":{"s3:Prefix":"a/*"}"#;

#[test]
fn a_key_is_told_for_each_action_that_never_has_it() {
    assert_eq!(
        told_of(r#"["s3:ListBucket","s3:GetObject","s3:Put*"]"#, PREFIX),
        [
            "no request for s3:GetObject has the condition key s3:prefix (statement 1)",
            "no request for s3:Put* has the condition key s3:prefix (statement 1)",
        ]
    );
    for actions in [r#""s3:ListBucket*""#, r#""s3:listbucketVersions""#, r#""*""#, r#""s3:*""#] {
        assert!(told_of(actions, PREFIX).is_empty(), "{actions}");
    }
}

#[test]
fn a_key_that_no_request_has_is_told_of_every_action_of_ours() {
    let vpc = r#""StringEquals":{"aws:SourceVpc":"vpc-1"}"#;
    assert_eq!(
        told_of(r#""*""#, vpc),
        ["no request for * has the condition key aws:sourcevpc (statement 1)"]
    );
    assert_eq!(told_of(r#"["sso:*","ec2:RunInstances"]"#, vpc).len(), 1);
}

#[test]
fn keys_of_other_services_in_statements_about_them_are_none_of_ours() {
    let region = r#""StringEquals":{"ec2:Region":"eu-central-1"}"#;
    assert!(told_of(r#"["ec2:*","*"]"#, region).is_empty());
    assert_eq!(told_of(r#""s3:GetObject""#, region).len(), 1);
}

#[test]
fn keys_of_every_request_are_told_nowhere() {
    let every = r#""StringEquals":{"aws:PrincipalArn":"x","IdentityStore:userid":"y"},
        "Null":{"aws:TokenIssueTime":"true"}"#;
    assert!(told_of(r#""s3:GetObject""#, every).is_empty());
}

#[test]
fn variables_ask_for_keys_too() {
    assert_eq!(
        told(
            r#"{"Sid":"Home","Effect":"Allow","NotAction":"s3:*",
                "Resource":"arn:aws:s3:::b/${aws:username}/${identitystore:UserId}",
                "Condition":{"StringEquals":{"aws:UserId":"${aws:PrincipalTag/Team, 'x'}"}}}"#
        ),
        [
            "no request for * has the condition key aws:principaltag/team (statement Home)",
            "no request for * has the condition key aws:username (statement Home)",
        ]
    );
}

#[test]
fn a_policy_tells_of_twenty_at_most() {
    let keys: Vec<String> = (0..100).map(|n| format!(r#""aws:Key{n}":"x""#)).collect();
    let condition = format!(r#""StringEquals":{{{}}}"#, keys.join(","));
    assert_eq!(told_of(r#"["s3:GetObject","sso:*"]"#, &condition).len(), 20);
}
