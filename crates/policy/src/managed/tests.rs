//! The decisions of the managed policies.

use super::*;
use crate::{Facts, NoFacts, Policies, Request, Values, evaluate};

struct Pairs(&'static [(&'static str, &'static str)]);

impl Facts for Pairs {
    fn values(&self, key: &str) -> Values<'_> {
        let found = self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
        found.map(|(_, value)| *value).into()
    }
}

fn allows_with(name: &str, action: &str, resource: &str, facts: &dyn Facts) -> bool {
    let managed = all().iter().find(|managed| managed.name == name).unwrap();
    let policies = Policies::identity_based(vec![managed.policy()]);
    evaluate(&policies, &Request::new(action, resource, facts)).is_allowed()
}

fn allows(name: &str, action: &str) -> bool {
    allows_with(name, action, "*", &NoFacts)
}

#[test]
fn each_parses_and_is_found_by_its_arn() {
    for managed in all() {
        let policy =
            Policy::parse(PolicyType::IdentityBased, managed.name, managed.document).unwrap();
        assert!(!policy.statements().is_empty());
        assert_eq!(find(managed.arn).unwrap().name, managed.name);
        assert_eq!(managed.policy().name(), managed.name);
        assert!(!managed.policy().statements().is_empty());
    }
    let view_only = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess";
    assert_eq!(find(view_only).unwrap().name, "ViewOnlyAccess");
    assert!(find("arn:aws:iam::aws:policy/ViewOnlyAccess").is_none());
}

#[test]
fn each_is_in_the_documentation() {
    let documentation = include_str!("../../../../docs/operate/permissions.md");
    for managed in all() {
        let path = managed.arn.strip_prefix("arn:aws:iam::aws:policy/").unwrap();
        assert!(documentation.contains(&format!("\n| `{path}` | ")), "{path}");
    }
}

#[test]
fn an_administrator_may_do_everything() {
    assert!(allows("AdministratorAccess", "s3:DeleteBucket"));
    assert!(allows("AdministratorAccess", "sso:CreateInstance"));
}

#[test]
fn a_power_user_may_do_what_is_not_about_identities() {
    assert!(allows("PowerUserAccess", "s3:DeleteBucket"));
    assert!(allows("PowerUserAccess", "organizations:DescribeOrganization"));
    assert!(!allows("PowerUserAccess", "organizations:CreateAccount"));
    assert!(!allows("PowerUserAccess", "iam:CreateUser"));
    assert!(allows("PowerUserAccess", "iam:ListRoles"));
}

#[test]
fn no_managed_policy_but_the_administrators_reaches_the_actions_that_aws_does_not_have() {
    for managed in all() {
        let expected = managed.name == "AdministratorAccess";
        for action in ["portico:ResetUserPassword", "PORTICO:EnableUser"] {
            assert_eq!(allows(managed.name, action), expected, "{} {action}", managed.name);
        }
    }
}

#[test]
fn readers_only_read() {
    for name in ["ReadOnlyAccess", "ViewOnlyAccess"] {
        assert!(allows(name, "s3:ListAllMyBuckets"), "{name}");
        assert!(!allows(name, "s3:PutObject"), "{name}");
    }
    assert!(allows("ReadOnlyAccess", "s3:GetObject"));
    assert!(!allows("ViewOnlyAccess", "s3:GetObject"));
    let mode = Pairs(&[("s3express:SessionMode", "ReadOnly")]);
    let bucket = "arn:aws:s3express:us-east-1:123456789012:bucket/b";
    assert!(allows_with("ReadOnlyAccess", "s3express:CreateSession", bucket, &mode));
    assert!(!allows_with("ReadOnlyAccess", "s3express:CreateSession", bucket, &NoFacts));
}

#[test]
fn a_data_scientist_stays_in_the_account_and_out_of_domains() {
    let own =
        Pairs(&[("aws:PrincipalAccount", "123456789012"), ("aws:ResourceAccount", "123456789012")]);
    let foreign =
        Pairs(&[("aws:PrincipalAccount", "123456789012"), ("aws:ResourceAccount", "210987654321")]);
    let may = |action, resource, facts| allows_with("DataScientist", action, resource, facts);
    assert!(may("cloudformation:CreateStack", "*", &own as &dyn Facts));
    assert!(!may("cloudformation:CreateStack", "*", &foreign));
    assert!(!may("cloudformation:CreateStack", "*", &NoFacts));
    assert!(may("sagemaker:DeleteModel", "arn:aws:sagemaker:r:123456789012:model/m", &NoFacts));
    assert!(!may("sagemaker:DeleteDomain", "arn:aws:sagemaker:r:123456789012:domain/d", &NoFacts));
    let sagemaker = Pairs(&[("iam:PassedToService", "sagemaker.amazonaws.com")]);
    assert!(may("iam:PassRole", "arn:aws:iam::123456789012:role/r", &sagemaker));
    let lambda = Pairs(&[("iam:PassedToService", "lambda.amazonaws.com")]);
    assert!(!may("iam:PassRole", "arn:aws:iam::123456789012:role/r", &lambda));
    let public = Pairs(&[("sagemaker:WorkteamType", "public-crowd")]);
    let private = Pairs(&[("sagemaker:WorkteamType", "private-crowd")]);
    let definition = "arn:aws:sagemaker:r:123456789012:flow-definition/f";
    assert!(may("sagemaker:CreateFlowDefinition", definition, &private));
    assert!(may("sagemaker:CreateFlowDefinition", definition, &NoFacts));
    assert!(!may("sagemaker:CreateFlowDefinition", definition, &public));
}

#[test]
fn the_other_job_functions_do_their_jobs() {
    for (name, may, may_not) in [
        ("Billing", "billing:GetBillingData", "s3:GetObject"),
        ("DatabaseAdministrator", "rds:CreateDBInstance", "s3:DeleteBucket"),
        ("NetworkAdministrator", "ec2:CreateVpc", "s3:DeleteBucket"),
        ("SecurityAudit", "iam:ListRoles", "s3:GetObject"),
        ("SupportUser", "support:CreateCase", "s3:DeleteBucket"),
        ("SystemAdministrator", "ec2:RunInstances", "iam:CreateUser"),
    ] {
        assert!(allows(name, may), "{name} {may}");
        assert!(!allows(name, may_not), "{name} {may_not}");
    }
}
